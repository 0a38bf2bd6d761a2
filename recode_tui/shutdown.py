"""Shutdown requested from outside: by ctrl+c, SIGTERM, SIGHUP, or the loss of the terminal.

The first request raises KeyboardInterrupt in the main thread, or calls the callback given to `on_request`.
The main thread may be in a call that never returns, so a watcher thread receives the request too. It ends the
statement running in a sandbox: at once, or after a while if there is a callback. At last it ends the
process. A second signal shortens all delays.
This loses nothing: each record was written to its file when it was made.
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
"""The exit code of a program that was interrupted."""

_WORKER_DELAY = 3.0  # seconds from the first request until running statements are ended
_EXIT_DELAY = 4.0  # … until the process is ended
_SECOND_EXIT_DELAY = 0.5  # seconds from the second signal until the process is ended
_CALLBACK_TIMEOUT = 0.3  # seconds for the callbacks before a forced exit
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

# Bytes in the watcher's pipe that are not numbers of signals.
_TERMINAL_GONE, _WATCH_TERMINAL, _STOP = 0, 254, 255


class ShutdownRequest:
    """Tells whether a shutdown was requested."""

    def __init__(self) -> None:
        self.is_set = False


_request = ShutdownRequest()
_callback: Callable[[], object] | None = None
_exit_callbacks: list[Callable[[], None]] = []
_pipe: int | None = None
_terminal: int | None = None


@contextmanager
def signals_handled() -> Iterator[ShutdownRequest]:
    """Handle signals that request a shutdown, except those that were ignored before."""
    global _request, _pipe
    _request = request = ShutdownRequest()
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield request
        return
    read, _pipe = os.pipe()
    os.set_blocking(_pipe, False)
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    wakeup = signal.set_wakeup_fd(_pipe, warn_on_full_buffer=False)
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _handle)
    watcher = threading.Thread(target=_Watcher(read).run, name="shutdown", daemon=True)
    watcher.start()
    try:
        yield request
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        _send(_STOP)
        watcher.join()
        os.close(_pipe)
        os.close(read)
        _pipe = None


@contextmanager
def on_request(callback: Callable[[], object], terminal: int | None = None) -> Iterator[None]:
    """Call `callback`, from any thread, when a shutdown is requested; it must return at once.

    The loss of the terminal or pipe with that file descriptor is a request too, whoever reads and writes
    there.
    """
    global _callback, _terminal
    _callback, _terminal = callback, terminal
    if terminal is not None:
        _send(_WATCH_TERMINAL)
    try:
        yield
    finally:
        _callback = None


@contextmanager
def before_forced_exit(callback: Callable[[], None]) -> Iterator[None]:
    """Call `callback` in a thread before the watcher ends the process."""
    _exit_callbacks.append(callback)
    try:
        yield
    finally:
        _exit_callbacks.remove(callback)


def terminal_gone() -> None:
    """Request a shutdown because the terminal is gone. From any thread, any number of times."""
    _request.is_set = True
    _send(_TERMINAL_GONE)
    if _callback is not None:
        with suppress(RuntimeError):  # the event loop has just ended
            _callback()


def exit_now(code: int) -> None:
    """End the process without waiting for the threads that are left. In the main thread."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    _end_workers()
    os._exit(code)


def _send(number: int) -> None:
    if _pipe is not None:
        with suppress(OSError):
            os.write(_pipe, bytes([number]))


def _handle(number: int, frame: FrameType | None) -> None:
    _request.is_set = True
    if _callback is None:
        raise KeyboardInterrupt
    _callback()


# In the watcher's thread.


class _Watcher:
    """Reads the pipe, into which the system writes the numbers of signals, and `_send` its own."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN)
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._was_hangup = False

    def run(self) -> None:
        """Handle what is read, and call what is due, until `_STOP` is read."""
        number = _WATCH_TERMINAL
        while number != _STOP:
            left = max(0.0, self._due[0][0] - time.monotonic()) * 1000 if self._due else None
            ready = [file for file, _ in self._poll.poll(left)]
            if not ready:
                self._due.pop(0)[1]()
            elif self._pipe in ready:
                number = os.read(self._pipe, 1)[0]
                self._receive(number)
            else:
                self._poll.unregister(ready[0])
                terminal_gone()

    def _receive(self, number: int) -> None:
        if number == _WATCH_TERMINAL and _terminal is not None:
            self._poll.register(_terminal, 0)  # 0: only its hang-up
        elif number == _TERMINAL_GONE or (number in _SIGNALS and signal.getsignal(number) is _handle):
            if _callback is None:
                _end_main_feed()  # the main thread sees the signal only when its feed is over
            self._schedule(is_hangup=number in (_TERMINAL_GONE, getattr(signal, "SIGHUP", _TERMINAL_GONE)))

    def _schedule(self, *, is_hangup: bool) -> None:
        """Schedule the end of workers and process; sooner for a second request."""
        now = time.monotonic()
        if not self._due:
            self._due = [(now + _WORKER_DELAY, _end_workers), (now + _EXIT_DELAY, _force_exit)]
        elif not (self._was_hangup and is_hangup):  # one hang-up is reported in several ways
            self._due = [(now, _end_workers), (now + _SECOND_EXIT_DELAY, _force_exit)]
        self._was_hangup = is_hangup


def _end_main_feed() -> None:
    """End the statement that the main thread runs; its sandbox stays usable."""
    if (feeding := sys.modules.get("recode_core.interpreter.feeding")) is not None:
        feeding.end_main_feed()


def _end_workers() -> None:
    """End what runs in sandboxes."""
    if (sessions := sys.modules.get("recode_core.interpreter.sessions")) is not None:
        sessions.end_workers()


def _force_exit() -> None:
    """End the process, also if a callback is stuck in writing to the terminal."""
    thread = threading.Thread(target=_run_exit_callbacks, daemon=True)
    thread.start()
    thread.join(_CALLBACK_TIMEOUT)
    _end_workers()
    os._exit(INTERRUPTED)


def _run_exit_callbacks() -> None:
    for callback in reversed(_exit_callbacks):
        with suppress(Exception):
            callback()
