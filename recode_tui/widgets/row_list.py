"""A list with a cursor. Only visible rows are built, and only lines that changed are drawn again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from recode_tui._textual.drawn_lines import FramedLines, move_drawn_lines
from recode_tui._textual.scroll_extent import fit_scrollbar
from recode_tui.widgets.matches import contains, spans
from recode_tui.widgets.row_strips import Background, Part, RowAppearance, RowStrips

FRAME_SECONDS = 1 / 60
"""The delay of updates that may be drawn one frame after the most urgent ones."""


class RowList(ScrollView, can_focus=True):
    """The base of lists. A subclass provides `count` and `parts`, and calls `reload` when they change.

    The lines of `detail_of` are shown below one row, that of the cursor unless `detail_row` is another.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False, tooltip="One up"),
        Binding("down,j", "move(1)", "down", show=False, tooltip="One down"),
        Binding("pageup", "page(-1)", "page up", show=False, tooltip="A page up"),
        Binding("pagedown", "page(1)", "page down", show=False, tooltip="A page down"),
        Binding("home", "edge(0)", "first", show=False, tooltip="To the first"),
        Binding("end", "edge(1)", "last", show=False, tooltip="To the last"),
        Binding("enter", "choose", "open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--now",
        "row-list--failure",
        "row-list--good",
        "row-list--plain",
        "row-list--quiet",
        "row-list--faint",
        "row-list--link",
        "row-list--chosen",
        "row-list--cursor",
        "row-list--blurred",
        "row-list--match",
        "row-list--found",
    }
    DEFAULT_CSS = """
    RowList {
        background: $surface;
        color: $foreground;
        scrollbar-size: 1 1;
        overflow-x: hidden;
        & > .row-list--now { color: $accent; text-style: bold; }
        & > .row-list--failure { color: $error; }
        & > .row-list--good { color: $success; }
        & > .row-list--plain { color: $foreground; }
        & > .row-list--quiet { color: $quiet; }
        & > .row-list--faint { color: $faint; }
        & > .row-list--link { color: $foreground; text-style: underline; }
        & > .row-list--chosen { color: $accent; text-style: bold underline; }
        & > .row-list--cursor { background: $row; }
        & > .row-list--blurred { background: $row-blurred; }
        & > .row-list--match { background: $match; }
        & > .row-list--found { text-style: bold underline; }
        &:ansi {
            & > .row-list--cursor { text-style: reverse; }
            & > .row-list--blurred, & > .row-list--match { text-style: underline; }
        }
    }
    """

    @dataclass
    class RowMessage(Message):
        """The base of messages about a row."""

        row_list: RowList
        row: int

        @property
        def control(self) -> RowList:
            return self.row_list

    class Moved(RowMessage):
        """Posted when the user moves the cursor, not when `select` does."""

    class Chosen(RowMessage):
        """Posted when the user presses enter or clicks a row twice."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._styles_cache = FramedLines()
        self.cursor = 0
        """The row of the cursor; `select` moves it."""
        self.detail: tuple[str, ...] = ()
        self.search_text = ""
        self._found: tuple[int, list[int]] | None = None  # the number of rows, and those that match
        self._drawn: dict[int, RowAppearance] = {}  # the visible lines, as they were last drawn
        self._parts: dict[int, tuple[Part, ...]] = {}  # of rows, until the content may have changed
        self._strips = RowStrips(self)
        self._height = 0  # at the last resize
        self._line_width = 1  # of the lines that are being drawn
        self._is_scrolled_away = False  # from the cursor, by the user

    # content

    def count(self) -> int:
        """The number of rows."""
        raise NotImplementedError

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """The texts of a row with their tones, to be drawn in `width` cells."""
        raise NotImplementedError

    def empty_text(self) -> str:
        """The text shown in place of the rows while there are none."""
        return ""

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        """The lines shown below a row while it is the `detail_row`."""
        return ()

    @property
    def detail_row(self) -> int:
        """The row that is shown with its detail: of the cursor, or before it."""
        return self.cursor

    @property
    def cursor_line(self) -> int:
        """The line of the cursor's row in the content."""
        return self.cursor + (len(self.detail) if self.cursor > self.detail_row else 0)

    def tip_of(self, number: int, part: str, at: int) -> str:
        """The explanation of the character `at` a position of a row's part with this number; often none."""
        return ""

    def text_of(self, row: int) -> str:
        """The text of a row for the search."""
        return ""

    def is_matched(self, row: int) -> bool:
        """Whether the search matches a row."""
        return bool(self.search_text) and contains(self.search_text)(self.text_of(row))

    # search

    def highlight(self, search_text: str) -> None:
        """Highlight the rows that contain a text."""
        self.search_text = search_text
        self.reload()

    def find(self, search_text: str) -> int:
        """Highlight the rows that contain a text, and return their number."""
        self.highlight(search_text)
        return len(self.found())

    def found(self) -> list[int]:
        """The rows that the search matches. They are kept until the rows change."""
        count = self.count()
        if self._found is None or self._found[0] != count:
            self._found = count, [row for row in range(count) if self.is_matched(row)]
        return self._found[1]

    def forget_found(self) -> None:
        """Search the rows anew when their matches are needed: they may have changed."""
        self._found = None

    def go_to_found(self, by: int) -> int | None:
        """Move to the next or previous match, or with 0 to the first one from the cursor on.

        Returns its index among the matches, None without any.
        """
        rows = self.found()
        if not rows:
            return None
        after = bisect_left(rows, self.cursor) if by <= 0 else bisect_right(rows, self.cursor)
        at = (after - 1 if by < 0 else after) % len(rows)
        self.move_to(rows[at])
        self.post_message(self.Moved(self, self.cursor))
        return at

    # drawing

    def reload(self) -> None:
        """Update the list after its content changed."""
        self.forget_found()
        self._parts.clear()
        self._update_size()
        self._refresh_changed()

    def _update_size(self) -> None:
        """Fit the cursor, the detail and the scrollbar to the content."""
        rows = self.count()
        self.cursor = max(0, min(self.cursor, rows - 1))
        self.detail = self.detail_of(self.detail_row, self._width) if rows else ()
        fit_scrollbar(self, Size(self.size.width, rows + len(self.detail)))

    def _refresh_changed(self, lines: Container[int] | None = None) -> None:
        """Draw the visible lines that look different now, or those among `lines`."""
        top, width = self.scroll_offset.y, self._width
        for y, drawn in list(self._drawn.items()):
            if (lines is None or y + top in lines) and self._appearance(y + top, width) != drawn:
                self.refresh_line(y + top)

    def render_lines(self, crop: Region) -> list[Strip]:
        self._line_width = self._width  # once, as it takes as long as the rest of a line
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        appearance = self._drawn[y] = self._appearance(y + self.scroll_offset.y, self._line_width)
        return self._strips[appearance]

    def _appearance(self, line: int, width: int) -> RowAppearance:
        """How a line of the content looks now."""
        detail, above = len(self.detail), self.detail_row
        if above < line <= above + detail:
            below: Part = self.detail[line - above - 1], "plain"
            in_detail = spans(self.search_text, below[0])
            return RowAppearance((below,), self._background(above), width, in_detail)
        row = line if line <= above else line - detail
        if not self.count():
            lines = wrap(self.empty_text(), width)
            return RowAppearance(((lines[line], "quiet"),) if line < len(lines) else (), "", width)
        if not 0 <= row < self.count():
            return RowAppearance((), "", width)
        parts = self._parts_of(row, width)
        is_searched = bool(self.search_text) and self.is_matched(row)
        found = spans(self.search_text, "".join(text for text, _ in parts)) if is_searched else ()
        return RowAppearance(parts, self._background(row), width, found)

    def _parts_of(self, row: int, width: int) -> tuple[Part, ...]:
        """The parts of a row. They are kept, but not where they depend on the cursor or the detail."""
        if row in (self.cursor, self.detail_row):
            self._parts.pop(row, None)
            return tuple(self.parts(row, width))
        if (parts := self._parts.get(row)) is None:
            parts = self._parts[row] = tuple(self.parts(row, width))
        return parts

    def _background(self, row: int) -> Background:
        if row == self.cursor:
            return "cursor" if self.has_focus else "blurred"
        return "match" if self.is_matched(row) else ""

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    @property
    def _width(self) -> int:
        return max(1, self.scrollable_content_region.width)

    # cursor

    def select(self, row: int, *, lookahead: bool = False) -> None:
        """Move the cursor to a row and make it visible, without a message.

        With `lookahead` further moves in the same direction are expected, so that scrolling leaves room.
        """
        self._parts.clear()
        self.put_cursor(row, lookahead=lookahead)
        self._refresh_changed()

    def move_to(self, row: int, *, lookahead: bool = False) -> None:
        """Move the cursor like `select`, where the content is the same or `reload` comes later.

        Of the visible lines only those that the cursor leaves and comes to are drawn.
        """
        line, above, detail = self.cursor_line, self.detail_row, self.detail
        self.put_cursor(row, lookahead=lookahead)
        is_same = (not detail and not self.detail) or (above, detail) == (self.detail_row, self.detail)
        self._refresh_changed((line, self.cursor_line) if is_same else None)

    def put_cursor(self, row: int, *, lookahead: bool = False) -> None:
        """Put the cursor on a row and make it visible. The lines that look different are not drawn yet."""
        self.cursor = row
        self._is_scrolled_away = False
        self._update_size()
        self._reveal_cursor(lookahead)

    def _reveal_cursor(self, lookahead: bool = False) -> None:
        """Scroll as little as needed to show the row of the cursor with its detail; center it if far away.

        With `lookahead` it is put near the edge it comes from.
        """
        first = self.cursor_line
        last = first + (len(self.detail) if self.cursor == self.detail_row else 0)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if not height or (top <= first and last < top + height):
            return
        if lookahead:
            y = first - (height // 5 if first >= top else height - height // 5)
        elif top - height <= first < top + 2 * height:
            y = first if first < top else min(first, last - height + 1)
        else:
            y = first - height // 2
        self.scroll_to(y=y, animate=False, immediate=True, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the lines that come into view now, and the scrollbar in the next frame."""
        if 0 < self._height == self.scrollable_content_region.height:  # else a resize scrolled
            self._is_scrolled_away = not 0 <= self.cursor_line - round(new_value) < self._height
        if by := round(new_value) - round(old_value):
            moved = move_drawn_lines(self, by)
            self._drawn = {y - by: drawn for y, drawn in self._drawn.items() if y - by in moved}
        self.set_timer(FRAME_SECONDS, self._update_scrollbar)

    def watch_show_vertical_scrollbar(self) -> None:
        """Build the rows and the detail anew, which have another width now."""
        self.call_after_refresh(self.reload)

    def _update_scrollbar(self) -> None:
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self.scroll_y

    def row_at(self, y: int) -> int:
        """The row that is drawn at line `y` of the widget; it may be beyond the last one."""
        line = y + self.scroll_offset.y
        return line if line <= self.detail_row else max(self.detail_row, line - len(self.detail))

    # events

    def on_resize(self) -> None:
        self._drawn.clear()
        self._parts.clear()
        self.refresh()  # it may have been drawn before this event arrived
        self._height = self.scrollable_content_region.height
        self.reload()
        if not self._is_scrolled_away:
            self._reveal_cursor()

    def on_focus(self) -> None:
        self.reload()

    def on_blur(self) -> None:
        self.reload()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        row = self.row_at(offset.y) if offset is not None else -1
        if not 0 <= row < self.count():
            return
        self.select(row)
        self.post_message(self.Chosen(self, row) if event.chain == 2 else self.Moved(self, row))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Explain what is under the mouse, if that is a sign."""
        offset = event.get_content_offset(self)
        tip = self._tip_at(offset.x, offset.y) if offset is not None else ""
        if (tip or None) != self.tooltip:
            self.tooltip = tip or None

    def _tip_at(self, x: int, y: int) -> str:
        line = y + self.scroll_offset.y
        row = self.row_at(y)
        is_detail = self.detail_row < line <= self.detail_row + len(self.detail)
        if is_detail or not 0 <= row < self.count():
            return ""
        for number, (text, _) in enumerate(self.parts(row, self._width)):
            if x < (width := cell_len(text)):
                return self.tip_of(number, text, len(set_cell_size(text, x)))
            x -= width
        return ""

    def action_move(self, by: int) -> None:
        if self.count():
            self.move_to(self.cursor + by)
            self.post_message(self.Moved(self, self.cursor))

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, end: int) -> None:
        self.action_move(self.count() if end else -self.count())

    def action_choose(self) -> None:
        if self.count():
            self.post_message(self.Chosen(self, self.cursor))


def fitted(text: str, width: int, *, is_right: bool = False) -> str:
    """The text in exactly `width` cells, cut with an ellipsis or padded; `is_right` pads on the left."""
    spare = width - cell_len(text)
    if spare < 0:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    return " " * spare + text if is_right else text + " " * spare
