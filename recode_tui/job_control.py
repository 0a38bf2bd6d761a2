"""Job control: stop on ctrl+z, and redraw when the shell continues the job."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recode_tui._textual.driver import TerminalDriver


class JobControl:
    """Restores the terminal before the process stops, and starts application mode again when it continues.

    It replaces Textual's handlers, which stop this process alone, so that a script or `time` that started it
    never stops; which block in a signal handler on a queue that the interrupted code may hold; and which
    start application mode twice when a process stopped with SIGSTOP continues. `draw` redraws everything.
    """

    def __init__(self, driver: TerminalDriver, draw: Callable[[], object]) -> None:
        self._driver = driver
        self._draw = draw
        self._loop = asyncio.get_running_loop()
        self._is_stopping = False
        signal.signal(signal.SIGTSTP, lambda *_: self._on_stop())
        signal.signal(signal.SIGCONT, lambda *_: self._on_continue())

    @property
    def can_stop(self) -> bool:
        """Whether a shell can continue the job: a session leader has none."""
        return os.getpgrp() != os.getsid(0)

    def stop(self) -> None:
        """Stop all processes of the job. Returns when it continues in the foreground."""
        self._driver.suspend_application_mode()
        self._is_stopping = True
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.killpg(0, signal.SIGTSTP)  # has no effect on an orphaned process group
        signal.signal(signal.SIGTSTP, handler)
        self._is_stopping = False
        self._restart()

    def _on_stop(self) -> None:
        if self._driver.is_lent:  # nothing is drawn: the event loop waits for the other program
            os.kill(os.getpid(), signal.SIGSTOP)
        elif self.can_stop:
            self._loop.call_soon_threadsafe(self.stop)

    def _on_continue(self) -> None:
        if not self._is_stopping and not self._driver.is_lent:
            self._loop.call_soon_threadsafe(self._restart)

    def _restart(self) -> None:
        """Start application mode again, since another program may have changed the terminal, and redraw.

        In the background the driver stops the process before that, until the next SIGCONT.
        """
        if self._driver.is_drawing:
            self._driver.suspend_application_mode()
        self._driver.resume_application_mode()
        self._draw()
