"""Whether the debugger is busy, and whether it was asked to pause."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

State = Literal["paused", "running", "pausing"]


class Activity:
    """The state of a debugger. `pause` and `is_pausing` may be called from any thread."""

    def __init__(self) -> None:
        self.state: State = "paused"
        self._pause = threading.Event()
        self._depth = 0

    @property
    def is_pausing(self) -> bool:
        """Whether the current command has to end at its next stop."""
        return self._pause.is_set()

    def pause(self) -> None:
        """End the current command at its next stop; everything recorded so far is kept."""
        self._pause.set()
        if self.state == "running":
            self.state = "pausing"

    @contextmanager
    def busy(self) -> Iterator[None]:
        """A block that `pause` can end; inside it the state is `running` or `pausing`.

        Blocks may be nested: a pause applies until the outermost block is left.
        """
        if not self._depth:
            self.state = "running"
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self.state = "paused"
                self._pause.clear()
