"""How the program is ended from outside: by ctrl+c, SIGTERM, SIGHUP, or because its terminal is gone.

The first of them asks for an end: it raises KeyboardInterrupt in the main thread, or calls what `asks` was
given. The main thread may be in a call that never returns, so another thread hears of it, too. It ends the
statement that runs in a sandbox, at once or, where `asks` was given something to call, after a while, and in
the end the process itself, whatever that does.
After a second signal it does so at once. That loses nothing: each record was in its file when it was made.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

INTERRUPTED = 130
"""The exit code of a program that was ended from outside."""

_PATIENCE = 3.0  # seconds from the first signal until statements that run are ended
_GRACE = 4.0  # … until the process is
_HURRY = 0.5  # seconds from the second signal until the process is ended
_POLITE = 0.3  # seconds for the last words
_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_GONE, _LOOK, _STOP = 0, 254, 255  # no signals have these numbers


class Asked:
    """Whether an end was asked for."""

    def __init__(self) -> None:
        self.is_true = False


_asked = Asked()
_ask: Callable[[], object] | None = None
_last_words: list[Callable[[], None]] = []
_pipe: int | None = None
_terminal: int | None = None


@contextmanager
def heeded() -> Iterator[Asked]:
    """Heed signals that end the program, those apart that it was started to ignore."""
    global _asked, _pipe
    _asked = asked = Asked()
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield asked
        return
    read, _pipe = os.pipe()
    os.set_blocking(_pipe, False)
    before = {number: signal.getsignal(number) for number in _ENDING}
    wakeup = signal.set_wakeup_fd(_pipe, warn_on_full_buffer=False)
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _handle)
    watcher = threading.Thread(target=_Watcher(read).run, name="ending", daemon=True)
    watcher.start()
    try:
        yield asked
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        _tell(_STOP)
        watcher.join()
        os.close(_pipe)
        os.close(read)
        _pipe = None


@contextmanager
def asks(ask: Callable[[], object], terminal: int) -> Iterator[None]:
    """Have `ask` called, from any thread, when the program is to end; it must return at once.

    That is also when a terminal goes away; the descriptor is watched, whoever reads and writes there.
    """
    global _ask, _terminal
    _ask, _terminal = ask, terminal
    _tell(_LOOK)
    try:
        yield
    finally:
        _ask = None


@contextmanager
def says(last: Callable[[], None]) -> Iterator[None]:
    """Have `last` called before the process is ended from the other thread, if that has to be."""
    _last_words.append(last)
    try:
        yield
    finally:
        _last_words.remove(last)


def terminal_gone() -> None:
    """End the program as a signal does, since its terminal is gone. From any thread, any number of times."""
    _asked.is_true = True
    _tell(_GONE)
    if _ask is not None:
        with suppress(RuntimeError):  # the event loop has just ended
            _ask()


def leave(code: int) -> None:
    """End the process without waiting for the threads that are left. In the main thread."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)  # the end is here
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    _end_workers()
    os._exit(code)


def _tell(number: int) -> None:
    if _pipe is not None:
        with suppress(OSError):
            os.write(_pipe, bytes([number]))


def _handle(number: int, frame: FrameType | None) -> None:
    _asked.is_true = True
    if _ask is None:
        raise KeyboardInterrupt
    _ask()


# in the thread


class _Watcher:
    """Hears what is written to the pipe: the numbers of signals, which the system puts there, and our own."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._ready = select.poll()
        self._ready.register(pipe, select.POLLIN)
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._was_hangup = False

    def run(self) -> None:
        """Do what is due, until told to stop."""
        number = _LOOK
        while number != _STOP:
            left = max(0.0, self._due[0][0] - time.monotonic()) * 1000 if self._due else None
            found = [file for file, _ in self._ready.poll(left)]
            if not found:
                self._due.pop(0)[1]()
            elif self._pipe in found:
                number = os.read(self._pipe, 1)[0]
                self._hear(number)
            else:
                self._ready.unregister(found[0])
                terminal_gone()

    def _hear(self, number: int) -> None:
        if number == _LOOK and _terminal is not None:
            self._ready.register(_terminal, 0)  # 0: for nothing but its hanging up
        elif number == _GONE or (number in _ENDING and signal.getsignal(number) is _handle):
            if _ask is None:
                _end_main_feed()  # the main thread sees the signal only when its feed is over
            self._end(is_hangup=number in (_GONE, getattr(signal, "SIGHUP", _GONE)))

    def _end(self, *, is_hangup: bool) -> None:
        """The program is to end: soon, and at once the second time."""
        now = time.monotonic()
        if not self._due:
            self._due = [(now + _PATIENCE, _end_workers), (now + _GRACE, _give_up)]
        elif not (self._was_hangup and is_hangup):  # which is told in several ways, also by the shell
            self._due = [(now, _end_workers), (now + _HURRY, _give_up)]
        self._was_hangup = is_hangup


def _end_main_feed() -> None:
    """End the statement that the main thread runs, whose sandbox stays of use."""
    if (feeding := sys.modules.get("recode_core.interpreter.feeding")) is not None:
        feeding.end_main_feed()


def _end_workers() -> None:
    """End what runs in sandboxes: nobody waits for a statement any more."""
    if (sessions := sys.modules.get("recode_core.interpreter.sessions")) is not None:
        sessions.end_workers()


def _give_up() -> None:
    """End the process. A terminal that takes nothing more must not keep it."""
    last = threading.Thread(target=_say_last_words, daemon=True)
    last.start()
    last.join(_POLITE)
    _end_workers()
    os._exit(INTERRUPTED)


def _say_last_words() -> None:
    for say in reversed(_last_words):
        with suppress(Exception):
            say()
