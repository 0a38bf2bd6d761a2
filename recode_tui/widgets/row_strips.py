"""The strips of a list's rows, cached by their appearance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from recode_tui.widgets.glyph import Tone, reversed_plainly

Part = tuple[str, Tone]
"""A piece of a row."""
Background = Literal["", "cursor", "blurred", "match"]

_KEPT = 512  # strips, a few screens of rows


class RowAppearance(NamedTuple):
    """Everything that a line is drawn from."""

    parts: tuple[Part, ...]
    background: Background
    width: int
    found: tuple[tuple[int, int], ...] = ()
    """Starts and ends (exclusive) of the search's matches in the text of all parts."""


class RowStrips:
    """Strips of a list with a component class `row-list--` for each tone and background."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._strips: LRUCache[RowAppearance, Strip] = LRUCache(_KEPT)
        self._styles: dict[tuple[Background, Tone | None, bool], Style] = {}

    def __getitem__(self, appearance: RowAppearance) -> Strip:
        if (strip := self._strips.get(appearance)) is None:
            segments = [
                Segment(text, self._style(appearance.background, tone, is_found))
                for text, tone, is_found in _pieces(appearance)
            ]
            rest = self._style(appearance.background, None)
            strip = self._strips[appearance] = Strip(segments).adjust_cell_length(appearance.width, rest)
        return strip

    def clear(self) -> None:
        """Forget all strips, after a change of styles."""
        self._strips.clear()
        self._styles.clear()

    def _style(self, background: Background, tone: Tone | None, is_found: bool = False) -> Style:
        if (style := self._styles.get((background, tone, is_found))) is None:
            style = self._widget.rich_style
            for name in (background, tone, "found" if is_found else ""):
                if name:
                    style += self._widget.get_component_rich_style(f"row-list--{name}", partial=True)
            self._styles[background, tone, is_found] = style = reversed_plainly(style)
        return style


def _pieces(appearance: RowAppearance) -> Iterator[tuple[str, Tone, bool]]:
    """The parts, divided where a match begins or ends, and whether each piece is in a match."""
    first = 0
    for text, tone in appearance.parts:
        last, at = first + len(text), first
        for start, end in appearance.found:
            start, end = max(start, first), min(end, last)
            if start < end:
                yield text[at - first : start - first], tone, False
                yield text[start - first : end - first], tone, True
                at = end
        yield text[at - first :], tone, False
        first = last
