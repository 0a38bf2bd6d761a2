"""The console panel: commands with their answers, whose references can be followed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.format import counted
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.keys import shown, to_come
from recode_tui.debug.selected_rows import ConsoleRow
from recode_tui.debug.transcript import RowKind, TranscriptRow, TranscriptView
from recode_tui.text import plain
from recode_tui.widgets.glyph import Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_TONES: dict[RowKind, Tone] = {"command": "now", "answer": "plain", "error": "failure", "notice": "quiet"}
_TAB = 4


class ConsolePanel(RowList):
    """The transcript of a session. Enter follows the chosen one of the references in a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "choose_reference(-1)", "the reference before", show=False),
        Binding("right,l", "choose_reference(1)", "the next reference in the row", show=False),
    ]

    transcript: reactive[TranscriptView] = reactive(TranscriptView, repaint=False)

    @dataclass
    class ReferenceChosen(Message):
        """Posted when the user follows the reference with this number in a row."""

        row: TranscriptRow
        number: int

    class NothingNamed(Message):
        """Posted when the user presses enter on a row without references."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = f"{shown('console')} Console"
        self._chosen = 0  # of the references in the row of the cursor
        self._is_laid_out = False  # since the last entry was to be shown
        self._is_at_end = True  # the last row was visible when the list was last scrolled
        self._is_read = False  # the user has chosen a row above the last one

    @property
    def row(self) -> TranscriptRow | None:
        """The row under the cursor."""
        rows = self.transcript.rows
        return rows[self.cursor] if self.cursor < len(rows) else None

    @property
    def selected_row(self) -> ConsoleRow | None:
        """The line under the cursor."""
        return ConsoleRow(self.row.text) if self.row is not None else None

    def count(self) -> int:
        return len(self.transcript.rows)

    def text_of(self, row: int) -> str:
        return self.transcript.rows[row].text

    def empty_text(self) -> str:
        return to_come("console")

    def parts(self, row: int, width: int) -> Iterator[Part]:
        shown = self.transcript.rows[row]
        tone = _TONES[shown.kind]
        lead = "> " if shown.kind == "command" else "  "
        yield lead, tone
        is_whole = row == self.detail_row and bool(self.detail)
        left = cell_len(_wrapped(shown.text, width)[0]) if is_whole else width - len(lead)
        for text, part_tone in self._pieces(row, shown, tone):
            length = cell_len(text)
            if length > left:
                yield set_cell_size(text, left) if is_whole else fitted(text, left), part_tone
                return
            yield text, part_tone
            left -= length

    def _pieces(self, row: int, shown: TranscriptRow, tone: Tone) -> Iterator[Part]:
        """The text of a row, split before and after each reference."""
        at = 0
        for number, each in enumerate(shown.references):
            is_chosen = row == self.cursor and number == self._chosen and self.has_focus
            yield _visible(shown.text[at : each.start]), tone
            yield _visible(shown.text[each.start : each.end]), "chosen" if is_chosen else "link"
            at = each.end
        yield _visible(shown.text[at:]), tone

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        return tuple(f"  {line}" for line in _wrapped(self.transcript.rows[row].text, width)[1:])

    def watch_transcript(self, old: TranscriptView, new: TranscriptView) -> None:
        self.forget_found()
        is_entry_shown = (new.dropped + new.shown) == (old.dropped + old.shown) and bool(old.rows)
        if is_entry_shown:
            self.cursor = max(0, self.cursor - (new.dropped - old.dropped))
        if not self.size.height:  # hidden: the rest is done once it is visible
            self._is_laid_out = self._is_laid_out and is_entry_shown
            return
        self._show_count()
        if is_entry_shown:
            self.reload()
            if self._is_at_end:
                self._show_end()
        else:
            self._show_entry()

    def _show_count(self) -> None:
        count = len(self.transcript.rows)
        set_titles(self, None, Content(counted(count, "line") if count else ""))

    def _show_entry(self) -> None:
        """Show the last entry that is of interest from its beginning, the cursor on its first answer."""
        rows, first = self.transcript.rows, self.transcript.shown
        self._chosen, self._is_laid_out, self._is_read = 0, bool(self.size.height), False
        has_answer = first + 1 < len(rows) and rows[first + 1].kind != "command"
        self.select(first + has_answer)
        self.scroll_to(y=first, animate=False, immediate=True, force=True)
        self._is_at_end = self._is_end_visible
        self._refresh_changed()

    def _show_end(self) -> None:
        """Show the last row, but never beyond a row that the user has chosen and works at."""
        y = self.count() + len(self.detail) - self.scrollable_content_region.height
        if self._is_read and self.has_focus:
            y = min(y, self.cursor_line)
        self.scroll_to(y=y, animate=False, immediate=True, force=True)

    @property
    def _is_end_visible(self) -> bool:
        last = self.count() - 1
        line = last + (len(self.detail) if self.detail_row < last else 0)
        return line < self.scroll_offset.y + self.scrollable_content_region.height

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self.size.height:
            self._is_at_end = self._is_end_visible

    def on_resize(self) -> None:
        self._show_count()
        if not self._is_laid_out:
            self.call_after_refresh(self._show_entry)
        elif self._is_at_end:
            self.call_after_refresh(self._show_end)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._is_read = event.row < self.count() - 1

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self._is_read = True
        row = self.row
        if row is not None and self._chosen < len(row.references):
            self.post_message(self.ReferenceChosen(row, self._chosen))
        else:
            self.post_message(self.NothingNamed())

    def put_cursor(self, row: int, *, lookahead: bool = False) -> None:
        if row != self.cursor:
            self._chosen = 0
        super().put_cursor(row, lookahead=lookahead)

    def action_choose_reference(self, by: int) -> None:
        """Choose another reference of the row."""
        if (row := self.row) is not None and row.references:
            self._chosen = max(0, min(self._chosen + by, len(row.references) - 1))
            self.reload()


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a row that is shown whole; the first one stands in the row, the others below it."""
    return textwrap.wrap(
        _visible(text), max(8, width - 2), subsequent_indent="  ", break_on_hyphens=False
    ) or [""]


def _visible(text: str) -> str:
    return plain(text.replace("\t", " " * _TAB))
