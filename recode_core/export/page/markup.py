"""Escaping of untrusted text for HTML."""

from __future__ import annotations

import html
import re

from recode_core.values import clean

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """Escape text for an element or a quoted attribute; control characters become visible symbols."""
    return html.escape(_CONTROLS.sub(_sign, clean(text)))


def linked(kind: str, name: object) -> str:
    """An anchor name, for the `id` of an element and for links to it."""
    return re.sub(r"[^\w.@-]", lambda sign: f"~{ord(sign[0]):x}~", f"{kind}-{name}", flags=re.ASCII)


def folded(summary: str, body: str, *, style: str = "f", is_open: bool = False) -> str:
    """A collapsible element; `summary` and `body` are markup."""
    return f'<details class="{style}"{" open" * is_open}><summary>{summary}</summary>{body}</details>'


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"
