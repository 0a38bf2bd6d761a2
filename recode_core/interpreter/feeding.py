"""The feed that keeps the main thread, so that another thread can end it when a signal arrives.

Python itself looks at a signal only between two feeds, and only in the main thread. Feeds of other
threads, such as the episodes of a batch, are not in its way.
"""

from __future__ import annotations

import threading
from typing import Protocol


class Feeding(Protocol):
    """Something that a feed may be under way in."""

    def kill(self) -> None:
        """End the feed in progress, from any thread."""


_under_way: set[Feeding] = set()


def begin(feeding: Feeding) -> None:
    """A feed begins, on the thread that calls this."""
    if threading.get_ident() == threading.main_thread().ident:
        _under_way.add(feeding)


def end(feeding: Feeding) -> None:
    """A feed is over."""
    _under_way.discard(feeding)


def end_main_feed() -> None:
    """End the feed under way in the main thread: it ends as a statement whose sandbox crashed."""
    for feeding in tuple(_under_way):
        feeding.kill()
