"""The timeline panel: a track for each branch, along which moments are previewed by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.timeline.branches import BranchIndex, BranchSpan
from recode_core.timeline.stop_track import UNIT
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.keys import shown, to_come
from recode_tui.debug.selected_rows import BranchRow
from recode_tui.debug.stop_text import stop_text
from recode_tui.debug.timeline_marks import Mark, marks
from recode_tui.debug.timeline_scale import Scale
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import CURSOR, FOLD, SCRUB, meaning_of
from recode_tui.text import one_line
from recode_tui.widgets.glyph import Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_NAME_WIDTH = 14
_PAGE = 10  # cells
_LARGEST = 8  # cells of a stop, after zooming in


class TimelinePanel(RowList):
    """The stops of each branch over the length of the run.

    While the user moves along it, the moment at the scrub position is to be previewed. Enter goes there.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "scrub(-1)", "preview an earlier stop", show=False),
        Binding("right,l", "scrub(1)", "preview a later stop", show=False),
        Binding("i", "zoom(1)", "zoom in", show=False),
        Binding("o", "zoom(-1)", "zoom out", show=False),
        Binding("0", "zoom(0)", "show the whole timeline", show=False),
        Binding("escape", "end_preview", "end the preview", show=False),
    ]

    frame: reactive[Frame | None] = reactive(None, repaint=False)

    @dataclass
    class MomentMessage(Message):
        """The base of messages about record `n` of a branch; -1 is the start."""

        branch: str
        n: int

    class MomentPreviewed(MomentMessage):
        """Posted when the user moves the scrub position to a moment."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TimelinePanel.MomentPreviewed)

    class MomentChosen(MomentMessage):
        """Posted when the user chooses a moment."""

    class PreviewEnded(Message):
        """Posted when the user leaves the scrub position without choosing its moment."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = f"{shown('timeline')} Timeline"
        self.branches = BranchIndex()  # of the session; set by the screen
        self._scrub: int | None = None  # a stop on the line of the branch under the cursor
        self._zoomed: Scale | None = None
        self._dragged: int | None = None  # the cell under the mouse while its button is pressed
        self._is_dragging = False  # whether that cell has changed
        self._marks: dict[str, tuple[tuple[object, ...], list[Mark]]] = {}  # as last drawn, by branch

    # content

    @property
    def selected_row(self) -> BranchRow | None:
        """The branch under the cursor."""
        return BranchRow(self._span(self.cursor).name) if self.cursor < self.count() else None

    def count(self) -> int:
        return len(self.branches.spans)

    def text_of(self, row: int) -> str:
        return self._span(row).name

    def empty_text(self) -> str:
        return to_come("timeline")

    def parts(self, row: int, width: int) -> Iterator[Part]:
        span, scale = self._span(row), self._scale(width)
        present = self.frame.at_cursor if self.frame is not None else None
        is_current = present is not None and span.name == present.branch
        yield fitted(one_line(span.name, 80), _NAME_WIDTH) + " ", "plain" if is_current else "quiet"
        cells = [(sign, _tone(tone, is_current)) for sign, tone in self._marks_of(span, scale)]
        if present is not None and is_current:
            at = self.branches.stop_index(span.name, present.n)
            self._put(
                cells, scale.cell(self.branches.stop_position(span.name, at)), (CURSOR.text, CURSOR.tone)
            )
        if self._scrub is not None and row == self.cursor:
            at = self.branches.stop_position(span.name, self._scrub)
            self._put(cells, scale.cell(at), (SCRUB.text, SCRUB.tone))
        for tone, group in groupby(cells, itemgetter(1)):
            yield "".join(sign for sign, _ in group), tone

    def tip_of(self, number: int, part: str, at: int) -> str:
        sign = part[at : at + 1]
        return meaning_of(FOLD.text if sign.isdigit() else sign) if number else ""

    def _put(self, cells: list[Mark], cell: int, mark: Mark) -> None:
        if 0 <= cell < len(cells):
            cells[cell] = mark

    def _marks_of(self, span: BranchSpan, scale: Scale) -> list[Mark]:
        """The marks of a branch, from a cache unless it has grown."""
        key = (scale, len(span.track), len(span.actions), len(span.calls), len(span.failures))
        if (known := self._marks.get(span.name)) is None or known[0] != key:
            known = self._marks[span.name] = key, marks(span, scale)
        return known[1]

    # the scale

    @property
    def _whole(self) -> Scale:
        return Scale.whole(self._track(self._width), self.branches.length)

    def _track(self, width: int) -> int:
        """The cells of the tracks."""
        return max(1, width - _NAME_WIDTH - 1)

    def _scale(self, width: int) -> Scale:
        track = self._track(width)
        if self._zoomed is not None:
            return replace(self._zoomed, width=track)
        return Scale.whole(track, self.branches.length)

    def action_zoom(self, by: int) -> None:
        """Show half or twice as much, around the scrub position; with 0 the whole timeline."""
        if self.frame is None:
            return
        scale, whole, position = self._scale(self._width), self._whole, self._position
        fold = self._span(self.cursor).track.fold_at(position)
        step = fold.step if fold is not None else UNIT
        if by > 0 and step * scale.width >= _LARGEST * scale.extent:
            return
        zoomed = scale.zoomed(by, position) if by else whole
        self._zoomed = zoomed.showing(position) if zoomed.extent < whole.extent else None
        self._update_titles()
        self.reload()

    # the scrub position

    @property
    def _index(self) -> int:
        """The scrub position, or else the stop that is shown or the one nearest to it on this branch."""
        name, frame = self._span(self.cursor).name, self.frame
        if self._scrub is not None:
            return self._scrub
        if frame is None:
            return 0
        index = self.branches.stop_index(frame.branch, frame.n)
        if name == frame.branch:
            return index
        return self.branches.stop_near(name, self.branches.stop_position(frame.branch, index))

    @property
    def _position(self) -> int:
        return self.branches.stop_position(self._span(self.cursor).name, self._index)

    def _preview(self, index: int) -> None:
        """Move the scrub position to a stop of the branch under the cursor."""
        span, frame = self._span(self.cursor), self.frame
        if frame is None:
            return
        self._scrub = max(0, min(index, span.count - 1))
        if self._zoomed is not None:
            self._zoomed = self._scale(self._width).showing(self._position)
        self.reload()
        if frame.branch != span.name:  # it may have to be read first
            self._update_titles()
        self.post_message(self.MomentPreviewed(span.name, self.branches.stop_record(span.name, self._scrub)))

    def action_scrub(self, by: int) -> None:
        """Move by cells, and by one stop at least."""
        name, index, scale = self._span(self.cursor).name, self._index, self._scale(self._width)
        there = self.branches.stop_near(name, scale.start(scale.cell(self._position) + by + 1) - 1)
        self._preview(max(index + 1, there) if by > 0 else min(index - 1, there))

    def action_page(self, by: int) -> None:
        self.action_scrub(by * _PAGE)

    def action_edge(self, end: int) -> None:
        self._preview(self._span(self.cursor).count - 1 if end else 0)

    def action_end_preview(self) -> None:
        self._scrub = None
        if self.frame is not None:
            self._update_titles()
            self._select_branch(self.frame)
        self.post_message(self.PreviewEnded())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a preview, leave escape to the screen."""
        return action != "end_preview" or self._scrub is not None

    # updates

    def watch_frame(self, before: Frame | None, frame: Frame | None) -> None:
        if frame is None:
            return
        if before is not None and before.is_preview and not frame.is_preview:
            self._scrub = None
        self._update_titles()
        if self._scrub is None:
            self._select_branch(frame)
        else:
            self.reload()

    def _select_branch(self, frame: Frame) -> None:
        """Move the cursor to the branch of a frame, and show its stop."""
        names = list(self.branches.spans)
        if self._zoomed is not None:
            at = self.branches.stop_index(frame.branch, frame.n)
            position = self.branches.stop_position(frame.branch, at)
            self._zoomed = self._scale(self._width).showing(position)
        self.select(names.index(frame.branch))

    def _update_titles(self) -> None:
        frame = self.frame
        if frame is None or not self.count():
            return
        hints = [f"{shown('timeline')} Timeline"]
        if frame.is_preview:
            hints.append("enter goes there, esc back")
        if self._zoomed is not None:
            hints.append(f"zoom ×{self._whole.extent // self._zoomed.extent:,}: i in, o out, 0 all")
        elif self.has_focus:
            hints.append("i zooms in")
        label = one_line(self._label(frame), max(1, self.size.width - 4))
        set_titles(self, Content(" · ".join(hints)), Content(label))

    def _label(self, frame: Frame) -> str:
        """The stop that is shown."""
        span = self._span(self.cursor)
        if self._scrub is not None and span.name != frame.branch:
            return f"reading {span.name}…"
        line, preview = frame.timeline, "preview: " if frame.is_preview else ""
        last = len(line.stops) - 1
        return f"{preview}stop {line.stop_index(frame.n):,} of {last:,} · {stop_text(frame)}"

    # events

    def on_resize(self) -> None:
        self._update_titles()

    def on_focus(self) -> None:
        self._update_titles()

    def on_blur(self) -> None:
        self._update_titles()
        if self._scrub is not None and self.app.app_focus:  # not only the terminal was left
            self.action_end_preview()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """The moment nearest to the scrub position on another branch is previewed."""
        event.stop()
        frame, span = self.frame, self._span(self.cursor)
        if frame is not None and frame.branch != span.name:
            self._scrub = None
            self._preview(self._index)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self._scrub is not None:
            name = self._span(self.cursor).name
            n = self.branches.stop_record(name, self._scrub)
            self._scrub = None
            self.reload()
            self.post_message(self.MomentChosen(name, max(0, n)))

    @on(events.MouseScrollUp)
    @on(events.MouseScrollLeft)
    @on(events.MouseScrollDown)
    @on(events.MouseScrollRight)
    def _wheel_turned(self, event: events.MouseEvent) -> None:
        event.stop()
        event.prevent_default()
        self.focus()
        self.action_scrub(-1 if isinstance(event, events.MouseScrollUp | events.MouseScrollLeft) else 1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        offset = event.get_content_offset(self)
        row = self.row_at(offset.y) if offset is not None else -1
        if offset is None or offset.x <= _NAME_WIDTH or not 0 <= row < self.count():
            return
        self.capture_mouse()
        self._dragged, self._is_dragging = offset.x - _NAME_WIDTH - 1, False
        self._scrub = None
        self.select(row)
        self._point_at(self._dragged)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        cell = event.x - self.gutter.left - _NAME_WIDTH - 1
        if self._dragged is not None and cell != self._dragged:
            self._dragged, self._is_dragging = cell, True
            self._point_at(cell)

    def on_mouse_up(self) -> None:
        self._dragged = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """A click goes to a moment; after dragging it stays a preview."""
        offset = event.get_content_offset(self)
        if offset is None or offset.x <= _NAME_WIDTH:
            return
        event.prevent_default()
        if not self._is_dragging:
            self.post_message(RowList.Chosen(self, self.cursor))

    def _point_at(self, cell: int) -> None:
        """Preview the last stop of a cell."""
        scale = self._scale(self._width)
        position = scale.start(max(0, min(cell, scale.width - 1)) + 1) - 1
        self._preview(self.branches.stop_near(self._span(self.cursor).name, position))

    def _span(self, row: int) -> BranchSpan:
        return list(self.branches.spans.values())[row]


def _tone(tone: Tone, is_current: bool) -> Tone:
    """The tone of a mark, fainter on other branches."""
    return tone if is_current or tone == "failure" else "faint"
