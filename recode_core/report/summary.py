"""A report: the runs of a corpus in groups, with an estimate for each thing that is measured."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from recode_core.report.corpus import Corpus, Run
from recode_core.report.estimates import LEVEL, Estimate, mean, rate

_K = TypeVar("_K", int, str)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The runs of an agent with a model in an environment, of one kind of task or of all (an empty `kind`),
    of seen or unseen tasks or of all (an empty `seen`).

    Means are a trajectory's, None where the value of a run is unknown: a price, or what the file of an
    imported run does not say. `score` is the reward in 0–1; `list_usd` is the cost at list prices without
    a discount for cached tokens. `statements` and `placeholders` are those of an expansion, on average.
    `depths` counts runs by the depth of their tree, `failures` those not solved by why, `errors` what went
    wrong on the way.
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
        """Agent and model, as they are named side by side."""
        return f"{self.agent} · {self.model}" if self.model else self.agent


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Groups over all kinds of task, groups of one kind each, groups of seen and of unseen tasks where a
    benchmark tells these apart, and what they were made from."""

    level: float
    groups: tuple[Group, ...]
    kinds: tuple[Group, ...]
    corpus: Corpus
    seen: tuple[Group, ...] = ()


def report_of(corpus: Corpus) -> Report:
    """The report of a corpus."""
    return Report(
        level=LEVEL,
        groups=tuple(_grouped(corpus.runs)),
        kinds=tuple(_grouped(corpus.runs, lambda run: run.kind)),
        corpus=corpus,
        seen=tuple(
            msgspec.structs.replace(group, kind="", seen=group.kind)
            for group in _grouped([run for run in corpus.runs if run.seen], lambda run: run.seen)
        ),
    )


def _grouped(runs: Iterable[Run], kind: Callable[[Run], str] = lambda run: "") -> Iterable[Group]:
    found: defaultdict[tuple[str, str, str, str], list[Run]] = defaultdict(list)
    for run in runs:
        found[run.environment, kind(run), run.agent, run.model].append(run)
    return (_group(*key, found[key]) for key in sorted(found))


def _group(environment: str, kind: str, agent: str, model: str, runs: Sequence[Run]) -> Group:
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
    """The mean of values of which all are known, or None."""
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
