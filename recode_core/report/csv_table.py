"""The runs of a report as CSV for other tools, one line per run."""

from __future__ import annotations

import csv
import io

from recode_core.report.runs import FinishedRun, RunCollection
from recode_core.values import clean

_WHAT = ("session", "environment", "kind", "task", "agent", "policy", "model")
_END = ("solved", "outcome", "failure", "score")
_SHAPE = ("steps", "nodes", "depth", "expansions", "statements", "placeholders")
_SPENT = ("calls", "tokens", "cost_usd", "seconds")
_TASK = ("split", "seen")
COLUMNS = (*_WHAT, *_END, *_SHAPE, *_SPENT, *_TASK, "list_usd")


def to_csv(collection: RunCollection) -> str:
    """The finished runs as CSV; unknown numbers are empty."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for run in collection.runs:
        rows.writerow(_row(run))
    return out.getvalue()


def _row(run: FinishedRun) -> list[object]:
    result = run.result
    what = (str(run.path), run.environment, run.kind, run.task, run.agent, run.policy, run.model)
    end = (int(result.solved), result.outcome, run.failure, result.score)
    branching = (round(run.statements, 3), round(run.placeholders, 3))
    shape = (result.steps, result.nodes, result.depth, run.expansions, *branching)
    spent = (result.calls, result.tokens, result.cost_usd, result.seconds)
    return [*map(clean, what), *end, *shape, *spent, run.split, run.seen, run.list_usd]
