from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.environments.household.real_scene import read_scene
from recode_core.environments.household.scene import GoalKind, RoomGoal
from recode_core.environments.household.world import HouseholdWorld
from recode_core.errors import UnknownTask
from recode_core.session import Settings

ROOT = Path(__file__).parents[3]
TASKS: dict[str, GoalKind] = {
    "pick_and_place_simple": "put",
    "pick_clean_then_place_in_recep": "clean",
    "pick_heat_then_place_in_recep": "heat",
    "pick_cool_then_place_in_recep": "cool",
    "look_at_obj_in_light": "examine",
    "pick_two_obj_and_place": "puttwo",
}

PROBLEM = """
(define (problem plan_made_by_hand) (:domain alfred)
(:objects agent1 - agent)
(:init
    (receptacleType Shelf_bar__minus_02 ShelfType)  ; (receptacleType Shelf_bar_9 ShelfType)
    (receptacleType Shelf_bar__minus_01 ShelfType)
    (receptacleType Sink_bar_00_bar_SinkBasin SinkBasinType)
    (receptacleAtLocation Shelf_bar__minus_01 loc_bar_1)
    (receptacleAtLocation Shelf_bar__minus_02 loc_bar_2)
    (receptacleAtLocation Sink_bar_00_bar_SinkBasin loc_bar_3)
    (objectType Sink_bar_00 SinkType)
    (objectType Mug_bar_05 MugType)
    (objectType Mug_bar_04 MugType)
    (isReceptacleObject Mug_bar_05)
    (pickupable Mug_bar_05)
    (objectAtLocation Mug_bar_05 loc_bar_1)
    (inReceptacle Mug_bar_05 Shelf_bar__minus_01)
    (inReceptacle Mug_bar_04 Sink_bar_00_bar_SinkBasin)
    (canContain ShelfType MugType)
    (isCool Mug_bar_05)
    (atLocation agent1 loc_bar_0)
)
(:goal (and (exists (?r - receptacle) (receptacleType ?r ShelfType)))))
"""


def _write(folder: Path, task_type: str = "pick_and_place_simple", sliced: bool = False) -> Path:
    targets = {"object_target": "Mug", "parent_target": "Shelf", "toggle_target": "", "object_sliced": sliced}
    trajectory = {"task_type": task_type, "pddl_params": targets, "images": []}
    (folder / "traj_data.json").write_text(json.dumps(trajectory), encoding="utf-8")
    (folder / "initial_state.pddl").write_text(PROBLEM, encoding="utf-8")
    return folder


def test_the_first_identifier_of_a_kind_gets_the_highest_number(tmp_path: Path) -> None:
    scene = read_scene(_write(tmp_path))
    assert list(scene.receptacles) == ["shelf 2", "shelf 1", "sinkbasin 1"]
    assert scene.receptacles["shelf 2"].place == "loc_bar_1"
    assert list(scene.items) == ["mug 2", "mug 1", "sink 1"]
    assert scene.items["mug 1"].traits == {"container", "pickupable"}
    assert scene.start.inside == {("mug 1", "shelf 2"), ("mug 2", "sinkbasin 1")}
    assert scene.start.cool == {"mug 1"}


@pytest.mark.parametrize(("problem", "says"), [("garbage", "no part (:init …)"), (None, "No such file")])
def test_a_folder_that_holds_no_scene_is_told_what_is_missing(
    tmp_path: Path, problem: str | None, says: str
) -> None:
    file = _write(tmp_path) / "initial_state.pddl"
    file.unlink() if problem is None else file.write_text(problem)
    with pytest.raises(UnknownTask) as raised:
        read_scene(tmp_path)
    assert says in str(raised.value)
    assert "initial_state.pddl" in str(raised.value)


def test_a_session_on_a_scene_named_from_here_is_taken_up_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "scenes" / "one"
    folder.mkdir(parents=True)
    _write(folder)
    monkeypatch.chdir(tmp_path / "scenes")
    path = tmp_path / "run.jsonl"
    episode.start(Settings("household", "scene:one"), path, keep_empty=True).close()
    monkeypatch.chdir(tmp_path)
    with episode.resume(path) as resumed:
        assert resumed.header.settings.task == f"scene:{folder}"


def test_the_trajectory_gives_the_goal_and_the_game_file_its_wording(tmp_path: Path) -> None:
    scene = read_scene(_write(tmp_path))
    assert scene.goal == RoomGoal("put", "mug", "shelf")
    assert scene.instruction == "put a mug in shelf."
    grammar = 'grammar :: """{"task": [{"rhs": "Your task is to: put some mug on shelf."}]}"""'
    (tmp_path / "game.tw-pddl").write_text(json.dumps({"grammar": grammar}), encoding="utf-8")
    assert read_scene(tmp_path).instruction == "put some mug on shelf."


@pytest.mark.parametrize(
    ("task_type", "sliced"), [("pick_and_place_with_movable_recep", False), ("pick_and_place_simple", True)]
)
def test_a_task_outside_the_six_kinds_is_refused(tmp_path: Path, task_type: str, sliced: bool) -> None:
    with pytest.raises(UnknownTask, match=task_type):
        read_scene(_write(tmp_path, task_type, sliced))


@pytest.mark.parametrize("name", ["initial_state.pddl", "traj_data.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"(:init (atLocation)) (:goal"])
def test_a_damaged_scene_is_refused_by_its_folder(tmp_path: Path, name: str, content: bytes) -> None:
    (_write(tmp_path) / name).write_bytes(content)
    with pytest.raises(UnknownTask, match=tmp_path.name):
        read_scene(tmp_path)


def test_every_real_scene_loads_with_the_task_its_folder_names(alfworld_folders: list[Path]) -> None:
    assert len(alfworld_folders) == 12
    for folder in alfworld_folders:
        task_type, item, _, target, _ = folder.parent.name.split("-")
        scene = read_scene(folder)
        assert scene.goal == RoomGoal(TASKS[task_type], item.lower(), target.lower())
        first = HouseholdWorld(scene).reset()
        assert not first.success
        assert first.text.endswith(f"Your task is to: {scene.instruction}")


@pytest.mark.parametrize("number", range(12))
def test_both_engines_answer_alike(number: int, alfworld_folders: list[Path]) -> None:
    if "RECODE_ALFWORLD_PYTHON" not in os.environ:
        pytest.skip("RECODE_ALFWORLD_PYTHON names no interpreter that has alfworld")
    script = Path(__file__).with_name("compare_with_alfworld.py")
    run = subprocess.run(
        [sys.executable, str(script), str(alfworld_folders[number])],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
