"""A compositor that renders only the cells that changed, and sends every resize.

For each update, Textual's compositor renders all lines of every widget that overlaps the bounding box of
all changes. A step of the debugger changes single lines in several panels, so that box is nearly the whole
screen. Here a widget renders only lines that changed, and only where no other widget covers it.

Textual also compares a new layout with its map of all widgets, which may be rebuilt when `Widget.region`
is read. If a style has changed by then, the map is already the new one, so the comparison finds no
difference: the widget gets no `Resize` and is not drawn. Here a layout is compared with the layout before
it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate, ReflowResult
from textual.geometry import Region, Size
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget

from recode_tui._textual.span_update import Chops, Span, SpanUpdate, Written


class SpanCompositor(Compositor):
    """Renders the spans that changed."""

    def __init__(self) -> None:
        super().__init__()
        self._last_layout = self._full_map
        self._written: Written = {}
        self._written_cuts: list[list[int]] = []  # the edges of the pieces that were written

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        self._full_map = self._last_layout
        result = super().reflow(parent, size)
        self._last_layout = self._full_map
        return result

    def clear(self) -> None:
        super().clear()
        self._last_layout = self._full_map

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        self._written.clear()
        return super().render_full_update(simplify)

    def render_partial_update(self) -> ChopsUpdate | None:
        screen = self.size.region
        regions = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        spans = list(self._regions_to_spans(region for region in regions if region))
        if not spans:
            return None
        cuts = self.cuts
        if cuts is not self._written_cuts:
            self._written.clear()
            self._written_cuts = cuts
        return SpanUpdate(self.chops(spans), spans, [edges[1:] for edges in cuts], self._written)

    def chops(self, spans: Iterable[Span]) -> list[Chops]:
        """Render the pieces of all lines that overlap a span."""
        lines: list[Chops] = [{} for _ in self.cuts]
        missing: dict[int, set[int]] = {}
        for y, start, end in spans:
            lines[y] = dict.fromkeys(self.cuts[y][:-1])
            met = {cut for cut, after in pairwise(self.cuts[y]) if cut < end and after > start}
            missing.setdefault(y, set()).update(met)
        changed = sorted(missing)
        for widget, (region, clip) in self.visible_widgets.items():  # from the front to the back
            shown = region.intersection(clip)
            inside = changed[bisect_left(changed, shown.y) : bisect_left(changed, shown.bottom)]
            needed = [y for y in inside if any(shown.x <= x < shown.right for x in missing[y])]
            for first, count in _runs(needed):
                part = Region(shown.x - region.x, first - region.y, shown.width, count)
                for y, strip in enumerate(widget.render_lines(part), start=first):
                    self._fill(lines[y], missing[y], strip, shown, self.cuts[y])
        return lines

    def _fill(self, line: Chops, missing: set[int], strip: Strip, shown: Region, cuts: list[int]) -> None:
        """Fill the missing pieces of a line that a widget covers."""
        for x, after in pairwise(cuts):
            if x in missing and shown.x <= x < shown.right:
                line[x] = strip.crop(x - shown.x, after - shown.x)
                missing.remove(x)


class SpanScreen(Screen[ScreenResultType]):
    """A screen with a `SpanCompositor`."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = SpanCompositor()


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Group ascending numbers into runs without gaps, each given by its first number and length."""
    for _, run in groupby(enumerate(numbers), lambda item: item[1] - item[0]):
        found = [number for _, number in run]
        yield found[0], len(found)
