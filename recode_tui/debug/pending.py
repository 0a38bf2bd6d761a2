"""What the engine was asked for and has not answered yet, in the words of the last line and the bar."""

from __future__ import annotations

import time

from recode_tui.debug.engine import Engine

_PATIENCE = 0.25  # seconds for which something may be under way and a command wait for it


class UnderWay:
    """At first a session is opened, which `what` names; then commands, by their lines."""

    def __init__(self, engine: Engine, what: str) -> None:
        self._engine = engine
        self._opening = f"opening {what}"
        self._lines: list[str] = []
        self._since = time.monotonic()

    @property
    def is_opening(self) -> bool:
        """Whether the session is not there yet."""
        return bool(self._opening)

    @property
    def is_command(self) -> bool:
        """Whether a command is under way, or waits."""
        return bool(self._lines)

    @property
    def is_long(self) -> bool:
        """Whether what is under way has taken so long that it is shown, and no command may wait for it."""
        is_long = time.monotonic() - self._since > _PATIENCE
        return bool(self._lines or self._opening) and (is_long or self._engine.is_pausing)

    def open(self) -> None:
        """The session is there."""
        self._opening = ""
        self._since = time.monotonic()

    def begin(self, line: str) -> None:
        """A command was given."""
        self._since = self._since if self._lines or self._opening else time.monotonic()
        self._lines.append(line)

    def end(self) -> None:
        """The first command is over."""
        self._lines = self._lines[1:]
        self._since = time.monotonic()

    @property
    def text(self) -> str:
        """What is done now."""
        if self._opening:
            return self._opening
        what = self._engine.waits_for
        if self._engine.is_pausing:
            return f"pausing, waiting for {what}" if what else "pausing"
        return f"waiting for {what}" if what else (self._lines[0] if self._lines else "running")

    @property
    def way_out(self) -> str:
        """What is done now, and which keys there are against it."""
        if self._opening:
            return f"{self._opening}, for {time.monotonic() - self._since:.0f} s so far: q leaves"
        return f"{self.text}: p pauses, a second p breaks it off"
