"""The toolbar at the top: keys to click on, and the search field."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Static

from recode_core import read_only
from recode_tui.home.query import HINT
from recode_tui.widgets.line_input import LineInput


class KeyHint(Static):
    """A key and its label. A click runs the key's action."""

    DEFAULT_CSS = """
    KeyHint {
        width: auto;
        height: 1;
        padding: 0 1;
        pointer: pointer;
        &:hover { background: $block-hover-background; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, key: str, label: str, action: str) -> None:
        super().__init__()
        self._action = action
        self.update(Content.assemble((key, "bold $footer-key-foreground"), (f" {label}", "$foreground")))

    async def on_click(self) -> None:
        await self.run_action(self._action)


class SearchField(LineInput):
    """The words to search for, as they are typed. `complete` suggests the rest of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.end_search", "To the list"),
        Binding(
            "tab", "complete", "Complete", tooltip="Complete the word; without a suggestion, to the next"
        ),
        Binding("down", "screen.end_search", show=False),
        Binding("escape", "screen.clear_search", "Leave the search"),
    ]

    def __init__(self, complete: Callable[[str], str], *, id: str) -> None:
        super().__init__(placeholder=HINT, compact=True, suggester=_Completion(complete), id=id)

    def action_complete(self) -> None:
        if len(self.suggestion) > len(self.value):
            self.value = self.suggestion
            self.action_end()
        else:
            self.screen.focus_next()


class _Completion(Suggester):
    def __init__(self, complete: Callable[[str], str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return self._complete(value) or None


class Toolbar(Horizontal):
    """The keys that need no session, and the search field."""

    DEFAULT_CSS = """
    Toolbar {
        height: 1;
        background: $surface;
        & > Input { width: 1fr; background: $panel; padding: 0 1; margin: 0 1; }
    }
    """

    def __init__(self, complete: Callable[[str], str]) -> None:
        super().__init__()
        self._complete = complete

    def compose(self) -> ComposeResult:
        if not read_only.is_enforced():
            yield KeyHint("n", "New run", "screen.new_run")
            yield KeyHint("d", "Demo", "screen.demo")
            yield KeyHint("i", "Import", "screen.import")
        yield KeyHint("f", "Filter", "screen.filter")
        yield KeyHint("/", "Search", "screen.search")
        yield KeyHint("c", "Contents", "screen.search_contents")
        yield SearchField(self._complete, id="search")
