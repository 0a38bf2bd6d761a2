"""A line of a form: a label, a field, and a note or error beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label

from recode_tui.text import plain
from recode_tui.widgets.line_input import LineInput

Value = TypeVar("Value")


class Field(Horizontal, Generic[Value]):
    """A field whose text `read` converts to a value, or raises ValueError with a message."""

    DEFAULT_CSS = """
    Field {
        height: 1;
        .label { width: 13; color: $quiet; }
        Input {
            width: 16;
            background: $panel;
            &.-long { width: 1fr; }
            &:focus { background: $row; background-tint: transparent; }
        }
        .note { width: 1fr; margin-left: 2; color: $quiet; &.fault { color: $error; } }
    }
    """

    def __init__(
        self,
        label: str,
        read: Callable[[str], Value],
        value: str = "",
        note: str = "",
        placeholder: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.label = label
        self.read = read
        self.note = note
        self.start = value
        self.placeholder = placeholder

    def compose(self) -> ComposeResult:
        yield Label(self.label, classes="label", markup=False)
        classes = "" if self.note else "-long"
        yield LineInput(self.start, placeholder=self.placeholder, compact=True, classes=classes)
        if self.note:
            yield Label(self.note, classes="note", markup=False)

    @property
    def text(self) -> str:
        """The text without surrounding spaces."""
        return self.query_one(Input).value.strip()

    def value(self) -> Value:
        """Convert the text. Raises ValueError, whose message is shown beside the field."""
        return self.read(self.text)

    def on_input_changed(self) -> None:
        fault = ""
        try:
            self.value()
        except ValueError as error:
            fault = str(error)
        for note in self.query(".note").results(Label):
            note.update(Content(plain(fault or self.note)))
            note.set_class(bool(fault), "fault")
