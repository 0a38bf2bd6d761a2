"""Whether the debugger is at work, and whether that is to end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

State = Literal["paused", "running", "pausing"]


class Activity:
    """The work of a debugger. `pause` and `is_pausing` may be called from any thread."""

    def __init__(self) -> None:
        self.state: State = "paused"
        self._pause = threading.Event()
        self._depth = 0

    @property
    def is_pausing(self) -> bool:
        """Whether what is under way is to end at its next stop."""
        return self._pause.is_set()

    def pause(self) -> None:
        """End what is under way at its next stop; what has happened is kept."""
        self._pause.set()
        if self.state == "running":
            self.state = "pausing"

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Work that `pause` is to end: while it goes on, the state is `running` or `pausing`.

        Work may be part of other work: a pause holds until the outermost is over.
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
