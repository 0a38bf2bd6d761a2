"""The status line: a message, or else the most used keys. A click shows a message whole, or runs a key."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, chain
from typing import Literal

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from recode_tui.debug.keys import (
    CHANGING,
    FOCUSED,
    FOLLOWING,
    GROUPS,
    OPENING,
    READ_ONLY,
    RECORDING,
    RUNNING,
    Key,
    display,
    shown,
)
from recode_tui.debug.view import Severity
from recode_tui.text import one_line, plain

State = Literal["opening", "running", "idle", "recording", "following", "read-only"]
_SHOWN: dict[State, tuple[Key, ...]] = {
    "opening": OPENING,
    "running": RUNNING,
    "idle": tuple(chain(*GROUPS.values())),
    "recording": RECORDING,
    "following": FOLLOWING,
    "read-only": READ_ONLY,
}


_WIDE = 98  # cells from which on the keys of the focused panel have a third of the line, else a fifth
_SIGNS = {"enter": "⏎", "left,right": "← →"}


class StatusLine(Static):
    """The line of keys, those of the focused `panel` first, replaced by a message until the next command.

    `last` is the last message.
    """

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; color: $quiet; padding: 0 1; }
    """

    message: reactive[tuple[Severity, str]] = reactive(("info", ""), repaint=False)
    state: reactive[State] = reactive("idle", repaint=False)
    panel: reactive[str] = reactive("plan", repaint=False)

    class MessageClicked(Message):
        """Posted when the user clicks the message."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.last = ""
        self._ends: list[tuple[int, str]] = []
        self._keys = Content("")
        self._situation: tuple[int, State, str] | None = None  # in which these are the keys

    def watch_message(self) -> None:
        self.last = self.message[1] or self.last
        self.refresh_text()

    def watch_state(self) -> None:
        self.refresh_text()

    def watch_panel(self) -> None:
        self.refresh_text()

    def on_resize(self) -> None:
        self.refresh_text()

    def fits(self, text: str) -> bool:
        """Whether a message is shown whole."""
        return "\n" not in text and cell_len(plain(text)) <= self.size.width

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
            if self._situation != (situation := (width, self.state, self.panel)):
                self._keys, self._ends = _keys(width, self._panel_keys(width), _SHOWN[self.state])
                self._situation = situation
            self.update(self._keys, layout=False)

    def _panel_keys(self, width: int) -> list[Key]:
        """The keys of the focused panel that have room, while the run is paused."""
        if self.state in ("opening", "running"):
            return []
        is_fixed = self.state in ("recording", "read-only")
        keys = [key for key in FOCUSED[self.panel] if not (is_fixed and key.action in CHANGING)]
        ends = accumulate(_key_text(key).cell_length + 2 for key in keys)
        room = width // (3 if width >= _WIDE else 5)
        return [key for key, end in zip(keys, ends, strict=True) if end - 2 <= room]

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
    line, more = one_line(text, width), f" ({shown('read')} reads it whole)"
    if line == one_line(text, len(text)) and "\n" not in text.strip():
        return line
    return f"{one_line(text, max(1, width - len(more)))}{more}"


def _keys(width: int, own: list[Key], keys: Iterable[Key]) -> tuple[Content, list[tuple[int, str]]]:
    """Return the panel's `own` keys and those that fit, and for each its end column and its action."""
    shown, ends = Content(""), []
    for key in own:
        shown = Content.assemble(shown, "  " if shown else "", _key_text(key))
        ends.append((shown.cell_length, key.action))
    shown = Content.assemble(shown, ("  │", "$faint")) if own else shown
    pieces = [(key, _key_text(key)) for key in keys if key.label]
    kept = sum(piece.cell_length + 2 for key, piece in pieces if key.stays)
    for key, piece in pieces:
        kept -= piece.cell_length + 2 if key.stays else 0
        if shown.cell_length + 2 + piece.cell_length + kept <= width:
            shown = Content.assemble(shown, "  " if shown else "", piece)
            ends.append((shown.cell_length, key.action))
    return shown, ends


def _key_text(key: Key) -> Content:
    name = _SIGNS.get(key.keys) or display(key.keys.partition(",")[0])
    return Content.assemble((name, "$footer-key-foreground"), (f" {key.label}", "$quiet"))
