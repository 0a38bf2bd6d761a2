"""The command line with its suggestions above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from recode_tui.debug.action_line import Suggestions, action_line, typed_action
from recode_tui.debug.action_suggestions import SuggestionList
from recode_tui.debug.prompt import Prompt


class CommandLine(Vertical):
    """A prompt; while an action is typed, tab suggests the actions that have an effect in the world.

    With suggestions, enter executes the marked one, and tab writes it into the line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "the action before", show=False),
        Binding("down", "choose(1)", "the next action", show=False),
        Binding("enter", "enter", "take the action and execute the line", show=False),
        Binding("tab", "take", "write the action into the line", show=False),
        Binding("escape", "leave", "leave the actions", show=False),
    ]
    DEFAULT_CSS = """
    CommandLine { height: auto; }
    """

    def __init__(self, candidates: Callable[[str], Iterable[str]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._candidates = candidates

    def compose(self) -> ComposeResult:
        yield SuggestionList(id="suggestions")
        yield Prompt(self._candidates, id="prompt")

    @property
    def is_awaited(self) -> bool:
        """Whether suggestions are open, so that the world's reply is still needed."""
        return self._list.suggestions is not None

    def show(self, suggestions: Suggestions | None) -> None:
        """Show suggestions, or hide them if None."""
        self._list.suggestions = suggestions
        self._prompt.has_suggestions = suggestions is not None
        if suggestions is not None and (current := self._prompt.value) in map(
            action_line, self._list.matches
        ):
            self._list.choose([action_line(action) for action in self._list.matches].index(current))

    @on(Prompt.Typed)
    def _prompt_typed(self, message: Prompt.Typed) -> None:
        text = typed_action(message.text) if message.mode == ":" else None
        if text is None:
            self.show(None)
        else:
            self._list.typed = text

    @on(Prompt.Hidden)
    def _prompt_hidden(self) -> None:
        self.show(None)

    @on(SuggestionList.SuggestionClicked)
    def _suggestion_clicked(self, message: SuggestionList.SuggestionClicked) -> None:
        message.stop()
        self._insert(message.action)

    def action_choose(self, by: int) -> None:
        self._list.choose(by)

    async def action_enter(self) -> None:
        self.action_take()
        await self._prompt.action_submit()

    def action_take(self) -> None:
        self._list.typed = typed_action(self._prompt.value) or ""  # keys typed ahead come before `Typed`
        if self._list.chosen is not None:
            self._insert(self._list.chosen)

    def action_leave(self) -> None:
        self.show(None)

    def _insert(self, action: str) -> None:
        self.show(None)
        self._prompt.write(action_line(action))

    @property
    def _list(self) -> SuggestionList:
        return self.query_one(SuggestionList)

    @property
    def _prompt(self) -> Prompt:
        return self.query_one(Prompt)
