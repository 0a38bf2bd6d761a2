from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from recode_core.environments.alfworld import Alfworld
from recode_core.environments.alfworld.games import SPLITS
from recode_core.environments.household.task_id import KINDS
from recode_core.errors import EnvironmentUnavailable, UnknownTask

COOL = "pick_cool_then_place_in_recep-Pot-None-DiningTable-21/trial_T20190909_004531_429065"


def test_the_tasks_are_those_of_the_data_by_split_and_kind(home: Alfworld) -> None:
    tasks = list(home.tasks())
    assert [task.split for task in tasks] == ["valid_seen"] * 6 + ["valid_unseen"] * 6
    assert {task.kind for task in tasks} == set(KINDS)
    assert list(home.tasks("valid_unseen")) == tasks[6:]
    found = {task.id: task.instruction for task in tasks}
    assert found[f"valid_seen/{COOL}"] == "cool some pot and put it in diningtable."


def test_an_unknown_split_or_task_says_which_there_are(home: Alfworld) -> None:
    with pytest.raises(UnknownTask, match=f"no split 'test', only {', '.join(SPLITS)}"):
        list(home.tasks("test"))
    close = f"valid_seen/{COOL}"
    for wrong in (close[:-4], f"{close}/", f"valid_seen/../{close}", "put:7"):
        with pytest.raises(UnknownTask, match=r"no task .* lists the tasks, such as valid_"):
            home.open(wrong)
    with pytest.raises(UnknownTask, match=f"such as {close}"):
        home.open(close[:-4])


def test_without_data_it_is_said_how_to_get_them(
    tmp_path: Path, answering_python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALFWORLD_DATA", str(tmp_path))
    monkeypatch.setenv("RECODE_ALFWORLD_PYTHON", answering_python)
    assert "alfworld-download" in Alfworld().missing()
    monkeypatch.setenv("RECODE_ALFWORLD_PYTHON", "/no/python")
    assert "/no/python cannot be run: No such file or directory; install it" in Alfworld().missing()
    for act in (lambda: list(Alfworld().tasks()), lambda: Alfworld().open(f"valid_seen/{COOL}")):
        with pytest.raises(EnvironmentUnavailable, match=rf"{tmp_path}.*alfworld-download.*household"):
            act()


@pytest.mark.parametrize("damage", ["", "{", "{}", '{"grammar": "grammar :: no task"}'])
def test_a_damaged_game_is_named(
    damage: str, home: Alfworld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "json_2.1.1/valid_seen" / COOL
    folder.mkdir(parents=True)
    (folder / "game.tw-pddl").write_text(damage)
    monkeypatch.setenv("ALFWORLD_DATA", str(tmp_path))
    with pytest.raises(EnvironmentUnavailable, match=r"game.tw-pddl is damaged: .*download it again"):
        home.open(f"valid_seen/{COOL}")


def test_games_that_the_text_engine_cannot_play_are_left_out(
    home: Alfworld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"grammar": '"Your task is to: do it."', "solvable": True}
    split = tmp_path / "json_2.1.1/train"
    for name, changed in (
        ("pick_and_place_simple-Mug-None-Desk-1", {}),
        ("pick_and_place_simple-Mug-None-Desk-2", {"solvable": False}),
        ("pick_and_place_simple-AppleSliced-None-Desk-1", {}),
        ("pick_and_place_with_movable_recep-Mug-Bowl-Desk-1", {}),
    ):
        folder = split / name / "trial_1"
        folder.mkdir(parents=True)
        (folder / "game.tw-pddl").write_text(json.dumps(told | changed))
    monkeypatch.setenv("ALFWORLD_DATA", str(tmp_path))
    assert [task.id for task in home.tasks()] == ["train/pick_and_place_simple-Mug-None-Desk-1/trial_1"]
    shutil.rmtree(split)
    assert list(home.tasks()) == []
