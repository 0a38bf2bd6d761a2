"""Compare our runs with the tables of the ReCode paper, and decide which of them are comparable.

The figures are average rewards in percent and costs of a trajectory in 10⁻³ US dollars (arXiv 2510.23564,
tables of section 4). A run belongs to the column of its benchmark and split.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from recode_core.environments import splits
from recode_core.protocol import SPLITS, PublishedSplit
from recode_core.report.estimates import Estimate, mean, rate
from recode_core.report.runs import FinishedRun, RunCollection

_TITLES = {"alfworld": "ALFWorld", "scienceworld": "ScienceWorld", "webshop": "WebShop"}
_BENCHMARKS = {"household": "alfworld"}  # ALFWorld's scenes in our own engine; generated tasks have no column

_MODELS = {
    "GPT-4o mini": re.compile(r"gpt-4o-mini(-2024-07-18)?"),
    "Gemini 2.5 Flash": re.compile(r"gemini-2\.5-flash"),
    "DeepSeek-V3.1": re.compile(r"deepseek-(chat-)?v3\.1"),
}
"""The paper's models, with patterns of their names at providers."""


class PaperRow(msgspec.Struct, frozen=True):
    """A row of the paper: the rewards by column and their mean, in percent.

    `cost` is that of a trajectory in 10⁻³ US dollars, the mean of the columns; None if the paper has none.
    """

    agent: str
    model: str
    rewards: tuple[float, ...]
    mean: float
    cost: float | None = None


ROWS = (
    PaperRow("react", "GPT-4o mini", (59.29, 64.18, 47.02, 38.91, 27.62), 47.4, 8.96),
    PaperRow("codeact", "GPT-4o mini", (72.14, 85.07, 22.68, 18.41, 21.37), 43.9, 12.15),
    PaperRow("recode", "GPT-4o mini", (83.57, 96.27, 42.78, 41.18, 39.97), 60.8, 1.89),
    PaperRow("recode", "Gemini 2.5 Flash", (90.00, 96.27, 54.35, 43.77, 46.57), 66.2),
    PaperRow("recode", "DeepSeek-V3.1", (95.71, 94.78, 50.20, 50.21, 55.07), 69.2),
)


class PaperCell(msgspec.Struct, frozen=True, kw_only=True):
    """Our runs of an agent with a model in a column of the paper, in one environment.

    `reward` and `success` are shares. `paper` is the paper's reward in percent, None if it has none for
    this agent and model. Costs are means per trajectory, None if that of a run is unknown; `list_usd` is
    the cost at list prices without a discount for cached tokens. `why_not` lists the reasons why the two
    are not comparable.
    """

    column: str
    environment: str
    agent: str
    model: str
    tasks: int
    reward: Estimate
    success: Estimate
    cost_usd: Estimate | None
    list_usd: Estimate | None
    paper: float | None
    why_not: tuple[str, ...]

    @property
    def who(self) -> str:
        """Agent and model, with the environment if it is not the benchmark's own."""
        where = f" · {self.environment}" if self.environment in _BENCHMARKS else ""
        return f"{self.agent} · {self.model}{where}"


class Comparison(msgspec.Struct, frozen=True):
    """The paper's rows, our cells, and the number of our runs that belong to no column."""

    columns: tuple[str, ...]
    rows: tuple[PaperRow, ...]
    cells: tuple[PaperCell, ...]
    elsewhere: int


def compare(collection: RunCollection) -> Comparison:
    """Compare a collection of runs with the paper's."""
    found: defaultdict[tuple[str, str, str, PublishedSplit], list[FinishedRun]] = defaultdict(list)
    elsewhere = 0
    for run in collection.runs:
        if (split := column_of(run)) is None:
            elsewhere += 1
        else:
            found[run.agent, run.model, run.environment, split].append(run)
    keys = sorted(found, key=lambda key: (*key[:3], SPLITS.index(key[3])))
    cells = tuple(_cell(key[3], found[key], collection) for key in keys)
    return Comparison(tuple(map(title, SPLITS)), ROWS, cells, elsewhere)


def column_of(run: FinishedRun) -> PublishedSplit | None:
    """The column that a run belongs to, if any."""
    benchmark = _BENCHMARKS.get(run.environment, run.environment)
    fitting = (split for split in SPLITS if (split.environment, split.seen) == (benchmark, run.seen))
    is_scored = run.result.score is not None  # the file of an imported run may not say it
    return next(fitting, None) if run.in_paper and is_scored else None


def title(split: PublishedSplit) -> str:
    """The heading of a column."""
    return f"{_TITLES[split.environment]} {split.seen}".strip()


def row_of(agent: str, model: str) -> PaperRow | None:
    """The paper's row for an agent and a model, from any provider."""
    name = model.rpartition("/")[2].partition(":")[0].lower()
    paper = next((paper for paper, known in _MODELS.items() if known.fullmatch(name)), None)
    return next((row for row in ROWS if (row.agent, row.model) == (agent, paper)), None)


def _cell(split: PublishedSplit, runs: Sequence[FinishedRun], collection: RunCollection) -> PaperCell:
    first, *_ = runs
    row = row_of(first.agent, first.model)
    results = [run.result for run in runs]
    return PaperCell(
        column=title(split),
        environment=first.environment,
        agent=first.agent,
        model=first.model,
        tasks=len({run.task for run in runs}),
        reward=_reward([result.score for result in results if result.score is not None]),
        success=rate(sum(result.solved for result in results), len(results)),
        cost_usd=_cost([result.cost_usd for result in results]),
        list_usd=_cost([run.list_usd for run in runs]),
        paper=None if row is None else row.rewards[SPLITS.index(split)],
        why_not=tuple(_why_not(split, runs, collection)),
    )


def _cost(costs: Sequence[float | None]) -> Estimate | None:
    known = [cost for cost in costs if cost is not None]
    return mean(known, 0.0) if len(known) == len(costs) else None


def _reward(scores: Sequence[float]) -> Estimate:
    """The mean reward. If all rewards are 0 or 1 it is a rate, whose interval is valid for few runs too."""
    is_rate = all(score in (0.0, 1.0) for score in scores)
    return rate(scores.count(1.0), len(scores)) if is_rate else mean(scores, most=1.0)


def _why_not(split: PublishedSplit, runs: Sequence[FinishedRun], collection: RunCollection) -> Iterator[str]:
    first, *_ = runs
    if row_of(first.agent, first.model) is None:
        yield f"the paper has no figure for {first.agent} with {first.model or 'an unknown model'}"
    if first.environment in _BENCHMARKS:
        yield "ALFWorld's scenes in recode's household engine, not in ALFWorld's"
    if why := _other_tasks(split, runs):
        yield why
    counts = Counter(departure for run in runs for departure in run.departures)
    for departure, count in counts.items():
        yield departure if count == len(runs) else f"{departure} ({count} of {len(runs)} runs)"
    who = (first.environment, first.agent, first.model)
    left = [each for each in collection.unfinished if (each.environment, each.agent, each.model) == who]
    if left:
        yield f"{len(left)} unfinished in {first.environment}, which are in no number"


def _other_tasks(split: PublishedSplit, runs: Sequence[FinishedRun]) -> str:
    """The difference between the tasks and the paper's; empty if equal. Lists are compared by fingerprint."""
    tasks = {run.task for run in runs}
    if not split.fingerprint:
        return "" if len(tasks) == split.count else f"{len(tasks)} of {split.count} tasks"
    if splits.digest(tasks) == split.fingerprint:
        return ""
    if {run.chosen_from for run in runs} == {split.fingerprint}:
        return f"a sample of {len(tasks)} of the paper's {split.count} tasks"
    return f"{len(tasks)} tasks that may not be among the paper's list of {split.count}"
