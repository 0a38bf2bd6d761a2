"""Confirmation before data is lost. The safe answer has the focus and is the one that escape selects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList, Static

from recode_tui.text import plain
from recode_tui.widgets.dialog import Dialog, Result


class QuestionOption(msgspec.Struct, Generic[Result], frozen=True):
    """An answer, selected by its key or from the list."""

    key: str
    label: str
    value: Result


class QuestionScreen(Dialog[Result]):
    """A question with its options, the safe one first. `loss` describes what would be lost."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "back")]
    DEFAULT_CSS = """
    QuestionScreen {
        #box { width: 64; padding: 0 1; }
        #loss { margin-top: 1; color: $quiet; }
        Footer { display: none; }
        OptionList {
            height: auto;
            margin-top: 1;
            padding: 0;
            border: none;
            background: $surface;
            &:focus { border: none; background-tint: transparent; }
        }
    }
    """

    def __init__(self, question: str, options: Sequence[QuestionOption[Result]], loss: str = "") -> None:
        super().__init__("")
        self.question = question
        self.options = options
        self.loss = loss

    def compose_body(self) -> ComposeResult:
        yield Static(plain(self.question), markup=False)
        if self.loss:
            yield Static(plain(self.loss), id="loss", markup=False)
        yield OptionList(
            *(Content.assemble((f" {option.key} ", "$accent bold"), option.label) for option in self.options)
        )

    def on_key(self, event: Key) -> None:
        for option in self.options:
            if event.key == option.key:
                event.stop()
                self.dismiss(option.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self.options[event.option_index].value)

    def action_back(self) -> None:
        self.dismiss(self.options[0].value)


class ConfirmScreen(QuestionScreen[bool]):
    """A yes-or-no question. No has the focus."""

    def __init__(self, question: str, loss: str = "", *, yes: str = "Yes", no: str = "No") -> None:
        super().__init__(question, (QuestionOption("n", no, False), QuestionOption("y", yes, True)), loss)


DraftDecision = Literal["stay", "keep", "drop"]


class DraftDecisionScreen(QuestionScreen[DraftDecision]):
    """Ask whether to continue, keep or discard an edit that was not accepted."""

    def __init__(self) -> None:
        options: tuple[QuestionOption[DraftDecision], ...] = (
            QuestionOption("n", "Go on editing", "stay"),
            QuestionOption("k", "Keep as a draft", "keep"),
            QuestionOption("d", "Throw away", "drop"),
        )
        super().__init__("Leave the editor? The edit has not been accepted.", options)
