"""The timelines of all branches of a log, reading each record once."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from recode_core.log import MAIN, Log, Record
from recode_core.timeline.timeline import Timeline


def timelines(log: Log) -> Iterator[tuple[str, Timeline]]:
    """Each branch with its timeline, in the order in which they were started.

    The timeline of a branch is a copy of its parent's at the fork, to which its own records are added.
    """
    records = tuple(log.records)  # first: another thread may start a branch
    own: dict[str, list[Record]] = {branch: [] for branch in log.branches}
    for record in records:
        own[record.branch].append(record)
    leaving = _leaving(log)
    timelines_at_fork = {MAIN: Timeline()}
    for branch, its in own.items():
        timeline, waiting = timelines_at_fork.pop(branch), sorted(leaving[branch], reverse=True)
        timeline.branch = branch
        for record in its:
            while waiting and waiting[-1][0] < record.n:
                timelines_at_fork[waiting.pop()[1]] = timeline.copy()
            timeline.add(record)
        timelines_at_fork |= {name: timeline.copy() for _, name in waiting}
        yield branch, timeline


def _leaving(log: Log) -> dict[str, list[tuple[int, str]]]:
    """The forks of each branch, as (record, branch), within its own records or at its start."""
    found: dict[str, list[tuple[int, str]]] = {branch: [] for branch in log.branches}
    for branch, started in log.branches.items():
        while started is not None and (above := log.branches[started.parent]) and started.at <= above.at:
            started = msgspec.structs.replace(started, parent=above.parent)  # a fork of the parent's parent
        if started is not None:
            found[started.parent].append((started.at, branch))
    return found
