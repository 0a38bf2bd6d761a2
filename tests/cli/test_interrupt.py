"""A run that is broken off from outside says how to go on, and can."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.waiting import PATIENCE

Recode = Callable[..., "subprocess.CompletedProcess[str]"]

SLOW = """
import time
from recode_core.environments.household.world import HouseholdWorld

step = HouseholdWorld.step

def slowly(self, action):
    time.sleep(0.1)
    return step(self, action)

HouseholdWorld.step = slowly
from recode_tui.cli import main
main()
"""


@contextmanager
def running(path: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process group of its own, as a shell starts it, that has acted in its world."""
    task = ["--env", "household", "--task", "puttwo:3:large", "--session", str(path), "--json"]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *command, *task],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with process:
        try:
            deadline = time.monotonic() + PATIENCE
            while not path.exists() or b"action_finished" not in path.read_bytes():
                assert process.poll() is None
                assert time.monotonic() < deadline, "the run does not begin"
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_exits_with_130_and_says_how_to_go_on(
    recode: Recode, tmp_path: Path, how: signal.Signals
) -> None:
    path = tmp_path / "my run.jsonl"
    with running(path, "run") as process:
        os.killpg(process.pid, how)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert f"recode run --resume '{path}'" in err
    assert "Traceback" not in err
    row = json.loads(out)
    assert (row["solved"], row["outcome"], row["error"]) == (False, None, "interrupted")
    assert path.read_bytes().endswith(b"}\n")
    assert b"InterpreterCrashed" not in path.read_bytes()
    resumed = recode("run", "--resume", path, "--json")
    assert (resumed.returncode, json.loads(resumed.stdout)["solved"]) == (0, True)


def test_an_interrupted_script_says_how_to_go_on_in_the_debugger(tmp_path: Path) -> None:
    path, script = tmp_path / "run.jsonl", tmp_path / "script.recode"
    script.write_text("continue\n")
    with running(path, "debug", "--batch", str(script)) as process:
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    row = json.loads(out)
    assert (process.returncode, row["exit_code"], row["error"]) == (130, 130, "interrupted")
    assert f"go on with: recode debug --batch SCRIPT {path}\n" in err
    assert "Traceback" not in err


def test_a_running_session_is_shown_but_not_taken_up_by_another(recode: Recode, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with running(path, "run") as process:
        process.send_signal(signal.SIGSTOP)  # or it may be over before the others have begun
        busy = recode("run", "--resume", path)
        shown = recode("show", path)
    assert busy.returncode == 2
    assert "another process" in busy.stderr
    assert shown.returncode == 0
    assert "unfinished" in shown.stdout


def test_a_killed_run_is_resumed(recode: Recode, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with running(path, "run") as process:
        process.kill()
        process.wait()
    resumed = recode("run", "--resume", path, "--json")
    assert (resumed.returncode, json.loads(resumed.stdout)["solved"]) == (0, True)
