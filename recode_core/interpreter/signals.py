"""Ending a feed when a signal comes: Python would only look at it when the feed is over.

A thread is told of signals at once, by the file that Python's own handler writes to, and ends the
sandbox's worker; then the main thread goes on and its handler is called. Only one file can be told:
an event loop, such as that of a screen, brings its own.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Protocol

from recode_core.once import once


class Feeding(Protocol):
    """Something that a feed may be under way in."""

    def kill(self) -> None:
        """End the feed in progress, from any thread."""


FEEDING: set[Feeding] = set()
"""What is being fed now, on whatever thread."""

_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM} | ({signal.SIGHUP} if os.name == "posix" else set()))


@once
def end_feeds_on_signals() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP end the feeds under way, if this is the main thread."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader,), name="signals", daemon=True).start()


def _watch(reader: int) -> None:
    while number := os.read(reader, 1):
        if number[0] in _SIGNALS:
            for feeding in tuple(FEEDING):
                feeding.kill()
