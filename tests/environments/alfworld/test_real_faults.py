"""What may befall a run in the real engine, as who uses the command meets it, and that the run goes on.

Skipped where no Python has the engine; what a stand-in can show is in test_faults.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.waiting import PATIENCE

from recode_core.environments.alfworld import Alfworld
from recode_core.environments.alfworld.games import FILE
from recode_core.events import ActionFinished, WorldFailed
from recode_core.session import read

TASK = "valid_seen/pick_and_place_simple-Candle-None-Toilet-429/trial_T20190908_052232_887934"
ASKED = ("--env", "alfworld", "--task", TASK)
BEFALLEN = """
import os, signal
from recode_core.environments.alfworld.world import AlfworldWorld
from recode_tui.cli import main

step = AlfworldWorld.step


def befallen(self, action):
    if action.startswith("go to toilet"):
        {fault}
    return step(self, action)


AlfworldWorld.step = befallen
main()
"""
LATE = 'os.environ["RECODE_WORLD_SECONDS"] = "{}"'
FAULTS = {
    "killed": (
        "os.killpg(self._engine.pid, signal.SIGKILL)",
        "ALFWorld: its process was killed by SIGKILL at step 'go to toilet 1'",
    ),
    "stopped": (
        f"os.kill(self._engine.pid, signal.SIGSTOP); {LATE.format(1)}",
        "ALFWorld: it didn't answer step 'go to toilet 1' within 1 s: its process is stopped",
    ),
    "slower than it may be": (
        LATE.format(0.001),
        "ALFWorld: it didn't answer step 'go to toilet 1' within 0.001 s",
    ),
}
Recode = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def recode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recode:
    """Runs `recode` to its end; `fault` is done to the engine in the midst of the run."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*arguments: object, fault: str = "pass") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", BEFALLEN.format(fault=fault), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)

    return run


@pytest.fixture
def games(engine: Alfworld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the game, in a copy of the data that may be damaged."""
    data = Path(os.environ["ALFWORLD_DATA"])
    kept = Path("json_2.1.1") / TASK
    shutil.copytree(data / kept, tmp_path / "games" / kept)
    monkeypatch.setenv("ALFWORLD_DATA", str(tmp_path / "games"))
    return tmp_path / "games" / kept / FILE


@pytest.mark.parametrize("fault", FAULTS)
def test_what_befalls_the_engine_is_told_and_the_run_is_resumed_checked_and_solved(
    fault: str, engine: Alfworld, recode: Recode, tmp_path: Path
) -> None:
    path = tmp_path / "run.jsonl"
    done_to_it, told = FAULTS[fault]
    done = recode("run", *ASKED, "--session", path, "--json", fault=done_to_it)
    assert (done.returncode, json.loads(done.stdout)["error"].partition("\n")[0]) == (3, told)
    assert told in done.stderr and f"go on with: recode run --resume {path}" in done.stderr
    events = [record.event for record in read(path).records]
    assert isinstance(events[-1], WorldFailed)
    assert sum(isinstance(event, ActionFinished) for event in events) == 2
    resumed = recode("run", "--resume", path, "--json")
    assert (resumed.returncode, json.loads(resumed.stdout)["steps"]) == (0, 4), resumed.stderr
    checked = recode("replay", "--check", path)
    assert checked.returncode == 0 and "4 of 4" in checked.stdout, checked.stdout


def test_an_observation_of_a_megabyte_is_kept_whole_and_replayed(
    games: Path, recode: Recode, tmp_path: Path
) -> None:
    """No game that there is says as much, so one is made to: its grammar has long words."""
    game, path = json.loads(games.read_text()), tmp_path / "run.jsonl"
    arrived = "You arrive at {r.name}. "
    assert arrived in game["grammar"]
    game["grammar"] = game["grammar"].replace(arrived, arrived + "It is a wide room. " * 55_000)
    games.write_text(json.dumps(game))
    assert recode("run", *ASKED, "--session", path).returncode == 0
    events = [record.event for record in read(path).records]
    sizes = [len(event.observation.text) for event in events if isinstance(event, ActionFinished)]
    assert len(sizes) == 4 and sum(size > 2**20 * 0.99 for size in sizes) == 2
    assert recode("replay", "--check", path).returncode == 0


def test_a_game_that_is_damaged_or_not_there_is_named_with_what_to_do(
    games: Path, recode: Recode, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = games.read_text()
    game = json.loads(whole)
    games.write_text(whole[:1000])
    torn = recode("run", *ASKED)
    assert (torn.returncode, f"{games} is damaged" in torn.stderr) == (3, True)
    assert "download it again" in torn.stderr
    games.write_text(json.dumps(game | {"pddl_problem": "(define"}))
    broken = recode("run", *ASKED)
    assert (broken.returncode, f"{games} can't be loaded" in broken.stderr) == (3, True), broken.stderr
    games.unlink()
    gone = recode("run", *ASKED)
    assert (gone.returncode, "there is no task" in gone.stderr) == (2, True)
    monkeypatch.setenv("ALFWORLD_DATA", str(games.parent))
    empty = recode("run", *ASKED)
    assert (empty.returncode, "get them with alfworld-download" in empty.stderr) == (3, True)


def test_a_run_whose_data_went_away_goes_on_once_they_are_there_again(
    games: Path, recode: Recode, tmp_path: Path
) -> None:
    path, whole = tmp_path / "run.jsonl", games.read_text()
    assert recode("run", *ASKED, "--max-steps", 2, "--session", path).returncode == 4
    games.write_text(whole[:1000])
    before = path.read_bytes()
    lost = recode("run", "--resume", path)
    assert (lost.returncode, "is damaged" in lost.stderr, path.read_bytes()) == (3, True, before)
    games.write_text(whole)
    script = tmp_path / "script"
    script.write_text("back\nlimit steps 9\ncontinue\nassert episode.solved\n")
    assert recode("debug", "--batch", script, path).returncode == 0


@pytest.mark.parametrize("python", ["/no/python", "without"])
def test_a_python_without_the_package_is_said_how_to_get_it_and_the_run_goes_on_with_one_that_has_it(
    python: str, engine: Alfworld, recode: Recode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, without = tmp_path / "run.jsonl", tmp_path / "without"
    without.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    without.chmod(0o755)
    assert recode("run", *ASKED, "--max-steps", 2, "--session", path).returncode == 4
    with monkeypatch.context() as patched:
        patched.setenv("RECODE_ALFWORLD_PYTHON", python if python != "without" else str(without))
        lost = recode("run", "--resume", path)
    said = "No module named 'alfworld'; install it with" if python == "without" else "can't be started with"
    assert (lost.returncode, said in lost.stderr) == (3, True), lost.stderr
    resumed = recode("run", "--resume", path)
    assert (resumed.returncode, "limit of steps" in resumed.stdout) == (4, True)
