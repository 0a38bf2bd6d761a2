"""The feed that is running in the main thread, so that another thread can end it when a signal arrives.

Python handles a signal only in the main thread, and not during a feed. Feeds of other threads, such as the
episodes of a batch, do not delay signals.
"""

from __future__ import annotations

import threading
from typing import Protocol


class Killable(Protocol):
    """A session whose running feed can be ended."""

    def kill(self) -> None:
        """End the running feed. May be called from any thread."""


_active: set[Killable] = set()


def begin(session: Killable) -> None:
    """Register the session of a feed that begins, if this is the main thread."""
    if threading.get_ident() == threading.main_thread().ident:
        _active.add(session)


def end(session: Killable) -> None:
    """Unregister the session of a feed that has ended."""
    _active.discard(session)


def end_main_feed() -> None:
    """End the running feed of the main thread. Its statement fails as after a crash of the sandbox."""
    for session in tuple(_active):
        session.kill()
