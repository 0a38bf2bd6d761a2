"""The prompt at the bottom of the screen: commands after `:`, a search after `/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from recode_tui.debug.action_line import typed_action
from recode_tui.widgets.line_input import LineInput

Mode = Literal[":", "/"]
_BREAK = "␤"  # a line break in the prompt, which has one line


class LineSuggester(Suggester):
    """Suggests the first candidate that completes a line."""

    def __init__(self, candidates: Callable[[str], Iterable[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._candidates = candidates

    async def get_suggestion(self, value: str) -> str | None:
        return next((line for line in self._candidates(value) if line.startswith(value) and value), None)


class Prompt(LineInput):
    """An input that is visible while it is used. Each mode has its own history."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "recall(-1)", "the line before", show=False),
        Binding("down", "recall(1)", "the next line", show=False),
        Binding("tab", "complete", "complete", show=False),
        Binding("escape", "cancel", "leave", show=False),
    ]
    DEFAULT_CSS = """
    Prompt {
        height: 1; border: none; padding: 0 1; background: $panel;
        &:focus { border: none; background: $panel; }
        &>.input--suggestion { color: $quiet; }
    }
    """

    class OfLine(Message):
        """Base of the messages that carry the line."""

        def __init__(self, mode: Mode, text: str) -> None:
            super().__init__()
            self.mode = mode
            self.text = text

    class Entered(OfLine):
        """Posted when the line is entered."""

    class Typed(OfLine):
        """Posted when the line changes."""

    class Cancelled(OfLine):
        """Posted when the line is cancelled."""

    class Hidden(Message):
        """Posted when the prompt is hidden."""

    class ActionsRequested(Message):
        """Posted when the user requests suggestions for the typed action."""

    def __init__(self, candidates: Callable[[str], Iterable[str]], *, id: str | None = None) -> None:
        super().__init__(id=id, suggester=LineSuggester(candidates), select_on_focus=False, compact=True)
        self.mode: Mode = ":"
        self._history: dict[Mode, list[str]] = {":": [], "/": []}
        self._at = 0
        self.display = False
        self.has_suggestions = False  # suggestions are shown and handle some of the keys
        self.offered = ""
        """A corrected command, which tab writes into an empty line."""

    def open(self, mode: Mode, text: str = "") -> None:
        """Show the prompt with an initial text."""
        self.mode, self._at = mode, 0
        hint = "a command; tab completes, up recalls" if mode == ":" else "search"
        self.placeholder = f"{self.offered}  (tab takes it)" if self.offered and mode == ":" else hint
        self.display = True
        self.screen.set_focus(self)  # at once: keys typed ahead belong to the prompt
        self.write(text)

    def write(self, text: str) -> None:
        """Replace the typed text."""
        self.value = text
        self.cursor_position = len(text)

    def close(self) -> None:
        """Hide the prompt."""
        self.display = False
        self.post_message(self.Hidden())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys of open suggestions to them."""
        return not (self.has_suggestions and action in ("recall", "complete", "cancel", "submit"))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Typed(self.mode, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._submit(event.value)

    def on_paste(self, event: events.Paste) -> None:
        """Insert a line. Several lines are entered at once; for a search they are made one."""
        event.prevent_default()
        event.stop()
        lines = event.text.strip("\r\n").splitlines()
        if len(lines) > 1 and self.mode == ":":
            start, end = sorted(self.selection)
            self._submit(
                "\n".join((self.value[:start] + lines[0], *lines[1:-1], lines[-1] + self.value[end:]))
            )
        elif lines:
            self.replace(" ".join(lines), *sorted(self.selection))

    def remember(self, text: str) -> None:
        """Add a text to the history of commands. Its line breaks are shown as a sign."""
        self._remember(":", text)

    def _remember(self, mode: Mode, text: str) -> None:
        past, line = self._history[mode], text.replace("\n", _BREAK)
        if line.strip() and past[-1:] != [line]:
            past.append(line)

    def _submit(self, text: str) -> None:
        self.close()
        if self.mode == ":" and text.strip():
            self.offered = ""
        self._remember(self.mode, text)
        self.post_message(self.Entered(self.mode, text.replace(_BREAK, "\n")))

    def on_blur(self) -> None:
        self.close()

    def action_recall(self, by: int) -> None:
        past = self._history[self.mode]
        self._at = max(-len(past), min(0, self._at + by))
        self.write(past[self._at] if self._at else "")

    def action_complete(self) -> None:
        if self.suggestion:
            self.write(self.suggestion)
        elif self.mode == ":" and not self.value:
            self.write(self.offered)
        elif self.mode == ":" and typed_action(self.value) is not None:
            self.post_message(self.ActionsRequested())

    def action_cancel(self) -> None:
        self.close()
        self.post_message(self.Cancelled(self.mode, self.value))
