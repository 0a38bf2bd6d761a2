"""The driver of a terminal that may go away.

`textual.drivers.linux_driver.LinuxDriver` of Textual 8.2 has two threads that don't notice when the terminal
goes away:

- The writer thread ends with the first write that fails. Its queue is not read any more, and after 30
  pieces the app blocks when it adds another one. So it gets a file whose writes never fail (`_file`), and
  nothing is queued for a thread that has ended (`_writer_thread`).
- The input thread reads end-of-file again and again without a notice. So it has its own loop here
  (`run_input_thread`, with Textual's `XTermParser`).
"""

from __future__ import annotations

import os
import select
import sys
import termios
from codecs import getincrementaldecoder
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, cast

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

from recode_tui import shutdown
from recode_tui.encoding import STAND_INS

_TICK = 0.1  # seconds
_AS_BEFORE = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # paste, wrap, size, mouse
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"  # keys, first screen, cursor, focus
)


_KEEP_TITLE, _TITLE_AS_BEFORE = "\x1b[22;2t", "\x1b]2;\x07\x1b[23;2t"
"""The terminal's own title is kept on its stack. A terminal without one is left with an empty title."""


def set_title(app: App[Any], title: str) -> None:
    """Set the title of an app's terminal until the app gives the terminal back."""
    if isinstance(driver := app._driver, TerminalDriver):
        driver.set_title(title)


def give_back(app: App[Any]) -> None:
    """Restore the terminal of an app that hangs."""
    if isinstance(driver := app._driver, TerminalDriver):
        driver.give_back()


def driver_class(usual: type[Driver]) -> type[Driver]:
    """Return the driver to use where Textual would use `usual`."""
    return TerminalDriver if usual is LinuxDriver else usual


class TerminalDriver(LinuxDriver):
    """Ends the program when its terminal goes away."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output = _Output()
        self._file = cast(TextIOWrapper, self._output)  # the writer thread uses only write and flush
        self._parent = os.getppid()
        self._title = ""

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is None:  # Textual returns early if the terminal can't be set
            self._writer_thread = WriterThread(cast(TextIOWrapper, self._output))
            self._writer_thread.start()
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            shutdown.terminal_gone()
        if self._title:
            self.write(f"{_KEEP_TITLE}\x1b]2;{self._title}\x07")

    def stop_application_mode(self) -> None:
        if self._title:
            self.write(_TITLE_AS_BEFORE)
        super().stop_application_mode()

    def set_title(self, title: str) -> None:
        """Set the title, which contains no control codes, or with an empty one give back that of before."""
        if title == self._title:
            return
        if not title:
            self.write(_TITLE_AS_BEFORE)
        else:
            self.write(f"{'' if self._title else _KEEP_TITLE}\x1b]2;{title}\x07")
        self._title = title

    def write(self, data: str) -> None:
        if self.is_drawing:
            super().write(data)

    def run_input_thread(self) -> None:
        """Read the input until the app ends or the terminal goes away."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        is_last = False
        while not is_last:
            is_last = self.exit_event.is_set()
            text = None
            try:
                if select.select([self.fileno], [], [], _TICK)[0]:
                    data = os.read(self.fileno, 4096)
                    text = decode(data) if data else None
                    is_gone = not data
                else:
                    is_gone = self._is_orphan()
            except BlockingIOError:
                continue
            except (OSError, ValueError):  # ValueError: the descriptor was closed
                is_gone = True
            if is_gone:
                shutdown.terminal_gone()
                break
            for event in (*(parser.feed(text) if text else ()), *parser.tick()):
                self.process_message(event)
        with suppress(EOFError, ParseError):
            list(parser.feed(""))

    @property
    def is_lent(self) -> bool:
        """Whether the terminal is given to another program, such as an editor."""
        return not self._auto_restart

    @property
    def is_drawing(self) -> bool:
        """Whether the app draws on the terminal."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def _is_orphan(self) -> bool:
        """Whether the parent process has ended and another process group has the terminal."""
        return os.getppid() != self._parent and os.tcgetpgrp(self.fileno) != os.getpgrp()

    def give_back(self) -> None:
        """Restore the terminal without the threads, which may hang."""
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            self._output.write(_AS_BEFORE + (_TITLE_AS_BEFORE if self._title else ""))


class _Output:
    """The terminal as a file. After a write that failed, everything written is discarded.

    It is the standard output, which is known to be a terminal. Textual writes to the standard error.
    """

    def __init__(self) -> None:
        assert sys.__stdout__ is not None, "the app is only started on a terminal"
        self._fileno = sys.__stdout__.fileno()
        self._encoding = sys.__stdout__.encoding
        self._is_gone = False

    def fileno(self) -> int:
        return self._fileno

    def write(self, text: str) -> None:
        data = text.encode(self._encoding, STAND_INS)
        while data and not self._is_gone:
            try:
                data = data[os.write(self._fileno, data) :]
            except BlockingIOError:  # another program has made the terminal non-blocking
                select.select([], [self._fileno], [])
            except (OSError, ValueError):
                self._is_gone = True
                shutdown.terminal_gone()

    def flush(self) -> None:
        """Do nothing, since nothing is buffered."""
