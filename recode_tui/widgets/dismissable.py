"""Screens that ignore every message after they were dismissed.

Between the key that dismisses a screen and the removal of its widgets more may arrive: another key, a
timer, the result of a worker, a callback after the next refresh. It would find widgets that are being
removed, or reach the screen below. So a dismissed screen handles nothing, and is dismissed only once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from textual import events, messages
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.message import Message
from textual.worker import WorkType

from recode_tui._textual.compositor import SpanScreen
from recode_tui._textual.message_filter import MessageFilter

Result = TypeVar("Result")
_ALWAYS_HANDLED = (
    *(events.ScreenSuspend, events.Unmount, messages.CloseMessages, messages.Prune),  # its removal
    *(events.Callback, messages.InvokeLater),  # others wait for these
)


class DismissableScreen(MessageFilter, SpanScreen[Result]):
    """A screen that ignores messages once it is dismissed."""

    @property
    def is_dismissed(self) -> bool:
        """Whether the screen is dismissed, or not shown yet, or the app shuts down."""
        return not (self.is_attached and self.app.is_running) or self not in self.app.screen_stack

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Dismiss the screen and all screens above it. Does nothing if it is dismissed already."""
        if self.is_dismissed:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.screen.dismiss()
        self.workers.cancel_node(self)  # even one that has not started
        return super().dismiss(result)

    def run_in_background(
        self,
        task: Callable[..., Coroutine[None, None, None]],
        *args: object,
        group: str = "default",
        exclusive: bool = False,
    ) -> None:
        """Run a coroutine until the screen is dismissed. It may never start."""
        work: WorkType[None] = partial(task, *args)
        self.run_worker(work, group=group, exclusive=exclusive)

    def call_after_refresh(self, callback: Any, *args: Any, **kwargs: Any) -> bool:
        return super().call_after_refresh(self._unless_dismissed, partial(callback, *args, **kwargs))

    def _unless_dismissed(self, callback: Any) -> Any:
        return None if self.is_dismissed else callback()

    def is_ignored(self, message: Message) -> bool:
        return self.is_dismissed and not isinstance(message, _ALWAYS_HANDLED)


class PaletteScreen(CommandPalette, DismissableScreen[None]):
    """The command palette, which ignores messages once it is dismissed."""
