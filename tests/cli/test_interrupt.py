"""A run that is broken off from outside says how to go on, and can."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from recode_core.session import Writer, read
from tests.cli.conftest import COMMAND
from tests.support.waiting import PATIENCE, wait_until
from tests.tui.vanishing import descendants, until_gone

Recode = Callable[..., "subprocess.CompletedProcess[str]"]

WAITING = """
import itertools, os, time
from recode_core.environments.household.world import HouseholdWorld

step, number = HouseholdWorld.step, itertools.count(1)

def step_or_wait(self, action):
    is_third = next(number) == 3
    while is_third and not os.path.exists(os.environ["GO"]):
        time.sleep(0.01)
    return step(self, action)

HouseholdWorld.step = step_or_wait
from recode_tui.cli import main
main()
"""


def let_go(path: Path) -> None:
    """Have the world of a run that `running` began answer."""
    path.with_suffix(".go").touch()


@contextmanager
def running(path: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process group of its own, as a shell starts it, that has acted in its world."""
    task = ["--env", "household", "--task", "puttwo:3:large", "--session", str(path), "--json"]
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, *command, *task],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        env={**os.environ, "GO": str(path.with_suffix(".go"))},
    )
    with process:
        try:

            def has_acted() -> bool:
                assert process.poll() is None
                return path.exists() and path.read_bytes().count(b"action_reached") == 3

            wait_until(has_acted)
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
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
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
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


LASTING = """step
step
edit 0.1 <<END
n = len([0 for i in range(10 ** 15) if i < 0])
END
print 'ready'
continue
"""


def test_a_statement_that_lasts_does_not_keep_a_run_from_its_end(tmp_path: Path) -> None:
    path, script = tmp_path / "run.jsonl", tmp_path / "script.recode"
    script.write_text(LASTING)
    command = [
        "debug",
        "--batch",
        str(script),
        "--env",
        "household",
        "--task",
        "put:7",
        "--session",
        str(path),
    ]
    with subprocess.Popen(
        [*COMMAND, *command, "--statement-seconds", "600"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        while "ready" not in process.stdout.readline():
            assert process.poll() is None
        workers = descendants(process.pid)
        process.terminate()
        _, err = process.communicate(timeout=PATIENCE)
        assert not any(until_gone(pid, monotonic() + PATIENCE) for pid in workers)
    assert process.returncode == 130
    assert f"go on with: recode debug --batch SCRIPT {path}\n" in err
    assert not read(path).torn
    assert b"InterpreterCrashed" not in path.read_bytes()
    Writer.reopen(path)[0].close()


def test_a_run_goes_on_after_the_signal_that_it_was_started_to_ignore(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does; a child inherits it
    try:
        with running(path, "run") as process:
            process.send_signal(signal.SIGHUP)
            let_go(path)
            out, err = process.communicate(timeout=PATIENCE)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (process.returncode, json.loads(out)["solved"], err) == (0, True, "")


def test_a_file_that_is_deleted_under_a_run_is_told_and_written_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with running(path, "run") as process:
        path.unlink()
        let_go(path)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    moved = tmp_path / "run-2.jsonl"
    assert err == (
        f"recode: {path} was deleted by another program; the whole session is now in {moved} "
        "and continues there\n"
    )
    assert json.loads(out)["session"] == str(moved)
    assert read(moved).timeline().end.outcome == "solved"


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
