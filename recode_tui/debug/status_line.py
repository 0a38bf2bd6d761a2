"""The status line: a message, or else the most used keys. A click shows a message whole, or runs a key."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Literal

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from recode_tui.debug.keys import GROUPS, OPENING, RUNNING, Key
from recode_tui.debug.view import Severity
from recode_tui.text import one_line

State = Literal["opening", "running", "idle"]
_SHOWN: dict[State, tuple[Key, ...]] = {
    "opening": OPENING,
    "running": RUNNING,
    "idle": tuple(chain(*GROUPS.values())),
}


_READ = " (M reads it whole)"


class StatusLine(Static):
    """The line of keys, replaced by a message until the next command. `last` is the last message."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; color: $quiet; padding: 0 1; }
    """

    message: reactive[tuple[Severity, str]] = reactive(("info", ""), repaint=False)
    state: reactive[State] = reactive("idle", repaint=False)

    class MessageClicked(Message):
        """Posted when the user clicks the message."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.last = ""
        self._ends: list[tuple[int, str]] = []

    def watch_message(self) -> None:
        self.last = self.message[1] or self.last
        self.refresh_text()

    def watch_state(self) -> None:
        self.refresh_text()

    def on_resize(self) -> None:
        self.refresh_text()

    def refresh_text(self) -> None:
        """Redraw the line."""
        width = self.size.width
        severity, text = self.message
        if width < 1:
            return
        if text:
            tone = "$error" if severity == "error" else "$foreground"
            self.update(Content.styled(_message(text, width), tone), layout=False)
        else:
            shown, self._ends = _keys(width, _SHOWN[self.state])
            self.update(shown, layout=False)

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the key under the mouse, or have the message shown whole."""
        if self.message[1]:
            self.post_message(self.MessageClicked())
            return
        offset = event.get_content_offset(self)
        if offset is None:
            return
        action = next((action for end, action in self._ends if offset.x < end), None)
        if action is not None:
            await self.screen.run_action(action)


def _message(text: str, width: int) -> str:
    """A message on one line; of one that is too long, the key that shows it whole."""
    line = one_line(text, width)
    if line == one_line(text, len(text)) and "\n" not in text.strip():
        return line
    return f"{one_line(text, max(1, width - len(_READ)))}{_READ}"


def _keys(width: int, keys: Iterable[Key]) -> tuple[Content, list[tuple[int, str]]]:
    """Return the keys that fit, and for each its end column and its action."""
    shown, ends = Content(""), []
    pieces = [(key, _key_text(key)) for key in keys if key.label]
    kept = sum(piece.cell_length + 2 for key, piece in pieces if key.stays)
    for key, piece in pieces:
        kept -= piece.cell_length + 2 if key.stays else 0
        if shown.cell_length + 2 + piece.cell_length + kept <= width:
            shown = Content.assemble(shown, "  " if shown else "", piece)
            ends.append((shown.cell_length, key.action))
    return shown, ends


def _key_text(key: Key) -> Content:
    name = {"colon": ":", "question_mark": "?", "slash": "/"}.get(key.keys, key.keys.partition(",")[0])
    return Content.assemble((name, "$accent"), (f" {key.label}", "$quiet"))
