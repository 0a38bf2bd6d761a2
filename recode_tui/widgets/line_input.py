"""An input field with undo and redo."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from recode_tui._textual.input import SuggestingInput


class _Edit(NamedTuple):
    """The text and the cursor before and after an edit."""

    text: str
    cursor: int
    new_text: str
    new_cursor: int


class LineInput(SuggestingInput):
    """An `Input` with undo and redo. A typed word is one edit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z,super+z", "undo", "undo", show=False),
        Binding("ctrl+y,super+y", "redo", "redo", show=False),
    ]

    _done: tuple[_Edit, ...] = ()
    _undone: tuple[_Edit, ...] = ()

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of the text; every key that edits calls this."""
        before, cursor = self.value, self.cursor_position
        super().replace(text, start, end)
        if self.value == before:
            return
        edit = _Edit(before, cursor, self.value, self.cursor_position)
        last = self._done[-1] if self._done else None
        if last is not None and _continues(last, edit):
            edit = _Edit(last.text, last.cursor, edit.new_text, edit.new_cursor)
            self._done = self._done[:-1]
        self._done, self._undone = (*self._done, edit), ()

    def action_undo(self) -> None:
        """Undo the last edit."""
        if self._done:
            *done, edit = self._done
            self._done, self._undone = tuple(done), (*self._undone, edit)
            self._put(edit.text, edit.cursor)

    def action_redo(self) -> None:
        """Redo the last undone edit."""
        if self._undone:
            *undone, edit = self._undone
            self._done, self._undone = (*self._done, edit), tuple(undone)
            self._put(edit.new_text, edit.new_cursor)

    def _put(self, text: str, cursor: int) -> None:
        self.value = text
        self.cursor_position = cursor


def _continues(last: _Edit, edit: _Edit) -> bool:
    """Whether an edit adds a letter to the word typed by the last edit."""
    typed = edit.new_text[edit.cursor : edit.new_cursor]
    is_at_end = last.new_text == edit.text and last.new_cursor == edit.cursor > last.cursor
    is_letter = len(edit.new_text) == len(edit.text) + 1 and len(typed) == 1
    return is_at_end and is_letter and not typed.isspace()
