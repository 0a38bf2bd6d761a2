"""What the dialogs of the home screen share, and the one that asks for a text."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, Static

from recode_core.errors import RecodeError
from recode_tui.text import plain
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.line_input import LineInput

Answer = TypeVar("Answer")


class HomeDialog(Dialog[Answer]):
    """A box in the middle. One backs out of it without an answer."""

    DEFAULT_CSS = """
    HomeDialog {
        background: transparent;
        & > #box { width: 74; max-width: 96%; max-height: 96%; border: round $border; padding: 1 2 0 2; }
        & .said { color: $quiet; height: auto; }
        & .fault { color: $error; height: auto; display: none; }
        & .fault.-said { display: block; }
        & Footer { dock: none; }
        & Input { background: $panel; padding: 0 1; }
        & Input.-invalid { color: $error; background-tint: $error 10%; }
    }
    """

    def action_cancel(self) -> None:
        self.dismiss(None)


class Fault(Static):
    """What is wrong with a field, beside it; nothing while all is well."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(markup=False, id=id, classes="fault")
        self._text = ""

    def say(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        if text == self._text:
            return
        self._text = text
        self.update(plain(text))
        self.set_class(bool(text), "-said")


class PathDialog(HomeDialog[Path]):
    """Asks for a text, does what it is for, and answers with the path that came of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "OK", priority=True),
        Binding("escape", "cancel", "Cancel"),
    ]
    TITLE_TEXT = ""

    class Failed(Message):
        """It could not be done."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    class Finished(Message):
        """It is done."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(self, said: str, text: str = "", placeholder: str = "") -> None:
        super().__init__(self.TITLE_TEXT)
        self._said, self._text, self._placeholder = said, text, placeholder
        self._is_busy = False

    def compose_body(self) -> ComposeResult:
        yield Static(plain(self._said), markup=False, classes="said")
        yield LineInput(self._text, placeholder=self._placeholder, compact=True)
        yield Fault()

    def carry_out(self, text: str) -> Path:
        """Do it. Runs in a thread; raises RecodeError."""
        raise NotImplementedError

    def on_input_changed(self) -> None:
        self.query_one(Fault).say("")

    def on_path_dialog_failed(self, message: Failed) -> None:
        self._is_busy = False
        self.query_one(Fault).say(message.why)

    def on_path_dialog_finished(self, message: Finished) -> None:
        self.dismiss(message.path)

    def action_accept(self) -> None:
        if not self._is_busy:
            self._is_busy = True
            self._carry_out(self.query_one(Input).value)

    @work(thread=True)
    def _carry_out(self, text: str) -> None:
        try:
            self.post_message(self.Finished(self.carry_out(text)))
        except RecodeError as error:
            self.post_message(self.Failed(str(error)))
