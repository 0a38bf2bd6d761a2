"""An index of all branches of a session: their forks, and the positions of actions, calls and failures."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

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
    WorldReset,
)
from recode_core.log import MAIN, Record
from recode_core.timeline.history import latest

_ASIDE = frozenset(ANNOTATIONS)


class Totals(msgspec.Struct, frozen=True, gc=False):
    """The totals of a line after record `n`: actions, paid calls, score."""

    n: int = -1
    steps: int = 0
    calls: int = 0
    score: float = 0.0


class BranchSummary(msgspec.Struct, frozen=True):
    """A branch with its result. `score`, `steps` and `calls` include those of its parents before the fork."""

    name: str
    started: BranchStarted | None
    outcome: Outcome | None
    score: float
    steps: int
    calls: int


@dataclass(slots=True)
class BranchSpan:
    """A branch in the index.

    Its own records start at position `offset` of its line; `own` are their numbers, without annotations.
    `actions`, `calls` and `failures` are numbers of its own records of that kind. `totals` are those of its
    line after each record that changed them, starting with those at the fork.
    """

    name: str
    started: BranchStarted | None
    offset: int
    totals: list[Totals]
    own: list[int] = field(default_factory=list)
    actions: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def length(self) -> int:
        """The number of records of its line, without annotations."""
        return self.offset + len(self.own)


class BranchIndex:
    """A span for each branch, in the order of their start. `length` is that of the longest line.

    `add` is called under the log's lock. Other threads may read without it: a span is complete before it is
    listed, and its lists only grow. They may see the last record before its mark.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.spans: dict[str, BranchSpan] = {MAIN: BranchSpan(MAIN, None, 0, [Totals()])}
        self.length = 0
        self.added = 0
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Add the next record of the session."""
        event = record.event
        self.added += 1
        if isinstance(event, BranchStarted):
            offset = self.position(event.parent, event.at)
            totals = [self._totals(event.parent, event.at)]
            self.spans[record.branch] = BranchSpan(record.branch, event, offset, totals)
        span = self.spans[record.branch]
        if type(event) not in _ASIDE:
            span.own.append(record.n)
        n, last = record.n, span.totals[-1]
        match event:
            case WorldReset(observation=observation):
                span.totals.append(replace(last, n=n, score=observation.score))
            case ActionFinished(observation=observation):
                span.actions.append(n)
                span.totals.append(replace(last, n=n, steps=last.steps + 1, score=observation.score))
            case ExpansionReplied(by=by):
                span.calls.append(n)
                span.totals.append(replace(last, n=n, calls=last.calls + (by == "policy")))
            case StatementFailed() | CallFailed() | WorldFailed() | LimitReached():
                span.failures.append(n)
            case EpisodeFinished(outcome=outcome, score=score):
                span.outcome = outcome
                span.totals.append(replace(last, n=n, score=score))
        self.length = max(self.length, span.length)

    def branches(self) -> tuple[BranchSummary, ...]:
        """Every branch with its result, in the order in which they were started."""
        found = []
        for span in tuple(self.spans.values()):
            last = span.totals[-1]
            found.append(
                BranchSummary(span.name, span.started, span.outcome, last.score, last.steps, last.calls)
            )
        return tuple(found)

    def position(self, branch: str, n: int) -> int:
        """The number of records of a branch's line up to record `n`."""
        span = self._span_at(branch, n)
        return span.offset + bisect_right(span.own, n)

    def record(self, branch: str, position: int) -> int:
        """The record at a position of a branch's line; the last one for a larger position, -1 if there is
        none.
        """
        span = self.spans[branch]
        position = min(position, span.length)
        while span.started is not None and position <= span.offset:
            span = self.spans[span.started.parent]
        return span.own[position - span.offset - 1] if position > span.offset else -1

    def holds(self, branch: str, marks: list[int], first: int, last: int) -> bool:
        """Whether any of a span's `marks` is at a position from `first` to before `last`."""
        span = self.spans[branch]
        low, high = first - span.offset - 1, last - span.offset - 1
        if high <= 0 or not span.own:
            return False
        begin = span.own[max(0, low)] if low < len(span.own) else span.own[-1] + 1
        end = span.own[high] if high < len(span.own) else sys.maxsize  # a call may fail at the very end
        return bisect_left(marks, begin) < bisect_left(marks, end)

    def _span_at(self, branch: str, n: int) -> BranchSpan:
        """The branch on a branch's line that record `n` belongs to."""
        span = self.spans[branch]
        while span.started is not None and n <= span.started.at:
            span = self.spans[span.started.parent]
        return span

    def _totals(self, branch: str, n: int) -> Totals:
        """The totals of a branch's line after record `n`."""
        span = self._span_at(branch, n)
        return latest(span.totals, n) or span.totals[0]
