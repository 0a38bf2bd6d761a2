"""Tones and glyphs: the meaning of a colour, whichever theme says how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["now", "failure", "good", "plain", "quiet", "faint", "link", "chosen"]
"""The role of a text. Widgets have a component class for each; the theme gives it a colour.

A `link` can be followed; the `chosen` one is followed by enter.
"""


@dataclass(frozen=True, slots=True)
class Look:
    """A glyph of one cell and its tone."""

    glyph: str
    tone: Tone
