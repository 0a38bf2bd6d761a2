"""Tones and glyphs. A tone is the meaning of a colour; the theme chooses the colour."""

from __future__ import annotations

from typing import Literal

import msgspec
from rich.style import Style

_PLAIN = Style(color="default", bgcolor="default")

Tone = Literal["now", "failure", "good", "plain", "quiet", "faint", "link", "chosen"]
"""The role of a text. Widgets have a component class for each; the theme gives it a colour.

A `link` can be followed; the `chosen` one is followed by enter.
"""


class Glyph(msgspec.Struct, frozen=True):
    """A text of one cell and its tone."""

    text: str
    tone: Tone


def reversed_plainly(style: Style) -> Style:
    """The style of a part of a row, without its colours if the row is reversed: they would be backgrounds."""
    return style + _PLAIN if style.reverse else style
