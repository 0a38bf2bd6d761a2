"""An index of all branches of a session: their forks, stops, actions, calls and failures."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from recode_core.events import (
    ActionFinished,
    ActionReached,
    BranchStarted,
    CallFailed,
    EpisodeFinished,
    Event,
    ExpansionReplied,
    ExpansionRequested,
    LimitReached,
    Outcome,
    StatementFailed,
    StatementReached,
    WorldFailed,
    WorldReset,
)
from recode_core.log import MAIN, Record
from recode_core.timeline.history import latest
from recode_core.timeline.stop_track import UNIT, StopTrack
from recode_core.timeline.stops import START, StopKind, kind_after

_FOLDABLE = (StatementReached, ExpansionRequested, ActionReached)
"""Stops that are folded in later passes of a loop; every other one is on the track by itself."""


_COUNTED = frozenset(
    {
        *(WorldReset, ActionFinished, ExpansionReplied, StatementFailed, CallFailed, WorldFailed),
        *(LimitReached, EpisodeFinished),
    }
)
"""Events that change the totals, or are marked. Most events are none of these."""


class Totals(msgspec.Struct, frozen=True, gc=False):
    """The totals of a line after record `n`: actions, paid calls, score, and the outcome if it has ended."""

    n: int = -1
    steps: int = 0
    calls: int = 0
    score: float = 0.0
    outcome: Outcome | None = None


class BranchSummary(msgspec.Struct, frozen=True):
    """A branch with its result, which includes what its parents did before the fork.

    `is_failed` is set if a run that has not ended stopped at a failure.
    """

    name: str
    started: BranchStarted | None
    outcome: Outcome | None
    score: float
    steps: int
    calls: int
    is_failed: bool = False


@dataclass(slots=True)
class BranchSpan:
    """A branch in the index.

    `track` has its own stops, of the kinds `kinds`. The line of the branch has `first` others before them,
    up to the fork, which is at position `fork` of the parent's track; `last` is the kind of the line's last
    stop. `actions`, `calls` and `failures` are numbers of its own records of that kind. `totals` are those of
    its line after each record that changed them, starting with those at the fork.
    """

    name: str
    started: BranchStarted | None
    totals: list[Totals]
    first: int = 0
    fork: int = 0
    track: StopTrack = field(default_factory=StopTrack)
    kinds: list[StopKind] = field(default_factory=list)
    last: StopKind = START.kind
    actions: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome | None:
        """The outcome of its line; None if that has not ended."""
        return self.totals[-1].outcome

    @property
    def count(self) -> int:
        """The number of stops of its line."""
        return self.first + len(self.track)


class BranchIndex:
    """A span for each branch, in the order of their start. `length` is the end of the longest track.

    The stops of a line are counted from 0, which is the start of the run, as in `Timeline.stops`.

    `add` is called under the log's lock. Other threads may read without it: a span is complete before it is
    listed, and its lists only grow. They may see the last record before its mark.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        main = BranchSpan(MAIN, None, [Totals()])
        main.track.add(START.n, None)
        main.kinds.append(START.kind)
        self.spans: dict[str, BranchSpan] = {MAIN: main}
        self.length = main.track.end
        self.added = 0
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Add the next record of the session."""
        n, event = record.n, record.event
        self.added += 1
        if isinstance(event, BranchStarted):
            self.spans[record.branch] = self._fork(record.branch, event)
        span = self.spans[record.branch]
        if type(event) in _COUNTED:
            self._count(span, n, event)
        if (kind := kind_after(event, span.last)) is not None:
            span.last = kind
            span.kinds.append(kind)
            span.track.add(n, event.place if isinstance(event, _FOLDABLE) else None)
            if span.track.end > self.length:
                self.length = span.track.end

    def _count(self, span: BranchSpan, n: int, event: Event) -> None:
        last = span.totals[-1]
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
                span.totals.append(replace(last, n=n, score=score, outcome=outcome))

    def branches(self) -> tuple[BranchSummary, ...]:
        """Every branch with its result, in the order in which they were started."""
        found = []
        for span in tuple(self.spans.values()):
            last = span.totals[-1]
            is_failed = last.outcome is None and span.last == "failure"
            found.append(
                BranchSummary(
                    span.name, span.started, last.outcome, last.score, last.steps, last.calls, is_failed
                )
            )
        return tuple(found)

    # the stops of a line

    def stop_index(self, branch: str, n: int) -> int:
        """The last stop up to record `n`."""
        span, last = self.spans[branch], n
        while span.started is not None and (not len(span.track) or last < span.track.numbers[0]):
            last = min(last, span.started.at)
            span = self.spans[span.started.parent]
        return span.first + bisect_right(span.track.numbers, last) - 1

    def stop_near(self, branch: str, position: int) -> int:
        """The last stop at or before a position."""
        span, last = self.spans[branch], self.spans[branch].count - 1
        while span.started is not None and (position < span.track.start or not len(span.track)):
            last = min(last, span.first - 1)  # the later stops of the parent are not on this line
            span = self.spans[span.started.parent]
        return min(last, span.first + span.track.index_at(position))

    def stop_record(self, branch: str, index: int) -> int:
        """The record of a stop."""
        span = self._span_of(branch, index)
        return span.track.numbers[index - span.first]

    def stop_position(self, branch: str, index: int) -> int:
        """The position of a stop."""
        span = self._span_of(branch, index)
        return span.track.position(index - span.first)

    # inside

    def _fork(self, name: str, started: BranchStarted) -> BranchSpan:
        """A branch that starts now, its first stop one unit after the stop at which it left its parent."""
        at = self.stop_index(started.parent, started.at)
        fork = self.stop_position(started.parent, at)
        totals = self._totals(started.parent, started.at)
        last = self._stop_kind(started.parent, at)
        return BranchSpan(name, started, [totals], at + 1, fork, StopTrack(fork + UNIT), last=last)

    def _stop_kind(self, branch: str, index: int) -> StopKind:
        """The kind of a stop."""
        span = self._span_of(branch, index)
        return span.kinds[index - span.first]

    def _span_of(self, branch: str, index: int) -> BranchSpan:
        """The branch on a branch's line that has a stop."""
        span = self.spans[branch]
        while span.started is not None and index < span.first:
            span = self.spans[span.started.parent]
        return span

    def _totals(self, branch: str, n: int) -> Totals:
        """The totals of a branch's line after record `n`."""
        span = self.spans[branch]
        while span.started is not None and n <= span.started.at:
            span = self.spans[span.started.parent]
        return latest(span.totals, n) or span.totals[0]
