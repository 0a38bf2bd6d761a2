"""The result of a run in numbers, computed from its timeline."""

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
_WHILE_PAUSED = {Resumed, BranchStarted, BranchSwitched, BreakpointSet, BreakpointDeleted, WatchSet, NoteSet}
"""Events that are recorded while the run is paused; the time before them is not counted."""


class Result(msgspec.Struct, frozen=True):
    """How a run ended and what it cost. `outcome` is None for an unfinished run.

    `limit` is the name of the limit that ended it; `depth` is the largest number of expansions that were open
    at once; `cost_usd` is None if a price is unknown; `seconds` is the time spent running. For an imported
    run, values that its file does not have are None.
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
        """Whether one of the run's own limits ended it, not the environment's step limit."""
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
    imported = imported_as(timeline.records)
    return result if imported is None else msgspec.structs.replace(result, **msgspec.structs.asdict(imported))


def imported_as(records: Sequence[Record]) -> RunImported | None:
    """The result in the imported file; None if the run was not imported.

    Older imported sessions have no `RunImported` record; their first note holds the same facts.
    """
    match records[0].event if records else None:
        case RunImported() as imported:
            return imported
        case NoteSet(node="0", text=text) if text.startswith(_IMPORTED):
            return _imported_from_note(text)
    return None


def _imported_from_note(note: str) -> RunImported:
    found = {name: float(value) for name, value in _FACT.findall(note)}
    steps = found.get("steps")
    return RunImported(
        score=found.get("reward"),
        steps=None if steps is None else int(steps),
        cost_usd=found.get("cost"),
        seconds=found.get("seconds"),
    )


def seconds_spent(records: Sequence[Record]) -> float:
    """How long a line of records ran, from its first record on, without pauses between sessions."""
    if not records:
        return 0.0
    paused = [at for at, record in enumerate(records) if at and type(record.event) in _WHILE_PAUSED]
    away = sum(records[at].time - records[at - 1].time for at in paused)
    return max(0.0, round(records[-1].time - records[0].time - away, 3))
