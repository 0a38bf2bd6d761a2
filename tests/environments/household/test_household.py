from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from recode_core.environments.environment import Environment
from recode_core.environments.household import Household
from recode_core.errors import UnknownTask


def test_the_household_is_an_environment_that_can_be_saved() -> None:
    household: Environment = Household()
    assert (household.name, household.restoration) == ("household", "snapshot")
    assert "go to" in household.guide.actions
    assert household.expert("put:7") is not None


@pytest.mark.slow
def test_splits_share_no_task_and_have_as_many_of_each_kind() -> None:
    splits = {name: list(Household().tasks(name)) for name in ("train", "valid", "test")}
    ids = [task.id for tasks in splits.values() for task in tasks]
    assert len(set(ids)) == len(ids) == 900
    for name, tasks in splits.items():
        assert {task.split for task in tasks} == {name}
        assert len(set(Counter(task.kind for task in tasks).values())) == 1


def test_without_a_split_all_tasks_come_in_a_fixed_order() -> None:
    first, again = (list(islice(Household().tasks(), 7)) for _ in range(2))
    assert first == again
    assert [task.id for task in first] == [
        "put:0",
        "clean:0",
        "heat:0",
        "cool:0",
        "examine:0",
        "puttwo:0",
        "put:1",
    ]


def test_a_listed_task_opens_with_the_instruction_it_was_listed_with() -> None:
    for task in Household().tasks("test"):
        world = Household().open(task.id)
        assert world.instruction == task.instruction
        assert world.reset().text.endswith(f"Your task is to: {task.instruction}")


def test_an_unknown_split_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownTask, match=r"'dev', only train, valid, test"):
        list(Household().tasks("dev"))


def test_medium_is_the_size_of_a_task_that_names_none() -> None:
    assert Household().open("put:7").reset() == Household().open("put:7:medium").reset()
    assert Household().open("put:7").reset() != Household().open("put:7:large").reset()


@pytest.mark.parametrize(
    "task_id",
    [
        "",
        "put",
        "put:",
        "put:-1",
        "put:x",
        "put:\u0667",
        "cook:1",
        "put:7:huge",
        "put:7:",
        "put:7:large:9",
        "Put:7",
        "put:7\n",
    ],
)
def test_a_bad_id_is_quoted_with_the_forms_that_are_right(task_id: str) -> None:
    with pytest.raises(UnknownTask) as raised:
        Household().open(task_id)
    text = str(raised.value)
    assert repr(task_id) in text
    for form in ("put:7", "put:7:large", "puttwo", "scene:PATH", "medium"):
        assert form in text


def test_a_folder_without_a_scene_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(UnknownTask, match="nowhere"):
        Household().open(f"scene:{tmp_path / 'nowhere'}")
