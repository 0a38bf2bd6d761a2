"""The thirty tasks and their variations, as in scienceworld 1.2.3, with the paper's step limits.

The limits are those in the data that ReCode's code reads (`max_steps.json` of github.com/Yifan-Song793/ETO,
eval_agent/data/sciworld, at 9cd8087), which leaves six tasks out: topics 9 and 10, and 2-3. Their limit
here is `LEFT_OUT`, enough for the simulator's gold path.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from recode_core.environments.environment import TaskTraits
from recode_core.errors import UnknownTask

SPLITS = ("train", "dev", "test")
LEFT_OUT = 200
_SEEN: dict[str, Literal["seen", "unseen", ""]] = {"train": "", "dev": "seen", "test": "unseen"}


class Experiment(msgspec.Struct, frozen=True):
    """A task with `count` variations, numbered from 0: first train; `dev` and `test` begin at those numbers.

    `paper_steps` is the paper's step limit, None if the paper leaves the task out.
    """

    number: str
    name: str
    title: str
    dev: int
    test: int
    count: int
    paper_steps: int | None

    @property
    def step_limit(self) -> int:
        """The maximum number of actions."""
        return LEFT_OUT if self.paper_steps is None else self.paper_steps

    def variations(self, split: str) -> range:
        """The numbers of a split's variations."""
        starts = (0, self.dev, self.test, self.count)
        at = SPLITS.index(split)
        return range(starts[at], starts[at + 1])


class ExperimentId(msgspec.Struct, frozen=True):
    """`boil:3` is variation 3 of the task boil."""

    experiment: Experiment
    variation: int

    def __str__(self) -> str:
        return f"{self.experiment.name}:{self.variation}"


def parse(task_id: str) -> ExperimentId:
    """Parse a task's id, which may have the number of the task for its name. Raises UnknownTask."""
    match = re.fullmatch(r"([0-9a-z-]+):([0-9]{1,9})", task_id)
    name_or_number = match[1] if match else task_id.partition(":")[0]
    found = next((e for e in EXPERIMENTS if name_or_number in (e.name, e.number)), None)
    if found is None:
        close = difflib.get_close_matches(name_or_number, [e.name for e in EXPERIMENTS], n=1)
        example = f"{close[0] if close else 'boil'}:0"
        raise UnknownTask(
            f"scienceworld has no task {task_id!r}: write TASK:VARIATION, such as {example}; "
            f"TASK is {', '.join(e.name for e in EXPERIMENTS)}"
        )
    if match is None or int(match[2]) >= found.count:
        raise UnknownTask(
            f"scienceworld has no task {task_id!r}: {found.name} has variations 0 to {found.count - 1}, "
            f"such as {found.name}:0"
        )
    return ExperimentId(found, int(match[2]))


def published(entry: list[object]) -> ExperimentId:
    """The task of an entry in the published lists, such as `["task-1-boil", 21]`. Raises UnknownTask.

    The names are those of scienceworld before 1.0, with the number of a topic and brackets.
    """
    match entry:
        case [str(name), int(variation)] if not isinstance(variation, bool):
            plain = re.sub(r"^task-\d+[a-z]?-|[()]", "", name).replace("mendellian", "mendelian")
            return parse(f"{plain}:{variation}")
    raise UnknownTask('an entry is an id, such as "boil:21", or a name and a variation: ["boil", 21]')


def traits_of(task_id: str) -> TaskTraits:
    """The traits of a task, empty for an invalid id. The papers call `dev` seen and `test` unseen."""
    try:
        task = parse(task_id)
    except UnknownTask:
        return TaskTraits()
    split = next(name for name in SPLITS if task.variation in task.experiment.variations(name))
    in_paper = task.experiment.paper_steps is not None
    return TaskTraits(task.experiment.name, split, _SEEN[split], in_paper)


def tasks(split: str | None) -> Iterator[tuple[str, ExperimentId]]:
    """(split, task) pairs of a split, or of all splits. Raises UnknownTask for an unknown split."""
    if split is not None and split not in SPLITS:
        raise UnknownTask(f"scienceworld has no split {split!r}, only {', '.join(SPLITS)}")
    for name in SPLITS if split is None else (split,):
        for experiment in EXPERIMENTS:
            for variation in experiment.variations(name):
                yield name, ExperimentId(experiment, variation)


def _table(rows: str) -> Iterator[Experiment]:
    for row in rows.strip().splitlines():
        number, name, dev, test, count, steps, title = row.split(maxsplit=6)
        limit = None if steps == "-" else int(steps)
        yield Experiment(number, name, title, int(dev), int(test), int(count), limit)


EXPERIMENTS = tuple(
    _table("""
1-1  boil                                               14   21   30 100 bring a substance to boil
1-2  melt                                               14   21   30  80 melt a substance
1-3  freeze                                             14   21   30  80 freeze a substance
1-4  change-the-state-of-matter-of                      14   21   30  80 change the state of a substance
2-1  use-thermometer                                   270  405  540  30 measure a temperature
2-2  measure-melting-point-known-substance             218  327  436 120 measure a known melting point
2-3  measure-melting-point-unknown-substance           150  225  300   - measure an unknown one's
3-1  power-component                                    10   15   20  20 build a circuit
3-2  power-component-renewable-vs-nonrenewable-energy   10   15   20  30 build one on the right energy
3-3  test-conductivity                                 450  675  900  30 whether a thing conducts
3-4  test-conductivity-of-unknown-substances           300  450  600  30 whether an unknown one conducts
4-1  find-living-thing                                 150  225  300  15 find a living thing
4-2  find-non-living-thing                             150  225  300  15 find a thing that doesn't live
4-3  find-plant                                        150  225  300  15 find a plant
4-4  find-animal                                       150  225  300  15 find an animal
5-1  grow-plant                                         62   93  126  30 grow a plant from seed
5-2  grow-fruit                                         62   93  126  60 grow a fruit
6-1  chemistry-mix                                      16   24   32  60 mix a substance by a recipe
6-2  chemistry-mix-paint-secondary-color                18   27   36  15 mix a secondary colour
6-3  chemistry-mix-paint-tertiary-color                 18   27   36  30 mix a tertiary colour
7-1  lifespan-longest-lived                             62   93  125  10 find the animal that lives longest
7-2  lifespan-shortest-lived                            62   93  125  10 find the animal that lives shortest
7-3  lifespan-longest-lived-then-shortest-lived         62   93  125  12 find longest- and shortest-lived
8-1  identify-life-stages-1                              6    9   14  30 meet an animal in each stage of life
8-2  identify-life-stages-2                              4    6   10  30 find a plant in each stage of life
9-1  inclined-plane-determine-angle                     84  126  168   - compare two slopes
9-2  inclined-plane-friction-named-surfaces            692 1038 1386   - compare the friction of surfaces
9-3  inclined-plane-friction-unnamed-surfaces           80  120  162   - compare unknown surfaces
10-1 mendelian-genetics-known-plant                     60   90  120   - find a dominant trait
10-2 mendelian-genetics-unknown-plant                  240  360  480   - find an unknown one's trait
""")
)
"""By the paper's numbers. Columns: number, name, beginning of dev and test, count, step limit, title."""
