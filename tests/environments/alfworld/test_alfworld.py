"""The environment, and the real engine where it is installed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from recode_core.environments.alfworld import Alfworld
from recode_core.environments.process import PlanPolicy
from recode_core.environments.process.interpreter import variable
from recode_core.episode import start
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable
from recode_core.policies.policy import Request
from recode_core.session import Settings

TOILET = "valid_seen/pick_and_place_simple-Candle-None-Toilet-429/trial_T20190908_052232_887934"
WON = ["go to shelf 1", "take candle 1 from shelf 1", "go to toilet 1", "move candle 1 to toilet 1"]


@pytest.fixture
def no_engine(home: Alfworld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alfworld:
    """A Python without alfworld."""
    empty = tmp_path / "python"
    empty.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    empty.chmod(0o755)
    monkeypatch.setenv(variable("alfworld"), str(empty))
    return home


def test_without_the_package_it_is_said_how_to_get_it_and_how_to_do_without(no_engine: Alfworld) -> None:
    with pytest.raises(EnvironmentUnavailable) as raised:
        no_engine.open(TOILET)
    said = str(raised.value)
    assert "No module named 'alfworld'" in said
    assert "pip install alfworld" in said and "C++ compiler" in said and "RECODE_ALFWORLD_PYTHON" in said
    assert "--env household --task scene:FOLDER" in said
    assert no_engine.missing().endswith("--env household --task scene:FOLDER plays the same scenes")
    assert "has no package alfworld" in no_engine.missing()
    expert = no_engine.expert(TOILET)
    with pytest.raises(PolicyUnavailable, match=r"the plan is unavailable: ALFWorld: .*pip install"):
        expert.expand(Request("solve(instruction, observation)", (), ()), lambda text: None)


def test_a_game_is_played_and_scored(engine: Alfworld) -> None:
    world = engine.open(TOILET)
    first = world.reset()
    assert world.instruction == "put a candle in toilet." and world.instruction in first.text
    assert (first.score, first.done, world.step_limit) == (0.0, False, 80)
    assert "go to shelf 1" in world.possible
    assert world.step("dance").text == "Nothing happens."
    *_, last = [world.step(command) for command in WON]
    assert (last.score, last.done, last.success) == (1.0, True, True)
    world.close()
    with pytest.raises(EnvironmentUnavailable, match=r"it was closed"):
        world.step("look")


def test_the_expert_wins_and_says_what_it_knows(engine: Alfworld, tmp_path: Path) -> None:
    settings = Settings("alfworld", TOILET, "expert")
    with start(settings, tmp_path / "run.jsonl") as episode:
        episode.run()
        assert episode.result.solved and episode.result.steps == 4
    expert = engine.expert(TOILET)
    assert isinstance(expert, PlanPolicy)
    reply = expert.expand(Request("solve(instruction, observation)", (), ()), lambda text: None)
    assert "The planner has seen the whole room" in reply.text
    with pytest.raises(
        PolicyUnavailable, match=r"single plan.*cannot expand 'fly.*it is not part of the plan"
    ):
        expert.expand(Request("fly(home)", (), ()), lambda text: None)
    with pytest.raises(PolicyUnavailable, match=r"cannot expand.*it failed"):
        expert.expand(Request("solve(instruction, observation)", (), (), repair="no"), lambda text: None)


def test_a_game_that_the_engine_cannot_load_is_named(engine: Alfworld, tmp_path: Path) -> None:
    world = engine.open(TOILET)
    world._game = str(tmp_path / "game.tw-pddl")
    with pytest.raises(EnvironmentUnavailable, match=r"Damaged: .*game.tw-pddl can't be loaded"):
        world.reset()


def test_a_killed_engine_is_told(engine: Alfworld) -> None:
    world = engine.open(TOILET)
    world.reset()
    os.killpg(world._engine.pid, signal.SIGKILL)
    with pytest.raises(
        EnvironmentUnavailable, match=r"ALFWorld: its process was killed by SIGKILL at step 'look'"
    ):
        world.step("look")
