"""The console panel: commands with their answers, whose references can be followed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.format import counted
from recode_tui._textual.border_titles import set_titles
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

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "6 Console"
        self._chosen = 0  # of the references in the row of the cursor
        self._is_laid_out = False  # since the last entry was to be shown

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

    def parts(self, row: int, width: int) -> Iterator[Part]:
        shown = self.transcript.rows[row]
        tone = _TONES[shown.kind]
        lead = "> " if shown.kind == "command" else "  "
        yield lead, tone
        left = width - len(lead)
        for text, part_tone in self._pieces(row, shown, tone):
            length = cell_len(text)
            if length > left:
                yield fitted(text, left), part_tone
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
        text = _visible(self.transcript.rows[row].text)
        if cell_len(text) <= width - 2:
            return ()
        lines = textwrap.wrap(text, max(8, width - 4), break_on_hyphens=False)
        return tuple(f"    {line}" for line in lines)

    def watch_transcript(self, old: TranscriptView, new: TranscriptView) -> None:
        self.forget_found()
        set_titles(self, None, Content(counted(len(new.rows), "line") if new.rows else ""))
        if (new.dropped + new.shown) != (old.dropped + old.shown) or not old.rows:
            self._show_entry()
        else:
            self.cursor = max(0, self.cursor - (new.dropped - old.dropped))
            self.reload()

    def _show_entry(self) -> None:
        """Show the last entry that is of interest from its beginning, the cursor on its first answer."""
        rows, first = self.transcript.rows, self.transcript.shown
        self._chosen, self._is_laid_out = 0, bool(self.size.height)
        has_answer = first + 1 < len(rows) and rows[first + 1].kind != "command"
        self.select(first + has_answer)
        self.scroll_to(y=first, animate=False, immediate=True, force=True)
        self._refresh_changed()

    def on_resize(self) -> None:
        if not self._is_laid_out:
            self.call_after_refresh(self._show_entry)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        row = self.row
        if row is not None and self._chosen < len(row.references):
            self.post_message(self.ReferenceChosen(row, self._chosen))

    def select(self, row: int, *, lookahead: bool = False) -> None:
        if row != self.cursor:
            self._chosen = 0
        super().select(row, lookahead=lookahead)

    def action_choose_reference(self, by: int) -> None:
        """Choose another reference of the row."""
        if (row := self.row) is not None and row.references:
            self._chosen = max(0, min(self._chosen + by, len(row.references) - 1))
            self.reload()


def _visible(text: str) -> str:
    return plain(text.replace("\t", " " * _TAB))
