"""The driver of an app that is drawn in a browser, through the pipes to the server that started it.

`textual.drivers.web_driver.WebDriver` of Textual 8.2 does two things that an app with a running task cannot
use:

- It raises when the server is gone. The loss of its pipe is the loss of the terminal (`_write_or_leave`).
- It replaces the handlers of signals, so that nobody would end the app if its event loop hangs. They are put
  back (`start_application_mode`).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.drivers.web_driver import WebDriver

from recode_tui import shutdown

_REPLACED = (signal.SIGINT, signal.SIGTERM)


class ServedDriver(WebDriver):
    """Ends the program when the server goes away."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._write: Callable[[bytes], int] = self._write_or_leave  # type: ignore[assignment]
        self._is_gone = False

    def start_application_mode(self) -> None:
        handlers = {number: signal.getsignal(number) for number in _REPLACED}
        wakeup = signal.set_wakeup_fd(-1)
        super().start_application_mode()
        if os.name == "posix":
            for number, handler in handlers.items():
                asyncio.get_running_loop().remove_signal_handler(number)
                signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)

    def _write_or_leave(self, data: bytes) -> int:
        """Write all of a packet; after a write that failed, everything is discarded."""
        left = data
        while left and not self._is_gone:
            try:
                left = left[os.write(self.fileno, left) :]
            except OSError:
                self._is_gone = True
                shutdown.terminal_gone()
        return len(data)
