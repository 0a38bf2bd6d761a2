"""The result of a run in numbers: a fold over its records."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recode_core.events import (
    BranchStarted,
    BranchSwitched,
    BreakpointDeleted,
    BreakpointSet,
    NoteSet,
    Outcome,
    Resumed,
    WatchSet,
)
from recode_core.executor.limits import ENVIRONMENT_STEPS
from recode_core.log import Record
from recode_core.tree import Tree

_BESIDE = (Resumed, BranchStarted, BranchSwitched, BreakpointSet, BreakpointDeleted, WatchSet, NoteSet)
"""What is recorded while nothing runs: the time before it is no time of the run."""


class Result(msgspec.Struct, frozen=True):
    """How a run ended (`outcome` is None where it has not) and what it took.

    `limit` names the limit that ended it; `cost_usd` is None where a price is unknown; `seconds` is
    the time spent running.
    """

    solved: bool
    outcome: Outcome | None
    limit: str | None
    score: float
    steps: int
    nodes: int
    depth: int
    calls: int
    tokens: int
    cost_usd: float | None
    seconds: float

    @property
    def hit_own_limit(self) -> bool:
        """Whether a limit of the user's ended the run, not the environment's."""
        return self.limit is not None and self.limit != ENVIRONMENT_STEPS


def result_of(tree: Tree, records: Sequence[Record]) -> Result:
    """The result of a line of records, of which `tree` is the tree."""
    root = tree.root
    return Result(
        solved=tree.outcome == "solved",
        outcome=tree.outcome,
        limit=tree.limit.name if tree.limit and tree.outcome == "limit" else None,
        score=tree.score,
        steps=root.actions if root else 0,
        nodes=len(tree.nodes),
        depth=tree.depth,
        calls=root.calls if root else 0,
        tokens=root.tokens if root else 0,
        cost_usd=root.cost_usd if root else 0.0,
        seconds=seconds_spent(records),
    )


def seconds_spent(records: Sequence[Record]) -> float:
    """How long a line has been running, from its first record on, without the time that it lay aside."""
    if not records:
        return 0.0
    away = sum(
        records[at].time - records[at - 1].time
        for at, record in enumerate(records)
        if at and isinstance(record.event, _BESIDE)
    )
    return max(0.0, round(records[-1].time - records[0].time - away, 3))
