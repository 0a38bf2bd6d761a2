"""The marks of a branch in the timeline, a cell each."""

from __future__ import annotations

from collections.abc import Iterable

from recode_core.timeline.branches import BranchSpan
from recode_tui.debug.timeline_scale import Scale
from recode_tui.statuses import ACTION, CALL, EARLIER, FOLD, FORK, GLYPHS, LATER
from recode_tui.widgets.glyph import Tone

Mark = tuple[str, Tone]
"""A sign of one cell and its tone."""


def marks(span: BranchSpan, scale: Scale) -> list[Mark]:
    """A mark for each cell: fork, failures, calls, actions, folded loops; and whether a side hides more."""
    cells: list[Mark] = [(" ", "faint")] * scale.width
    track = span.track
    forked = scale.cell(span.fork) if span.started is not None else -1
    begin, end = max(0, forked + 1), scale.cell(track.position(len(track) - 1)) + 1 if len(track) else 0
    first = track.index_from(scale.start(begin))
    for cell in range(begin, min(end, scale.width)):
        last = track.index_from(scale.start(cell + 1))
        cells[cell] = _mark(span, first, last)
        first = last
    if 0 <= forked < scale.width:
        cells[forked] = FORK.text, FORK.tone
    elif scale.left > span.fork:
        cells[0] = EARLIER.text, EARLIER.tone
        begin = 1
    _put_folds(cells, span, scale, range(begin, min(end, scale.width)))
    if end > scale.width:
        cells[-1] = LATER.text, LATER.tone
    return cells


def _mark(span: BranchSpan, first: int, last: int) -> Mark:
    """The mark of a cell with the stops from `first` to before `last`."""
    for numbers, glyph in ((span.failures, GLYPHS["failed"]), (span.calls, CALL), (span.actions, ACTION)):
        if span.track.has_any(numbers, first, last):
            return glyph.text, glyph.tone
    return "━", "quiet"


def _put_folds(cells: list[Mark], span: BranchSpan, scale: Scale, shown: Iterable[int]) -> None:
    """Write the number of passes on each fold whose stops have no cells of their own."""
    after = 0
    for cell in shown:
        fold = span.track.fold_at(scale.start(cell)) if cell >= after else None
        if fold is None or fold.step * scale.width >= scale.extent:
            continue
        after = min(scale.cell(fold.end - 1) + 1, scale.width)
        label = f"{FOLD.text}{fold.passes:,}"
        for at, sign in enumerate(label if len(label) <= after - cell else FOLD.text, start=cell):
            if cells[at][1] != "failure":
                cells[at] = sign, "quiet"
