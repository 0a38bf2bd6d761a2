"""Base of the dialogs of the home screen, and the error text of their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.widgets import Static

from recode_tui.home.run_settings import InvalidField
from recode_tui.text import plain
from recode_tui.widgets.dialog import Dialog, Result

Value = TypeVar("Value")


class HomeDialog(Dialog[Result]):
    """A dialog that is cancelled without a result."""

    DEFAULT_CSS = """
    HomeDialog {
        background: transparent;
        & > #box { width: 74; max-width: 96%; max-height: 96%; border: round $border; padding: 1 2 0 2; }
        & Footer { dock: none; }
        & Input { background: $panel; padding: 0 1; }
        & Input.-invalid { color: $error; background-tint: $error 10%; }
    }
    """

    def action_cancel(self) -> None:
        self.dismiss(None)


class FieldError(Static):
    """The error of fields on the same screen; takes no space while there is none."""

    DEFAULT_CSS = """
    FieldError {
        color: $error;
        height: auto;
        display: none;
        &.-shown { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(markup=False, id=id)
        self._message = ""
        self._field = ""

    def show(self, message: str, field: str = "") -> None:
        """Show a message and mark the field of that id as invalid. An empty message clears both."""
        if (message, field) == (self._message, self._field):
            return
        for name, is_invalid in ((self._field, False), (field, True)):
            if name:
                self.screen.query_one(f"#{name}").set_class(is_invalid, "-invalid")
        self._message, self._field = message, field
        self.update(plain(message))
        self.set_class(bool(message), "-shown")

    def validate(self, read: Callable[[], Value]) -> Value | None:
        """Return what `read` returns. If it raises InvalidField, show the error and return None."""
        try:
            value = read()
        except InvalidField as error:
            self.show(str(error), error.field)
            return None
        self.show("")
        return value
