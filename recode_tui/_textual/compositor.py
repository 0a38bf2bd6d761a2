"""Draws a partial update at the cost of what changed, and sends every resize.

Textual's own compositor renders, for each update, all lines of every widget that meets the box around all
changes. A step changes a line here and a line there, so that box is nearly the whole screen. Here a widget
renders only lines that changed, and only where nothing lies over it.

Textual's also compares a new layout with its map of all widgets, which reading `Widget.region` may make anew.
Where a style has changed by then, the map holds what is about to come, so the layout finds no difference: the
widget gets no `Resize`, and is not drawn. Here a layout is compared with the layout before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from textual._compositor import (  # has no public seam: a test holds ours against it
    ChopsUpdate,
    Compositor,
    ReflowResult,
)
from textual.geometry import Region, Size
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget

Span = tuple[int, int, int]
"""A line of the screen, its first column that changed, and the one after the last."""

Chops = dict[int, Strip | None]
"""A line in pieces between the edges of widgets, by their first column; None is not drawn."""


class SpanCompositor(Compositor):
    """Composes the spans that changed, where Textual composes the box around them."""

    def __init__(self) -> None:
        super().__init__()
        self._last_layout = self._full_map

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        self._full_map = self._last_layout
        result = super().reflow(parent, size)
        self._last_layout = self._full_map
        return result

    def clear(self) -> None:
        super().clear()
        self._last_layout = self._full_map

    def render_partial_update(self) -> ChopsUpdate | None:
        screen = self.size.region
        regions = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        spans = list(self._regions_to_spans(region for region in regions if region))
        return ChopsUpdate(self.chops(spans), spans, [cuts[1:] for cuts in self.cuts]) if spans else None

    def chops(self, spans: Iterable[Span]) -> list[Chops]:
        """Every line of the screen, with the pieces that meet a span."""
        lines: list[Chops] = [{} for _ in self.cuts]
        missing: dict[int, set[int]] = {}
        for y, start, end in spans:
            lines[y] = dict.fromkeys(self.cuts[y][:-1])
            met = {cut for cut, after in pairwise(self.cuts[y]) if cut < end and after > start}
            missing.setdefault(y, set()).update(met)
        for widget, (region, clip) in self.visible_widgets.items():  # from the front to the back
            shown = region.intersection(clip)
            needed = [
                y for y in shown.line_range if any(shown.x <= x < shown.right for x in missing.get(y, ()))
            ]
            for first, count in _runs(needed):
                part = Region(shown.x - region.x, first - region.y, shown.width, count)
                for y, strip in enumerate(widget.render_lines(part), start=first):
                    self._fill(lines[y], missing[y], strip, shown, self.cuts[y])
        return lines

    def _fill(self, line: Chops, missing: set[int], strip: Strip, shown: Region, cuts: list[int]) -> None:
        """Put what a widget shows in a line where nothing is yet."""
        for x, after in pairwise(cuts):
            if x in missing and shown.x <= x < shown.right:
                line[x] = strip.crop(x - shown.x, after - shown.x)
                missing.remove(x)


class SpanScreen(Screen[ScreenResultType]):
    """A screen that a `SpanCompositor` lays out and draws."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = SpanCompositor()


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as runs without a gap: the first, and how many."""
    for _, run in groupby(enumerate(numbers), lambda item: item[1] - item[0]):
        found = [number for _, number in run]
        yield found[0], len(found)
