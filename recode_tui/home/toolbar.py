"""The line at the top: what can be begun, and the search."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from recode_tui.home.hint import Hint
from recode_tui.widgets.line_input import LineInput


class SearchField(LineInput):
    """What is typed is searched at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.end_search", "To the list"),
        Binding("down", "screen.end_search", show=False),
        Binding("escape", "screen.leave_search", "Leave the search"),
    ]


class Top(Horizontal):
    """Keys to click on, and a field."""

    DEFAULT_CSS = """
    Top {
        height: 1;
        background: $surface;
        & > Input { width: 1fr; background: $panel; padding: 0 1; margin: 0 1; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Hint("n", "New run", "screen.new_run")
        yield Hint("d", "Demo", "screen.demo")
        yield Hint("i", "Import", "screen.import")
        yield Hint("f", "Filter", "screen.filter")
        yield Hint("/", "Search", "screen.search")
        yield SearchField(placeholder="task, name, policy…", compact=True, id="search")
