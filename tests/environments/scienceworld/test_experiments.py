from __future__ import annotations

import pytest

from recode_core.environments.scienceworld import ScienceWorld
from recode_core.environments.scienceworld.experiments import EXPERIMENTS, SPLITS, parse
from recode_core.errors import UnknownTask


def test_there_are_thirty_tasks_of_which_the_paper_plays_twenty_four() -> None:
    assert len({experiment.name for experiment in EXPERIMENTS}) == 30
    left_out = [experiment.number for experiment in EXPERIMENTS if experiment.paper_steps is None]
    assert left_out == ["2-3", "9-1", "9-2", "9-3", "10-1", "10-2"]
    limits = [experiment.paper_steps for experiment in EXPERIMENTS if experiment.paper_steps is not None]
    assert (min(limits), max(limits)) == (10, 120)


def test_every_variation_is_in_one_split() -> None:
    home = ScienceWorld()
    tasks = list(home.tasks())
    assert len({task.id for task in tasks}) == len(tasks) == sum(e.count for e in EXPERIMENTS)
    assert sorted(tasks, key=str) == sorted((t for s in SPLITS for t in home.tasks(s)), key=str)
    boils = [(task.id, task.split) for task in tasks if task.kind == "boil"]
    assert boils[13:15] == [("boil:13", "train"), ("boil:14", "dev")]
    assert boils[21] == ("boil:21", "test") and len(boils) == 30


def test_a_task_is_named_by_its_name_or_number() -> None:
    assert str(parse("5-1:3")) == str(parse("grow-plant:3")) == "grow-plant:3"
    assert ScienceWorld().absolute("5-1:3") == "grow-plant:3"


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("boil:30", "boil has variations 0 to 29"),
        ("boil", "boil has variations 0 to 29, such as boil:0"),
        ("boil:-1", "boil has variations 0 to 29"),
        ("grow-plants:1", "such as grow-plant:0"),
        ("put:7", "write TASK:VARIATION"),
    ],
)
def test_an_unknown_task_says_which_there_are(task: str, said: str) -> None:
    with pytest.raises(UnknownTask, match=f"no task '{task}': .*{said}"):
        ScienceWorld().open(task)


def test_an_unknown_split_says_which_there_are() -> None:
    with pytest.raises(UnknownTask, match="no split 'valid', only train, dev, test"):
        list(ScienceWorld().tasks("valid"))
