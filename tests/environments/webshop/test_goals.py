from __future__ import annotations

import re
from pathlib import Path

import pytest

from recode_core.environments.environment import Task
from recode_core.environments.webshop import WebShop
from recode_core.errors import UnknownTask


def test_the_tasks_of_a_shop_are_those_of_people_and_those_made_from_attributes(folder: Path) -> None:
    tasks = list(WebShop().tasks())
    assert [task.id for task in tasks] == ["human:0", "sampled:0", "sampled:1", "sampled:2", "sampled:3"]
    assert {task.split for task in tasks} == {"test"}
    assert {task.kind for task in tasks} == {"garden"}


def test_a_sampled_goal_wants_one_choice_of_the_options(folder: Path) -> None:
    said = [
        re.sub(r", and price.*", "", task.instruction) for task in WebShop().tasks() if "sampled" in task.id
    ]
    assert sorted(said) == [
        f"Find me garden lamps of solid wood with color: {color}, and size: {size}"
        for color in ("blue | grey", "dark red")
        for size in ("large", "small")
    ]


def test_the_price_that_is_named_lies_above_that_of_the_product(folder: Path) -> None:
    for task in WebShop().tasks():
        assert float(re.findall(r"lower than ([\d.]+) dollars$", task.instruction)[0]) in (30, 40, 50, 60)


def test_a_product_that_costs_more_than_all_limits_has_none(folder: Path) -> None:
    file = folder / "items_shuffle.json"
    file.write_text(file.read_text().replace('"$10.0 - $20.0"', '"$1,234.5"'))
    assert WebShop().open("human:0").instruction == "i want a dark red lamp of solid wood"


def test_the_real_products_have_as_many_goals_as_the_original_makes_of_them(real: WebShop) -> None:
    count = {split: len([task for task in real.tasks(split) if "sampled" in task.id]) for split in SPLITS}
    assert count == {"test": 500, "eval": 1000, "train": 5410}


SPLITS = ("test", "eval", "train")


@pytest.mark.slow
def test_the_splits_are_parts_of_one_fixed_order(real: WebShop) -> None:
    tasks = list(real.tasks())
    assert [task for split in SPLITS for task in real.tasks(split) if "human" in task.id] == tasks[:8]
    assert [task.split for task in tasks[8:]] == ["test"] * 500 + ["eval"] * 1000 + ["train"] * 5410
    assert tasks[0] == Task(
        "human:0",
        "i am looking fresh scent body lotion for dry skin, and price lower than 40.00 dollars",
        "test",
        "beauty",
        "WebShop test",
    )


def test_an_unknown_split_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownTask, match="no split 'dev', only test, eval, train"):
        list(WebShop().tasks("dev"))


@pytest.mark.parametrize(
    "task", ["7", "human", "human:x", "people:1", "human:0:large", "sampled:-1", "human:0\n"]
)
def test_an_id_that_is_none_is_told_what_to_write(folder: Path, task: str) -> None:
    with pytest.raises(UnknownTask, match="write human:NUMBER or sampled:NUMBER"):
        WebShop().open(task)


def test_a_number_that_is_too_large_is_told_which_there_are(folder: Path) -> None:
    with pytest.raises(UnknownTask, match=r"no task 'human:1': with these data there are human:0 to human:0"):
        WebShop().open("human:1")


def test_a_shop_without_goals_says_so(folder: Path) -> None:
    (folder / "items_human_ins.json").write_text("{}")
    (folder / "items_ins_v2.json").write_text("{}")
    assert list(WebShop().tasks()) == []
    with pytest.raises(UnknownTask, match="there are no sampled tasks at all"):
        WebShop().open("sampled:0")
