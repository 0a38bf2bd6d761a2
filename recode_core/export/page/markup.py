"""Escaping of untrusted text for HTML."""

from __future__ import annotations

import html
import re

from recode_core.values import CONTROLS, FLAG, HIDDEN, clean

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The content security policy of pages: no scripts and no requests, whatever a page should hold."""

_CONTROLS = re.compile(f"{FLAG}|[{CONTROLS}{HIDDEN}]")


def escaped(text: str) -> str:
    """Escape text for an element or a quoted attribute; control characters become visible symbols."""
    return html.escape(visible(text))


def visible(text: str) -> str:
    """The text with control codes and hidden characters replaced by visible symbols; it is not escaped."""
    return _CONTROLS.sub(_sign, clean(text))


def folded(summary: str, body: str, place: str = "") -> str:
    """A collapsible element; `summary` and `body` are markup, `place` is an attribute."""
    return f'<details class="f"{place}><summary>{summary}</summary>{body}</details>'


def _sign(match: re.Match[str]) -> str:
    if len(match[0]) > 1:
        return match[0]
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"
