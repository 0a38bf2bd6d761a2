"""The branches of a session side by side: where each left its parent, and where what happened on it."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from recode_core.events import (
    ANNOTATIONS,
    ActionFinished,
    BranchStarted,
    CallFailed,
    EpisodeFinished,
    ExpansionReplied,
    LimitReached,
    Outcome,
    StatementFailed,
    WorldFailed,
)
from recode_core.log import MAIN, Record

_ASIDE = frozenset(ANNOTATIONS)


@dataclass(slots=True)
class Lane:
    """A branch. Its own records begin `offset` records into its line; `own` are their numbers, without
    those that take no part in the execution.

    `actions`, `calls` and `faults` are the numbers of those of its own records.
    """

    name: str
    started: BranchStarted | None
    offset: int
    own: list[int] = field(default_factory=list)
    actions: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def length(self) -> int:
        """How many records its line has."""
        return self.offset + len(self.own)


class Lanes:
    """A lane a branch, in order of their beginning. `length` is that of the longest line."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.lanes: dict[str, Lane] = {MAIN: Lane(MAIN, None, 0)}
        self.length = 0
        self.taken = 0
        for record in records:
            self.take(record)

    def take(self, record: Record) -> None:
        """Take the next record of the session."""
        event = record.event
        self.taken += 1
        if isinstance(event, BranchStarted):
            offset = self.position(event.parent, event.at)
            self.lanes[record.branch] = Lane(record.branch, event, offset)
        lane = self.lanes[record.branch]
        if type(event) not in _ASIDE:
            lane.own.append(record.n)
        match event:
            case ActionFinished():
                lane.actions.append(record.n)
            case ExpansionReplied():
                lane.calls.append(record.n)
            case StatementFailed() | CallFailed() | WorldFailed() | LimitReached():
                lane.faults.append(record.n)
            case EpisodeFinished(outcome=outcome):
                lane.outcome = outcome
        self.length = max(self.length, lane.length)

    def position(self, branch: str, n: int) -> int:
        """How many records of a branch's line are not after record `n`."""
        lane = self.lanes[branch]
        while lane.started is not None and n <= lane.started.at:
            lane = self.lanes[lane.started.parent]
        return lane.offset + bisect_right(lane.own, n)

    def record(self, branch: str, position: int) -> int:
        """The record at a position of a branch's line; the nearest one where it is shorter. -1: none."""
        lane = self.lanes[branch]
        position = min(position, lane.length)
        while lane.started is not None and position <= lane.offset:
            lane = self.lanes[lane.started.parent]
        return lane.own[position - lane.offset - 1] if position > lane.offset else -1

    def holds(self, branch: str, marks: list[int], first: int, last: int) -> bool:
        """Whether any of a lane's `marks` lies at the positions from `first` to before `last`."""
        lane = self.lanes[branch]
        low, high = first - lane.offset - 1, last - lane.offset - 1
        if high <= 0 or not lane.own:
            return False
        begin = lane.own[max(0, low)] if low < len(lane.own) else lane.own[-1] + 1
        end = lane.own[high] if high < len(lane.own) else sys.maxsize  # a call may fail at the very end
        return bisect_left(marks, begin) < bisect_left(marks, end)
