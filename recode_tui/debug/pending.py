"""Pending commands and their status text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from recode_tui.debug.keys import shown
from recode_tui.text import one_line

if TYPE_CHECKING:
    from recode_core.debugger.wait import Wait
    from recode_core.session import Settings
    from recode_core.timeline.stops import StopKind
    from recode_tui.debug.engine import Engine

_PATIENCE = 0.25  # seconds for which a command may run while the next one waits for it


class PendingCommand(NamedTuple):
    """Commands that were given to the engine, as text; `is_typed` if the user expects to see their output."""

    text: str
    is_typed: bool = False


class Pending:
    """At first the opening of `what`, the session; then the commands, in the order they were given."""

    def __init__(self, engine: Engine, what: str) -> None:
        self._engine = engine
        self._opening = f"opening {what}"
        self._environment = "the environment"
        self._commands: list[PendingCommand] = []
        self._since = time.monotonic()

    @property
    def is_opening(self) -> bool:
        """Whether the session is not open yet."""
        return bool(self._opening)

    @property
    def is_command(self) -> bool:
        """Whether a command is running or waiting."""
        return bool(self._commands)

    @property
    def count(self) -> int:
        """The number of commands that are running or waiting."""
        return len(self._commands)

    @property
    def is_undo(self) -> bool:
        """Whether an undo or a redo is running or waiting."""
        return any(command.text in ("undo", "redo") for command in self._commands)

    @property
    def is_long(self) -> bool:
        """Whether the engine has been busy for so long that this is shown, and that no command may wait."""
        is_long = time.monotonic() - self._since > _PATIENCE
        return bool(self._commands or self._opening) and (is_long or self._engine.is_pausing)

    def opened(self, environment: str) -> None:
        """The session is open; its environment has this name."""
        self._opening = ""
        self._environment = environment
        self._since = time.monotonic()

    def begin(self, command: PendingCommand) -> None:
        """A command was given to the engine."""
        self._since = self._since if self._commands or self._opening else time.monotonic()
        self._commands.append(command)

    @property
    def seconds(self) -> float:
        """The time for which the first command has been running."""
        return time.monotonic() - self._since

    def finish(self) -> PendingCommand:
        """The first command is finished."""
        self._since = time.monotonic()
        return self._commands.pop(0)

    @property
    def since(self) -> float:
        """The time (monotonic seconds) since which the engine does what `text` says."""
        wait = self._engine.waits_for
        return self._since if wait is None else max(wait.since, self._since)

    @property
    def text(self) -> str:
        """The current activity of the engine."""
        if self._opening:
            return self._opening
        wait = self._engine.waits_for
        doing = _waiting(wait, self._environment) if wait is not None else ""
        if self._engine.is_pausing:
            return f"pausing, {doing}" if doing else "pausing"
        return doing or (self._commands[0].text if self._commands else "running")

    @property
    def hint(self) -> str:
        """The current activity of the engine, and the keys that end it."""
        if self._opening:
            return (
                f"{self._opening}, for {time.monotonic() - self._since:.0f} s so far: {shown('leave')} leaves"
            )
        pause = shown("pause")
        return f"{self.text}: {pause} pauses, a second {pause} aborts"


def waiting_text(stop: StopKind, settings: Settings) -> str:
    """The pending operation of a run that another process writes, by its last stop."""
    match stop:
        case "model":
            return f"waiting for {one_line(settings.model or settings.policy, 40)}"
        case "action":
            return f"waiting for {one_line(settings.environment, 24)}"
    return "running"


def _waiting(wait: Wait, environment: str) -> str:
    match wait.kind:
        case "model":
            return f"waiting for {'the expert' if wait.name == 'expert' else one_line(wait.name, 40)}"
        case "person":
            return "waiting for you"
        case "environment":
            return f"waiting for {one_line(environment, 24)} ({one_line(wait.name, 40) or 'reset'})"
        case "replay":
            many = "action" if wait.total == 1 else "actions"
            return f"restoring the world: {wait.done:,} of {wait.total:,} {many}"
