"""A report: runs in groups, with an estimate for each measure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from recode_core.report.estimates import LEVEL, Estimate, mean, rate
from recode_core.report.runs import FinishedRun, RunCollection

_K = TypeVar("_K", int, str)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The runs of an agent with a model in an environment.

    `kind` and `seen` restrict the group to one kind of task and to seen or unseen tasks; empty means all.
    Means are per trajectory, None if the value of a run is unknown (a price, or a fact that an imported
    file does not have). `score` is the reward in 0–1; `list_usd` is the cost at list prices without a
    discount for cached tokens. `statements` and `placeholders` are means per expansion. `depths` counts
    runs by the depth of their tree, `failures` unsolved runs by reason, `errors` failures and refused
    replies, repaired or not.
    """

    environment: str
    kind: str
    agent: str
    model: str
    success: Estimate
    score: Estimate | None
    steps: Estimate | None
    calls: Estimate | None
    tokens: Estimate | None
    cost_usd: Estimate | None
    seconds: Estimate | None
    depth: Estimate
    statements: Estimate
    placeholders: Estimate
    depths: dict[int, int]
    failures: dict[str, int]
    errors: dict[str, int]
    seen: str = ""
    list_usd: Estimate | None = None

    @property
    def who(self) -> str:
        """Agent and model, as a label."""
        return f"{self.agent} · {self.model}" if self.model else self.agent


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Groups over all kinds of task, groups by kind, and groups of seen and unseen tasks if a benchmark has
    them.
    """

    level: float
    groups: tuple[Group, ...]
    kinds: tuple[Group, ...]
    collection: RunCollection = msgspec.field(name="corpus")
    seen: tuple[Group, ...] = ()


def report_of(collection: RunCollection) -> Report:
    """The report of a collection of runs."""
    return Report(
        level=LEVEL,
        groups=tuple(_grouped(collection.runs)),
        kinds=tuple(_grouped(collection.runs, lambda run: run.kind)),
        collection=collection,
        seen=tuple(
            msgspec.structs.replace(group, kind="", seen=group.kind)
            for group in _grouped([run for run in collection.runs if run.seen], lambda run: run.seen)
        ),
    )


def _grouped(
    runs: Iterable[FinishedRun], kind: Callable[[FinishedRun], str] = lambda run: ""
) -> Iterable[Group]:
    found: defaultdict[tuple[str, str, str, str], list[FinishedRun]] = defaultdict(list)
    for run in runs:
        found[run.environment, kind(run), run.agent, run.model].append(run)
    return (_group(*key, found[key]) for key in sorted(found))


def _group(environment: str, kind: str, agent: str, model: str, runs: Sequence[FinishedRun]) -> Group:
    results = [run.result for run in runs]
    return Group(
        environment=environment,
        kind=kind,
        agent=agent,
        model=model,
        success=rate(sum(result.solved for result in results), len(results)),
        score=_mean((result.score for result in results), -math.inf, 1.0),
        steps=_mean(result.steps for result in results),
        calls=_mean(result.calls for result in results),
        tokens=_mean(result.tokens for result in results),
        cost_usd=_mean(result.cost_usd for result in results),
        seconds=_mean(result.seconds for result in results),
        depth=mean([result.depth for result in results], 0.0),
        statements=mean([run.statements for run in runs], 0.0),
        placeholders=mean([run.placeholders for run in runs], 0.0),
        depths=_counted(result.depth for result in results),
        failures=_counted(run.failure for run in runs if run.failure),
        errors=_total(run.errors for run in runs),
        list_usd=_mean(run.list_usd for run in runs),
    )


def _mean(values: Iterable[float | None], least: float = 0.0, most: float = math.inf) -> Estimate | None:
    """The mean of values; None if one of them is unknown."""
    given = list(values)
    known = [value for value in given if value is not None]
    return mean(known, least, most) if len(known) == len(given) else None


def _counted(values: Iterable[_K]) -> dict[_K, int]:
    return dict(sorted(Counter(values).items()))


def _total(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))
