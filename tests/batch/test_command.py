"""`recode batch`, in processes of its own that are interrupted and killed."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from recode_core.batch.manifest import load
from recode_core.episode import check
from recode_core.errors import NotASession
from recode_core.events import ActionFinished, Event, ExpansionReplied, Resumed
from recode_core.session import read
from tests.support.waiting import PATIENCE, wait_until

COMMAND = [sys.executable, "-c", "from recode_tui.cli import main; main()"]
FREE = 3
"""How many episodes of an interrupted batch come to their end; the experts of the others hang."""
HANGING = f"""
import itertools, threading
from recode_core.environments.household.expert.policy import HouseholdExpert

begin, expand, number = HouseholdExpert.__init__, HouseholdExpert.expand, itertools.count(1)

def begin_numbered(self):
    begin(self)
    self.number, self.aborted = next(number), threading.Event()

def expand_or_hang(self, request, stream):
    if self.number > {FREE}:
        self.aborted.wait()
    return expand(self, request, stream)

HouseholdExpert.__init__, HouseholdExpert.expand = begin_numbered, expand_or_hang
HouseholdExpert.abort = lambda self: self.aborted.set()
from recode_tui.cli import main
main()
"""
TASKS = ["--env", "household", "--split", "valid", "-n", "12", "-c", "4"]


def recode(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE)


@contextmanager
def running(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A batch that hangs after a few episodes, in a process group of its own, as a shell starts it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING, *map(str, arguments), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], folder: Path, text: bytes, times: int) -> None:
    """Until so many sessions hold a text."""

    def hold() -> bool:
        assert process.poll() is None, "the batch is over"
        return sum(text in path.read_bytes() for path in folder.glob("*.jsonl")) >= times

    wait_until(hold)


def happened(path: Path) -> list[Event]:
    """What happened, but for durations and marks of new processes."""
    events = [record.event for record in read(path).records if not isinstance(record.event, Resumed)]
    return [
        msgspec.structs.replace(event, seconds=0.0)
        if isinstance(event, ActionFinished | ExpansionReplied)
        else event
        for event in events
    ]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same batch, never broken off."""
    folder = tmp_path_factory.mktemp("unbroken") / "batch"
    assert recode("batch", *TASKS, "--out", folder).returncode == 0
    return folder


def is_like(folder: Path, unbroken: Path) -> bool:
    names = {path.name for path in folder.glob("*.jsonl")}
    assert names == {path.name for path in unbroken.glob("*.jsonl")}
    return all(happened(folder / name) == happened(unbroken / name) for name in names)


@pytest.mark.slow_variants
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_exits_with_130_and_says_how_to_go_on(
    tmp_path: Path, unbroken: Path, how: signal.Signals
) -> None:
    folder = tmp_path / "my batch"
    with running("batch", *TASKS, "--out", folder) as process:
        wait_for(process, folder, b"episode_finished", 2)
        os.killpg(process.pid, how)
        out, err = process.communicate(timeout=PATIENCE)
    row = json.loads(out)
    assert (process.returncode, row["error"]) == (130, "interrupted")
    assert f"go on with: recode batch --resume '{folder}'" in err
    assert "Traceback" not in err
    assert 1 <= row["finished"] < 12  # one may have come in with the interrupt
    assert row["failures"] == []
    assert not list(folder.glob(".*"))
    resumed = recode("batch", "--resume", folder, "--json")
    assert resumed.returncode == 0, resumed.stderr
    assert is_like(folder, unbroken)


@pytest.mark.slow
def test_killed_again_and_again_and_resumed_every_episode_comes_to_the_same_end(
    tmp_path: Path, unbroken: Path
) -> None:
    folder, chance, kills = tmp_path / "batch", random.Random(5), 0
    for _ in range(4):
        go_on = (
            ["--resume", folder, "-c", 4] if (folder / "batch.json").exists() else [*TASKS, "--out", folder]
        )
        with running("batch", *go_on) as process:
            began = [path.stat().st_size for path in folder.glob("*.jsonl")]
            wait_for(process, folder, b"world_reset", min(12, len(began) + 2))
            time.sleep(chance.uniform(0, 0.5))
            process.kill()
            process.communicate()
            kills += process.returncode == -signal.SIGKILL
    assert kills >= 3
    finished = {
        p.name: p.read_bytes() for p in folder.glob("*.jsonl") if b"episode_finished" in p.read_bytes()
    }
    resumed = recode("batch", "--resume", folder, "--json")
    assert (resumed.returncode, json.loads(resumed.stdout)["solved"]) == (0, 12), resumed.stderr
    assert {name: (folder / name).read_bytes() for name in finished} == finished
    assert is_like(folder, unbroken)
    assert check(next(folder.glob("*.jsonl"))).diverged == 0


def test_without_a_terminal_it_prints_a_line_an_episode_and_the_sum(tmp_path: Path) -> None:
    done = recode("batch", "--env", "household", "--tasks", "put:7, put:8", "-c", 1, "--out", tmp_path / "b")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].startswith("[1/2] put:7 solved · score 1 · ")
    assert lines[0].endswith(" left")
    assert lines[2].startswith("2 of 2 · 2 solved · score 1.000 · ")
    assert lines[3] == f"batch: {tmp_path / 'b'}"


@pytest.mark.slow
def test_the_exit_code_says_how_it_went(tmp_path: Path) -> None:
    base = ["batch", "--env", "household", "--tasks", "put:7,put:8", "--json"]
    limited = recode(*base, "--max-steps", 1, "--out", tmp_path / "a")
    assert (limited.returncode, json.loads(limited.stdout)["limited"]) == (4, 2)
    unsolved = recode(*base, "--max-depth", 1, "--repairs", 0, "--out", tmp_path / "b")
    assert (unsolved.returncode, json.loads(unsolved.stdout)["solved"]) == (1, 0)
    failed = recode(*base[:-3], "--tasks", "put:7,no:8", "--json", "--out", tmp_path / "c")
    row = json.loads(failed.stdout)
    assert (failed.returncode, row["solved"], len(row["failures"])) == (3, 1, 1)
    assert "no task 'no:8'" in row["failures"][0]["error"]
    broke = recode(*base, "--budget-calls", 3, "--out", tmp_path / "d")
    assert (broke.returncode, json.loads(broke.stdout)["error"]) == (
        4,
        "the batch's budget of 3 calls is reached",
    )
    assert "go on with: recode batch --resume" in broke.stderr


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--env", "household", "-n", "2"], "--out, --resume"),
        (["--env", "household", "--out", "x"], "select tasks by"),
        (["--env", "household", "--out", "x", "--tasks", "put:1", "-n", "1"], "select tasks by"),
        (["--env", "household", "--out", "x", "--split", "nowhere"], "no split 'nowhere'"),
        (["--env", "nowhere", "--out", "x", "-n", "1"], "unknown environment 'nowhere'"),
        (
            ["--env", "household", "--out", "x", "-n", "1", "--policy", "nobody"],
            "unknown policy 'nobody'",
        ),
        (["--resume", "x", "-n", "3", "--seed", "1"], "leave out --count, --seed"),
        (["--resume", "x"], "x contains no batch"),
    ],
)
def test_a_wrong_command_begins_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = recode("batch", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_second_process_is_told_that_the_batch_is_being_played(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    with running("batch", *TASKS, "--out", folder) as process:
        wait_for(process, folder, b"world_reset", 1)
        second = recode("batch", "--resume", folder)
    assert second.returncode == 2
    assert "another process" in second.stderr


needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="ray is not installed: pip install recode[ray]"
)


@needs_ray
def test_a_ray_cluster_plays_the_same_under_the_same_budget(tmp_path: Path, unbroken: Path) -> None:
    folder = tmp_path / "batch"
    broke = recode("batch", *TASKS, "--out", folder, "--engine", "ray", "--budget-calls", 20, "--json")
    row = json.loads(broke.stdout)
    assert (broke.returncode, row["calls"], row["failures"]) == (4, 20, []), broke.stderr
    through = recode("batch", "--resume", folder, "-c", 4, "--engine", "ray", "--json")
    assert (through.returncode, json.loads(through.stdout)["solved"]) == (0, 12), through.stderr
    assert is_like(folder, unbroken)


@needs_ray
def test_an_interrupted_batch_on_a_ray_cluster_leaves_every_session_whole(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    arguments = ["--env", "household", "--split", "train", "-n", 60, "-c", 4, "--engine", "ray"]
    with running("batch", *arguments, "--out", folder) as process:
        wait_for(process, folder, b"episode_finished", 3)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    row = json.loads(out.splitlines()[-1])
    assert (process.returncode, row["failures"]) == (130, []), err
    resumed = recode("batch", "--resume", folder, "-c", 4, "--json")
    assert (resumed.returncode, json.loads(resumed.stdout)["solved"]) == (0, 60), resumed.stderr


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="ray is installed")
def test_without_ray_it_says_how_to_get_it(tmp_path: Path) -> None:
    done = recode("batch", *TASKS, "--out", tmp_path / "batch", "--engine", "ray")
    assert done.returncode == 3
    assert "ray is not installed: install recode[ray]" in done.stderr
    assert load(tmp_path / "batch") is not None
    with pytest.raises(NotASession):
        read(tmp_path / "batch" / "batch.json")
