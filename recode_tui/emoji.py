"""Emoji that terminals and Rich agree on.

An emoji of several code points (with a variation selector, a joiner, a skin tone, a flag, a keycap) takes as
many cells as a terminal thinks, and tmux thinks otherwise than Rich. The rest of the line is then drawn in
wrong places, and cells of it stay there. So such a sequence is drawn as its first character, which has the
same width everywhere, followed by spaces up to the width that Rich gives the sequence. That concerns only
what is drawn: recordings, copied text and positions in texts keep the sequence.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size, split_graphemes

_JOINED = "\u200d\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef"
_REGIONAL = "\U0001f1e6-\U0001f1ff"
_PART = re.compile(f"[{_JOINED}]")
_SEQUENCE = re.compile(f"[{_JOINED}{_REGIONAL}]")
_LETTERS = {0x1F1E6 + at: ord("A") + at for at in range(26)}


def has_sequence(text: str) -> bool:
    """Whether there is an emoji sequence in a text, or a part of one."""
    return not text.isascii() and _SEQUENCE.search(text) is not None


def simplify(text: str) -> str:
    """The text without emoji sequences, in the same number of cells. A flag becomes its two letters."""
    if not has_sequence(text):
        return text
    spans, _ = split_graphemes(text)
    simple = "".join(_simple(text[start:end], width) for start, end, width in spans)
    return set_cell_size(simple.translate(_LETTERS), cell_len(text))  # a joiner at the start has no grapheme


def _simple(grapheme: str, width: int) -> str:
    """A grapheme, up to its first part that is not a character of its own, in `width` cells."""
    part = _PART.search(grapheme)
    if part is None:
        return grapheme
    shown = grapheme[: part.start()]
    return shown + " " * (width - cell_len(shown))
