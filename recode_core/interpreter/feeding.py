"""The feeds under way, so that another thread can end them.

Python itself looks at a signal only between two feeds.
"""

from __future__ import annotations

from typing import Protocol


class Feeding(Protocol):
    """Something that a feed may be under way in."""

    def kill(self) -> None:
        """End the feed in progress, from any thread."""


FEEDING: set[Feeding] = set()
"""What is being fed now, on whatever thread."""


def end_feeds() -> None:
    """End the feeds under way: each ends as a statement whose sandbox crashed."""
    for feeding in tuple(FEEDING):
        feeding.kill()
