"""The result of a run in numbers: a fold over its records."""

from __future__ import annotations

import re
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
    RunImported,
    WatchSet,
)
from recode_core.executor.limits import ENVIRONMENT_STEPS
from recode_core.log import Record
from recode_core.timeline import Timeline

_IMPORTED = "imported from "
_FACT = re.compile(r"[:,] (reward|steps|cost|seconds) (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?=,|$)")
_BESIDE = (Resumed, BranchStarted, BranchSwitched, BreakpointSet, BreakpointDeleted, WatchSet, NoteSet)
"""What is recorded while nothing runs: the time before it is no time of the run."""


class Result(msgspec.Struct, frozen=True):
    """How a run ended (`outcome` is None where it has not) and what it took.

    `limit` names the limit that ended it; `cost_usd` is None where a price is unknown; `seconds` is
    the time spent running. Of an imported run, what its file does not say is None.
    """

    solved: bool
    outcome: Outcome | None
    limit: str | None
    score: float | None
    steps: int | None
    nodes: int
    depth: int
    calls: int | None
    tokens: int | None
    cost_usd: float | None
    seconds: float | None

    @property
    def hit_own_limit(self) -> bool:
        """Whether a limit of the user's ended the run, not the environment's."""
        return self.limit is not None and self.limit != ENVIRONMENT_STEPS


def result_of(timeline: Timeline) -> Result:
    """The result of a timeline at its end."""
    end, nodes = timeline.end, timeline.tree.nodes.values()
    usage, limit = end.usage, end.limit
    result = Result(
        solved=end.outcome == "solved",
        outcome=end.outcome,
        limit=limit.name if limit is not None and end.outcome == "limit" else None,
        score=end.score,
        steps=end.steps,
        nodes=sum(node.is_present for node in nodes),
        depth=end.depth,
        calls=usage.calls,
        tokens=usage.tokens,
        cost_usd=usage.cost_usd,
        seconds=seconds_spent(timeline.records),
    )
    told = imported_as(timeline.records)
    return result if told is None else msgspec.structs.replace(result, **msgspec.structs.asdict(told))


def imported_as(records: Sequence[Record]) -> RunImported | None:
    """What the file of an imported run says of it; None for a run of our own.

    Sessions that were imported before this was recorded have it in the note that they begin with.
    """
    match records[0].event if records else None:
        case RunImported() as told:
            return told
        case NoteSet(node="0", text=text) if text.startswith(_IMPORTED):
            return _told_in(text)
    return None


def _told_in(note: str) -> RunImported:
    found = {name: float(value) for name, value in _FACT.findall(note)}
    steps = found.get("steps")
    return RunImported(
        score=found.get("reward"),
        steps=None if steps is None else int(steps),
        cost_usd=found.get("cost"),
        seconds=found.get("seconds"),
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
