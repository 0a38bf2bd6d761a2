"""Histories: values with the record `n` from which they hold, in order, so that lookups use bisection."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Numbered(Protocol):
    """A value that holds from record `n` on."""

    @property
    def n(self) -> int: ...


_T = TypeVar("_T", bound=Numbered)


def _number(entry: Numbered) -> int:
    return entry.n


def count(entries: Sequence[Numbered], n: int) -> int:
    """The number of entries up to record `n`."""
    return bisect_right(entries, n, key=_number)


def latest(entries: Sequence[_T], n: int) -> _T | None:
    """The last entry up to record `n`."""
    at = bisect_right(entries, n, key=_number)
    return entries[at - 1] if at else None
