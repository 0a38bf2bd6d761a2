"""Screens that are left once: what reaches them afterwards finds nobody.

Between the key that closes a screen and its end more may arrive: a second key, a timer, what a worker
found, what was to be done after the next picture. By then its widgets are going, and the screen below it
is not meant. So a screen that was left answers nothing, and is left no second time.
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

Result = TypeVar("Result")
_STILL_HEARD = (
    *(events.ScreenSuspend, events.Unmount, messages.CloseMessages, messages.Prune),  # its end
    *(events.Callback, messages.InvokeLater),  # what others wait for
)


class Leavable(SpanScreen[Result]):
    """A screen that hears nothing once it was left."""

    @property
    def is_left(self) -> bool:
        """Whether it was left, or its app shuts down. What arrives then finds nothing to be shown in."""
        return not (self.is_attached and self.app.is_running) or self not in self.app.screen_stack

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave it, with whatever was opened over it; once it was left, nothing more happens."""
        if self.is_left:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.screen.dismiss()
        self.workers.cancel_node(self)  # also one that has not begun
        return super().dismiss(result)

    def aside(
        self,
        task: Callable[..., Coroutine[None, None, None]],
        *args: object,
        group: str = "default",
        exclusive: bool = False,
    ) -> None:
        """Have something go on beside the keys, until the screen is left; it may never begin."""
        work: WorkType[None] = partial(task, *args)
        self.run_worker(work, group=group, exclusive=exclusive)

    def call_after_refresh(self, callback: Any, *args: Any, **kwargs: Any) -> bool:
        return super().call_after_refresh(self._while_open, partial(callback, *args, **kwargs))

    def _while_open(self, callback: Any) -> Any:
        return None if self.is_left else callback()

    async def _on_message(self, message: Message) -> None:
        if not self.is_left or isinstance(message, _STILL_HEARD):
            await super()._on_message(message)


class PaletteScreen(CommandPalette, Leavable[None]):
    """The command palette, left once."""
