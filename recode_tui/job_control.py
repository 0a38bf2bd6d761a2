"""Stopping on ctrl+z, as programs with a screen do, and coming back when the shell continues the job."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recode_tui._textual.driver import TerminalDriver


class JobControl:
    """Gives the terminal back before the process stops, and takes it again when it is continued.

    Textual's own handlers stop this process alone, so that a script or `time` that started it is never seen
    to stop; they block in a signal handler on a queue that the interrupted code may hold; and they start a
    second screen when a process that was stopped with SIGSTOP is continued. `draw` draws everything.
    """

    def __init__(self, driver: TerminalDriver, draw: Callable[[], object]) -> None:
        self._driver = driver
        self._draw = draw
        self._loop = asyncio.get_running_loop()
        self._is_stopping = False
        signal.signal(signal.SIGTSTP, lambda *_: self._asked_to_stop())
        signal.signal(signal.SIGCONT, lambda *_: self._continued())

    @property
    def can_stop(self) -> bool:
        """Whether a shell is there to continue the job: one that leads its session has none above it."""
        return os.getpgrp() != os.getsid(0)

    def stop(self) -> None:
        """Stop all processes of the job. Returns once it goes on, in the foreground."""
        self._driver.suspend_application_mode()
        self._is_stopping = True
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.killpg(0, signal.SIGTSTP)  # does nothing in a group that nobody could continue
        signal.signal(signal.SIGTSTP, ours)
        self._is_stopping = False
        self._start_again()

    def _asked_to_stop(self) -> None:
        if self._driver.is_lent:  # nothing is drawn, and the loop waits for the other program
            os.kill(os.getpid(), signal.SIGSTOP)
        elif self.can_stop:
            self._loop.call_soon_threadsafe(self.stop)

    def _continued(self) -> None:
        if not self._is_stopping and not self._driver.is_lent:
            self._loop.call_soon_threadsafe(self._start_again)

    def _start_again(self) -> None:
        """Draw everything again: whoever had the terminal may have changed its modes and its content.

        In the background the driver stops the process before it has started, until the next SIGCONT.
        """
        if self._driver.is_drawing:
            self._driver.suspend_application_mode()
        self._driver.resume_application_mode()
        self._draw()
