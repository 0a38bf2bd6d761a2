"""Untrusted text made safe for a terminal: no control codes, no bidirectional overrides."""

from __future__ import annotations

import json
import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


_INVISIBLE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def json_text(encoded: bytes) -> str:
    """JSON for a terminal: invisible and bidirectional characters are escaped; the value stays the same."""
    return _INVISIBLE.sub(lambda match: json.dumps(match[0])[1:-1], encoded.decode())


def plain(text: str) -> str:
    """The text with every control code replaced by a visible character; newlines and tabs stay."""
    return _UNPRINTABLE.sub(_visible, text)


def one_line(text: str, width: int) -> str:
    """The text on one line, truncated to `width` characters."""
    line = " ".join(plain(text).split())
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"


def both_ends(text: str, width: int) -> str:
    """The text on one line, truncated to `width` characters in its middle: errors end with file and line."""
    line, end = one_line(text, len(text)), width // 2
    return line if len(line) <= width else f"{line[: width - end - 1]}…{line[-end:]}"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�"
