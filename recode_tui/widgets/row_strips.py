"""The strips of a list's rows, kept by what they look like."""

from __future__ import annotations

from typing import Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from recode_tui.widgets.look import Tone, reversed_plainly

Part = tuple[str, Tone]
"""A piece of a row."""
Background = Literal["", "cursor", "blurred", "match"]

_KEPT = 512  # strips, a few screens of rows


class RowAppearance(NamedTuple):
    """Everything that a line is drawn from."""

    parts: tuple[Part, ...]
    background: Background
    width: int


class RowStrips:
    """Strips of a list with a component class `row-list--` for each tone and background."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._strips: LRUCache[RowAppearance, Strip] = LRUCache(_KEPT)
        self._styles: dict[tuple[Background, Tone | None], Style] = {}

    def __getitem__(self, look: RowAppearance) -> Strip:
        if (strip := self._strips.get(look)) is None:
            segments = [Segment(text, self._style(look.background, tone)) for text, tone in look.parts]
            rest = self._style(look.background, None)
            strip = self._strips[look] = Strip(segments).adjust_cell_length(look.width, rest)
        return strip

    def clear(self) -> None:
        """Forget all strips, after a change of styles."""
        self._strips.clear()
        self._styles.clear()

    def _style(self, background: Background, tone: Tone | None) -> Style:
        if (style := self._styles.get((background, tone))) is None:
            style = self._widget.rich_style
            for name in (background, tone):
                if name:
                    style += self._widget.get_component_rich_style(f"row-list--{name}", partial=True)
            self._styles[background, tone] = style = reversed_plainly(style)
        return style
