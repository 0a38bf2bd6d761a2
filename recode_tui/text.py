"""Text from outside, made fit for a terminal: no control codes, nothing that turns the line around."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """The text with every control code as a visible sign; lines and tabs stay."""
    return _UNPRINTABLE.sub(_sign, text)


def one_line(text: str, width: int) -> str:
    """The text on one line, shortened to `width` characters."""
    line = " ".join(plain(text).split())
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�"
