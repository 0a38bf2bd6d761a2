"""A fold over every branch of a log, in which no record is gone through twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, Self, TypeVar

import msgspec

from recode_core.log import MAIN, Log, Record


class Fold(Protocol):
    """What records come to."""

    def apply(self, record: Record) -> None:
        """Take the next record into account."""

    def copy(self) -> Self:
        """A fold that goes on by itself."""


_F = TypeVar("_F", bound=Fold)


def folded(log: Log, start: _F) -> Iterator[tuple[str, _F]]:
    """Each branch with the fold of its line, in order of their beginning; `start` is that of no record.

    A branch goes on with a copy of its parent's fold, made where it left its parent.
    """
    records = tuple(log.records)  # first: another thread may start a branch
    own: dict[str, list[Record]] = {branch: [] for branch in log.branches}
    for record in records:
        own[record.branch].append(record)
    leaving = _leaving(log)
    begun = {MAIN: start}
    for branch, its in own.items():
        fold, waiting = begun.pop(branch), sorted(leaving[branch], reverse=True)
        for record in its:
            while waiting and waiting[-1][0] < record.n:
                begun[waiting.pop()[1]] = fold.copy()
            fold.apply(record)
        begun |= {name: fold.copy() for _, name in waiting}
        yield branch, fold


def _leaving(log: Log) -> dict[str, list[tuple[int, str]]]:
    """The branches that leave each branch among its own records, or at its beginning, with where they do."""
    found: dict[str, list[tuple[int, str]]] = {branch: [] for branch in log.branches}
    for branch, started in log.branches.items():
        while started is not None and (above := log.branches[started.parent]) and started.at <= above.at:
            started = msgspec.structs.replace(started, parent=above.parent)  # it leaves the parent's parent
        if started is not None:
            found[started.parent].append((started.at, branch))
    return found
