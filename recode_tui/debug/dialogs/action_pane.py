"""The actions that are possible at a moment, beside the code that is edited."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from recode_tui.debug.action_line import Suggestions, matching
from recode_tui.debug.action_suggestions import ActionList
from recode_tui.text import plain
from recode_tui.widgets.line_input import LineInput
from recode_tui.widgets.row_list import RowList


class ActionRows(ActionList, can_focus=False):
    """The actions that contain a text, or the reason why there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.suggestions = Suggestions("waiting", reason="asking…")
        self.typed = ""

    def filter(self, suggestions: Suggestions, typed: str) -> None:
        """Show the actions that contain a text."""
        self.suggestions, self.typed = suggestions, typed
        self.matches = matching(suggestions.actions, typed)
        self.reload()
        self.select(0)

    def message(self, suggestions: Suggestions, width: int) -> tuple[str, ...]:
        text = suggestions.reason
        if not text and suggestions.actions:
            text = f"no action has {self.typed!r} in it"
        return tuple(textwrap.wrap(plain(text or "nothing is possible now"), max(10, width))) or ("",)


class ActionPane(Vertical):
    """A filter and the actions that match it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "the action before", show=False),
        Binding("down", "choose(1)", "the next action", show=False),
        Binding("pageup", "choose(-10)", "ten actions up", show=False),
        Binding("pagedown", "choose(10)", "ten actions down", show=False),
        Binding("enter", "take", "insert the action", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ActionPane {
        width: 34;
        border: round $border-blurred;
        border-title-color: $quiet;
        border-title-background: $surface;
        border-subtitle-color: $quiet;
        border-subtitle-background: $surface;
        &:focus-within { border: round $border; border-title-color: $foreground; }
        Input { height: 1; background: $panel; &:focus { background: $row; background-tint: transparent; } }
        ActionRows { height: 1fr; }
    }
    """

    @dataclass
    class ActionInserted(Message):
        """Posted when the user chooses an action to insert."""

        action: str

    def __init__(self) -> None:
        super().__init__()
        self.suggestions = Suggestions("waiting", reason="asking…")

    def compose(self) -> ComposeResult:
        yield LineInput(placeholder="filter", compact=True)
        yield ActionRows()

    def on_mount(self) -> None:
        self.border_subtitle = "enter inserts · esc back"
        self._fill()

    def show(self, suggestions: Suggestions) -> None:
        """Show actions, or the reason why there are none."""
        self.suggestions = suggestions
        if self.is_mounted:
            self._fill()

    @on(Input.Changed)
    def _fill(self) -> None:
        rows, suggestions = self.query_one(ActionRows), self.suggestions
        rows.filter(suggestions, self.query_one(Input).value)
        where = f"at {suggestions.node}" if suggestions.node else "here"
        many = f"{len(rows.matches)} of {len(suggestions.actions)} possible {where}"
        self.border_title = many if suggestions.state == "here" else f"possible {where}"

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.action_take()

    def action_choose(self, by: int) -> None:
        rows = self.query_one(ActionRows)
        rows.select(rows.cursor + by)

    def action_take(self) -> None:
        if (action := self.query_one(ActionRows).chosen) is not None:
            self.post_message(self.ActionInserted(action))
