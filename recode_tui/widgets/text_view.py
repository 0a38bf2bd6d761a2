"""A read-only view of text of up to a million lines, with keys, search and streaming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Resize
from textual.message import Message
from textual.reactive import reactive

from recode_tui.widgets.document import Document, Line, by_line, changed_lines, has_same_lines
from recode_tui.widgets.document_view import Background, DocumentView
from recode_tui.widgets.matches import Match, Matches

__all__ = ["Document", "TextView"]


class TextView(DocumentView):
    """A scrollable `Document`. With `has_cursor` the keys move a cursor, otherwise they scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "edge(0)", "first line", show=False),
        Binding("end", "edge(1)", "last line", show=False),
        Binding("left,h", "shift(-4)", "left", show=False),
        Binding("right,l", "shift(4)", "right", show=False),
        Binding("enter", "choose", "choose the line", show=False),
    ]

    wrap: reactive[bool] = reactive(False, repaint=False, init=False)
    has_cursor: reactive[bool] = reactive(False)
    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    @dataclass
    class LineChosen(Message):
        """Posted when the user presses enter."""

        view: TextView
        line: int

        @property
        def control(self) -> TextView:
            return self.view

    class GutterClicked(LineChosen):
        """Posted when the user clicks the gutter of a line."""

    def __init__(
        self,
        document: Document | None = None,
        *,
        wrap: bool = False,
        has_cursor: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(document or Document(), id=id, classes=classes)
        self.set_reactive(TextView.wrap, wrap)
        self.set_reactive(TextView.has_cursor, has_cursor)
        self._stream: list[Line] | None = None
        self._is_following = False  # the end of a text that grows
        self._height = 0  # at the last resize
        self._is_scrolled_away = False  # from the line that a resize keeps visible

    def show(self, document: Document) -> None:
        """Show a document, and highlight the matches of the search in it.

        The scroll position and the current match are kept if the lines are the same as before.
        """
        old, self.document = self.document, document
        self.ranges = by_line(document.ranges)
        is_same = has_same_lines(old, document) and document.gutter_width == old.gutter_width
        if is_same:
            self.repaint(changed_lines(old, document))
        else:
            self.highlight(self.matches.wanted)
            self.lay_out()
            self.cursor = 0
            self.scroll_to(0, 0, animate=False, force=True)
        if document.current is not None and (not is_same or document.current != old.current):
            self.cursor = document.current
            if document.current_end is not None:
                self.reveal(document.current_end)
            self.reveal(document.current)

    def append(self, text: str) -> None:
        """Append to the text, and keep the end visible if it was visible before."""
        lines = self._stream
        if lines is None or lines is not self.document.lines:
            lines = self._stream = list(self.document.lines) or [""]
            self.document = replace(self.document, lines=lines)
            self.lay_out()
        self._is_following = is_following = self.is_vertical_scroll_end
        first, pieces = len(lines) - 1, text.split("\n")
        lines[-1] += pieces[0]
        lines += pieces[1:]
        self.matches.update((self.document.text(line) for line in range(first, len(lines))), first)
        self.extend(first)
        if is_following:
            self.scroll_end(animate=False, force=True, immediate=True, x_axis=False)

    def copied(self, whole: bool = True) -> str:
        """The text to copy: all of it, or the line of the cursor."""
        lines = range(len(self.document.lines)) if whole or not self.has_cursor else [self.cursor]
        return "\n".join(self.document.text(line) for line in lines)

    def highlight(self, text: str) -> None:
        """Highlight every match of a text."""
        lines = range(len(self.document.lines)) if text else ()
        self.matches, self.found = Matches(text, (self.document.text(line) for line in lines)), None
        self.refresh()

    def find(self, text: str) -> int:
        """Highlight every match, go to the first one below the top of the view, and return their number."""
        self.highlight(text)
        self._go_to(self.matches.after(self._before_view))
        return len(self.matches)

    def find_next(self) -> None:
        """Go to the next match, from the last to the first."""
        self._go_to(self.matches.after(self._search_from))

    def find_previous(self) -> None:
        """Go to the previous match, from the first to the last."""
        self._go_to(self.matches.before(self._search_from))

    @property
    def _search_from(self) -> Match:
        """The current match, or the cursor if it was moved since, or the top of the view."""
        if self.found is not None and (not self.has_cursor or self.found.line == self.cursor):
            return self.found
        return Match(self.cursor, -1) if self.has_cursor else self._before_view

    @property
    def _before_view(self) -> Match:
        top = self.rows.at(self.scroll_offset.y)
        return Match(top.line if top is not None else 0, -1)

    def _go_to(self, match: Match | None) -> None:
        if match is not None:
            lines = {match.line} | ({self.found.line} if self.found is not None else set())
            self.found = match
            self.cursor = match.line
            self.reveal(match.line, match.column)
            self.repaint(lines)

    def reveal(self, line: int, column: int = 0) -> None:
        """Scroll as little as needed to make a place visible; center it if it is far away."""
        column = self.column(line, column)
        row, top, height = self.rows.first_of(line, column), self.scroll_offset.y, max(1, self.size.height)
        self.update_virtual_size()
        self._is_scrolled_away = False
        if not top - height <= row < top + 2 * height:
            self.scroll_to(y=row - height // 2, animate=False, force=True)
        elif row < top or row >= top + height:
            self.scroll_to(y=row if row < top else row - height + 1, animate=False, force=True)
        cell, left = Content(self.text(line)[:column]).cell_length, self.scroll_offset.x
        if not self.wrap and not left <= cell < left + self.text_width - 1:
            x = 0 if cell < self.text_width - 1 else cell - self.text_width // 2
            self.scroll_to(x=x, animate=False, force=True)

    def background_of(self, line: int) -> Background:
        if self.has_cursor and line == self.cursor:
            return "cursor" if self.has_focus else "blurred"
        return super().background_of(line)

    def validate_cursor(self, line: int) -> int:
        return max(0, min(line, len(self.document.lines) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.repaint({old, new})

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.repaint({self.cursor})

    def watch_wrap(self, wrap: bool) -> None:
        top = self.rows.at(self.scroll_offset.y)
        self.is_wrapped = wrap
        self.lay_out()
        if top is not None:
            row = self.rows.first_of(top.line, top.start)
            self.update_virtual_size()
            self.scroll_to(0, row, animate=False, force=True, immediate=True)

    def on_resize(self, event: Resize) -> None:
        self._height = self.size.height
        is_scrolled_away = self._is_scrolled_away
        self.watch_wrap(self.wrap)
        if self._is_following and self._stream is self.document.lines:
            self.action_edge(1)
        elif (line := self._kept_line) is not None and not is_scrolled_away:
            self.reveal(line)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._height == self.size.height:
            self._is_following = self.is_vertical_scroll_end
        if 0 < self._height == self.size.height and (line := self._kept_line) is not None:
            self._is_scrolled_away = not 0 <= self.rows.first_of(line) - round(new_value) < self._height

    @property
    def _kept_line(self) -> int | None:
        """The line that a resize keeps visible: of the cursor, else of the match, else the current one."""
        if not self.document.lines or self.has_cursor:
            return self.cursor if self.document.lines else None
        return self.found.line if self.found is not None else self.document.current

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        row = self.rows.at(at.y + self.scroll_offset.y) if at is not None else None
        if at is None or row is None:
            return
        if at.x < self.document.gutter_width:
            self.post_message(self.GutterClicked(self, row.line))
        else:
            self.cursor = row.line

    def action_move(self, lines: int) -> None:
        if self.has_cursor:
            self.cursor += lines
            self.reveal(self.cursor)
        else:
            self.scroll_relative(y=lines, animate=False, force=True)

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self.size.height - 1))

    def action_edge(self, is_end: int) -> None:
        last = len(self.document.lines) - 1
        self.cursor = last if is_end else 0
        if is_end:
            self.rows.first_of(last, len(self.text(last)))
            self.update_virtual_size()
        self.scroll_to(0, self.rows.height if is_end else 0, animate=False, force=True)

    def action_shift(self, cells: int) -> None:
        self.scroll_relative(x=cells, animate=False, force=True)

    def action_choose(self) -> None:
        if self.document.lines:
            line = self.cursor if self.has_cursor else self._before_view.line
            self.post_message(self.LineChosen(self, line))
