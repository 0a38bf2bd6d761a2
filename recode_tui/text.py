"""Untrusted text made safe for a terminal: no control codes, no bidirectional overrides."""

from __future__ import annotations

import re

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
# Line separators, marks that change the direction of text, and what no terminal shows: soft hyphens, spaces
# without a width, tags.
_HIDDEN = (
    "\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MOST_MARKS = 4  # on one character; hundreds of them cover the lines around
_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f"  # as of England: its tags are no hidden text
_UNPRINTABLE = re.compile(f"[{_CONTROLS}{_HIDDEN}]")
_UNPRINTABLE_OR_FLAG = re.compile(f"{_FLAG}|[{_CONTROLS}{_HIDDEN}]")
_JOINERS = "\u200c\u200d"  # between other letters than ASCII they are part of a word or an emoji
_MISPLACED = re.compile(
    f"[{_JOINERS}{_MARKS}](?:(?<=[\x00-\x7f][{_JOINERS}])|(?<=[{_MARKS}]{{{_MOST_MARKS + 1}}}))"
)
_INVISIBLE = re.compile(f"[\x7f-\x9f{_HIDDEN}{_JOINERS}]")


def json_text(encoded: bytes) -> str:
    """JSON for a terminal: invisible and bidirectional characters are escaped; the value stays the same."""
    import json  # only where JSON is printed

    return _INVISIBLE.sub(lambda match: json.dumps(match[0])[1:-1], encoded.decode())


def xml_text(text: str) -> str:
    """XML for a terminal, as `json_text` is JSON for one."""
    return _INVISIBLE.sub(lambda match: f"&#{ord(match[0])};", text)


def plain(text: str) -> str:
    """The text with control codes and hidden characters replaced by visible ones; newlines and tabs stay."""
    text = (_UNPRINTABLE_OR_FLAG if "\U0001f3f4" in text else _UNPRINTABLE).sub(_visible, text)
    return text if text.isascii() else _MISPLACED.sub(_visible, text)


def one_line(text: str, width: int) -> str:
    """The text on one line, truncated to `width` characters."""
    line = " ".join(plain(text).split())
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"


def both_ends(text: str, width: int) -> str:
    """The text on one line, truncated to `width` characters in its middle: errors end with file and line."""
    line, end = one_line(text, len(text)), width // 2
    return line if len(line) <= width else f"{line[: width - end - 1]}…{line[-end:]}"


def _visible(match: re.Match[str]) -> str:
    if len(match[0]) > 1:  # a flag
        return match[0]
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�"
