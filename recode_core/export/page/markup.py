"""Text from outside, made fit for a page."""

from __future__ import annotations

import html
import re

from recode_core.values import clean

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """The text as the content of an element or of a quoted attribute; control codes are visible signs."""
    return html.escape(_CONTROLS.sub(_sign, clean(text)))


def linked(kind: str, name: object) -> str:
    """The name of a place of the page, the same in an `id` and after the `#` of a link."""
    return re.sub(r"[^\w.@-]", lambda sign: f"~{ord(sign[0]):x}~", f"{kind}-{name}", flags=re.ASCII)


def folded(summary: str, body: str, *, style: str = "f", is_open: bool = False) -> str:
    """A part of the page that can be folded; both are markup already."""
    return f'<details class="{style}"{" open" * is_open}><summary>{summary}</summary>{body}</details>'


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"
