"""The branches of a session with what came of each: one pass over its records."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from recode_core.events import (
    ActionFinished,
    BranchStarted,
    EpisodeFinished,
    ExpansionReplied,
    Outcome,
    WorldReset,
)
from recode_core.log import MAIN, Record


class Branch(msgspec.Struct, frozen=True):
    """A branch. `score`, `steps` and `calls` are those of its line, from the start of the run to its end."""

    name: str
    started: BranchStarted | None
    outcome: Outcome | None
    score: float
    steps: int
    calls: int


class _Tally:
    """What a branch has come to, and what it had after each record that changed its score, steps or calls."""

    def __init__(self, started: BranchStarted | None, steps: int, score: float, calls: int) -> None:
        self.started = started
        self.steps = steps
        self.score = score
        self.outcome: Outcome | None = None
        self.calls = calls
        self.past: list[tuple[int, int, float, int]] = []

    def take(self, record: Record) -> None:
        match record.event:
            case WorldReset(observation=observation):
                self._note(record, self.steps, observation.score)
            case ActionFinished(observation=observation):
                self._note(record, self.steps + 1, observation.score)
            case ExpansionReplied(by="policy"):
                self.calls += 1
                self._note(record, self.steps, self.score)
            case EpisodeFinished(outcome=outcome, score=score):
                self.outcome = outcome
                self._note(record, self.steps, score)

    def _note(self, record: Record, steps: int, score: float) -> None:
        self.steps, self.score = steps, score
        self.past.append((record.n, steps, score, self.calls))


def branches_of(records: Iterable[Record]) -> tuple[Branch, ...]:
    """Every branch, in the order in which they were started."""
    tallies = {MAIN: _Tally(None, 0, 0.0, 0)}
    for record in records:
        if isinstance(record.event, BranchStarted):
            tallies[record.branch] = _begun(tallies, record.event)
        tallies[record.branch].take(record)
    return tuple(
        Branch(name, tally.started, tally.outcome, tally.score, tally.steps, tally.calls)
        for name, tally in tallies.items()
    )


def _begun(tallies: dict[str, _Tally], started: BranchStarted) -> _Tally:
    """A branch with what its parent had after the record where it is left."""
    parent: BranchStarted | None = started
    at = started.at
    while parent is not None:
        tally, at = tallies[parent.parent], min(at, parent.at)
        known = bisect_right(tally.past, at, key=lambda moment: moment[0])
        if known:
            return _Tally(started, *tally.past[known - 1][1:])
        parent = tally.started
    return _Tally(started, 0, 0.0, 0)
