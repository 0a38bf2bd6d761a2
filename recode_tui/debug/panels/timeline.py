"""The timeline panel: a track for each branch, scrubbed by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.timeline.branches import BranchIndex, BranchSpan
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.selected_rows import BranchRow
from recode_tui.debug.view_frame import Frame
from recode_tui.text import one_line
from recode_tui.widgets.look import Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_NAME_WIDTH = 14


class TimelinePanel(RowList):
    """The events of each branch over the length of the run. Enter goes to the scrub position."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "scrub(-1)", "earlier", show=False),
        Binding("right,l", "scrub(1)", "later", show=False),
    ]

    frame: reactive[Frame | None] = reactive(None, repaint=False)

    @dataclass
    class MomentChosen(Message):
        """Posted when the user chooses record `n` of a branch."""

        branch: str
        n: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "5 Timeline"
        self.branches = BranchIndex()  # of the session; set by the screen
        self._scrub: int | None = None

    @property
    def selected_row(self) -> BranchRow | None:
        """The branch under the cursor."""
        return BranchRow(self._span(self.cursor).name) if self.cursor < self.count() else None

    def count(self) -> int:
        return len(self.branches.spans)

    def text_of(self, row: int) -> str:
        return self._span(row).name

    def parts(self, row: int, width: int) -> Iterator[Part]:
        frame, span = self.frame, self._span(row)
        is_current = frame is not None and span.name == frame.branch
        yield fitted(one_line(span.name, 80), _NAME_WIDTH) + " ", "plain" if is_current else "quiet"
        track = self._track(width)
        at = self._cell(self.branches.position(span.name, frame.n), track) if is_current and frame else -1
        forked = self._cell(span.offset, track) if span.started is not None else -1
        for cell in range(track):
            yield self._sign(span, cell, track, forked, at, is_current, row)

    def _sign(
        self, span: BranchSpan, cell: int, track: int, forked: int, at: int, is_current: bool, row: int
    ) -> Part:
        if self.has_focus and row == self.cursor and cell == self._scrub:
            return "┃", "plain"
        if cell == at:
            return "▲", "now"
        if cell < forked:
            return " ", "faint"
        if cell == forked:
            return "╰", "quiet"
        first, last = self._positions(cell, track)
        if first > span.length:
            return " ", "faint"
        if cell and self._positions(cell - 1, track)[0] == first:
            return "━", "quiet" if is_current else "faint"
        signs: tuple[tuple[list[int], str, Tone], ...] = (
            (span.failures, "✖", "failure"),
            (span.calls, "◆", "quiet"),
            (span.actions, "●", "quiet"),
        )
        for marks, sign, tone in signs:
            if self.branches.holds(span.name, marks, first, last):
                return sign, tone if is_current or tone == "failure" else "faint"
        return "━", "quiet" if is_current else "faint"

    def watch_frame(self, frame: Frame | None) -> None:
        if frame is None:
            return
        line = frame.timeline
        set_titles(self, None, Content(f"stop {line.stop_index(frame.n)} of {len(line.stops) - 1}"))
        names = list(self.branches.spans)
        if frame.branch in names:
            self.select(names.index(frame.branch))

    def on_blur(self) -> None:
        self._scrub = None

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self._scrub is None:
            return
        span = self._span(self.cursor)
        position = self._positions(self._scrub, self._track(self._width))[1] - 1
        self.post_message(self.MomentChosen(span.name, self.branches.record(span.name, position)))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and offset.x > _NAME_WIDTH:
            self._scrub = offset.x - _NAME_WIDTH - 1
            self.post_message(RowList.Chosen(self, self.cursor))

    def action_scrub(self, by: int) -> None:
        """Move the scrub position, which begins at the moment."""
        if self.frame is None:
            return
        track, span = self._track(self._width), self._span(self.cursor)
        if self._scrub is None:
            self._scrub = self._cell(self.branches.position(span.name, self.frame.n), track)
        self._scrub = max(0, min(self._scrub + by, track - 1))
        self.reload()

    def _span(self, row: int) -> BranchSpan:
        return list(self.branches.spans.values())[row]

    def _track(self, width: int) -> int:
        return max(1, width - _NAME_WIDTH - 1)

    def _cell(self, position: int, track: int) -> int:
        return min(track - 1, max(0, position - 1) * track // max(1, self.branches.length))

    def _positions(self, cell: int, track: int) -> tuple[int, int]:
        """The positions that a cell covers, as a half-open range."""
        length = max(1, self.branches.length)
        first = -(-cell * length // track) + 1
        return first, max(first + 1, -(-(cell + 1) * length // track) + 1)
