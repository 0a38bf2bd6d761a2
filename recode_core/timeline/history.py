"""Histories: what something was from record `n` on, in order, so that any moment is found by bisection."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Numbered(Protocol):
    """Something that holds from record `n` on."""

    @property
    def n(self) -> int: ...


_T = TypeVar("_T", bound=Numbered)


def _number(entry: Numbered) -> int:
    return entry.n


def count(entries: Sequence[Numbered], n: int) -> int:
    """How many entries are not after record `n`."""
    return bisect_right(entries, n, key=_number)


def latest(entries: Sequence[_T], n: int) -> _T | None:
    """The last entry that is not after record `n`."""
    at = bisect_right(entries, n, key=_number)
    return entries[at - 1] if at else None
