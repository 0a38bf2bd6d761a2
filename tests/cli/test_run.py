"""`recode run` as its user meets it: what it prints, and how it exits."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Recode = Callable[..., "subprocess.CompletedProcess[str]"]
TASK = ("run", "--env", "household", "--task", "put:7")
MAIN = "from recode_tui.cli import main; main()"
ASKED = {"solved", "score", "steps", "nodes", "depth", "calls", "tokens", "cost_usd", "seconds", "session"}


def test_a_solved_task_exits_with_0_and_tells_its_result_and_its_session(
    recode: Recode, tmp_path: Path
) -> None:
    done = recode(*TASK, "--policy", "expert")
    assert done.returncode == 0
    result, session = done.stdout.splitlines()[-2:]
    assert result.startswith("solved · score 1 · 5 steps")
    path = Path(session.removeprefix("session: "))
    assert path.is_file()
    assert path.parent == tmp_path / "data" / "recode" / "sessions"
    assert done.stderr == ""


def test_with_json_the_output_is_one_object(recode: Recode, tmp_path: Path) -> None:
    done = recode(*TASK, "--json", "--sessions-dir", tmp_path / "mine")
    row = json.loads(done.stdout)
    assert set(row) >= ASKED
    assert (row["solved"], row["score"], row["steps"], row["calls"]) == (True, 1.0, 5, 4)
    assert Path(row["session"]).parent == tmp_path / "mine"


def test_a_task_that_is_not_solved_exits_with_1(recode: Recode, tmp_path: Path) -> None:
    done = recode(*TASK, "--max-depth", 1, "--json", "--session", tmp_path / "run.jsonl")
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (1, "failed")


@pytest.mark.parametrize(("option", "value"), [("--max-steps", 2), ("--max-calls", 1), ("--max-seconds", 0)])
def test_a_limit_of_the_users_exits_with_4(recode: Recode, tmp_path: Path, option: str, value: int) -> None:
    done = recode(*TASK, option, value, "--session", tmp_path / "run.jsonl")
    assert done.returncode == 4
    assert f"the limit of {option.removeprefix('--max-')} is reached" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run",), "--resume FILE"),
        (("run", "--env", "nowhere", "--task", "put:7"), "available: household"),
        (("run", "--env", "household", "--task", "fly:7"), "no task 'fly:7'"),
        ((*TASK, "--policy", "nobody"), "available: expert, human"),
        ((*TASK, "--max-depth", "0"), "--max-depth"),
        ((*TASK, "--colour"), "--colour"),
        ((*TASK, "--session", "a.jsonl", "--sessions-dir", "b"), "one of them"),
        (("run", "--resume", "absent.jsonl"), "No such file"),
        (("run", "--resume", "household-puttwo", "--max-steps", "9"), "leave out --max-steps"),
        (("tasks", "--env", "nowhere"), "available: household"),
        (("tasks", "--env", "household", "--split", "odd"), "no split 'odd'"),
        (("show", "absent.jsonl"), "No such file"),
        (("replay", "absent.jsonl", "--check"), "No such file"),
        (("fly",), "fly"),
        ((*TASK, "--statement-seconds", "inf"), "--statement-seconds"),
        ((*TASK, "--statement-seconds", "1e300"), "--statement-seconds"),
        ((*TASK, "--statement-seconds", "nan"), "--statement-seconds"),
        ((*TASK, "--memory-mb", "99999999999999"), "--memory-mb"),
        ((*TASK, "--max-seconds", "inf"), "--max-seconds"),
        ((*TASK, "--max-cost", "nan"), "--max-cost"),
        ((*TASK, "--max-steps", "9" * 30), "--max-steps"),
        ((*TASK, "--seed", "9" * 30), "--seed"),
        ((*TASK, "--session", ""), "'--session': the name is empty"),
        ((*TASK, "--sessions-dir", ""), "'--sessions-dir': the name is empty"),
        (("show", ""), "'FILE': the name is empty"),
        (
            ("export", "absent.jsonl", "--to", "dot"),
            "unknown format 'dot' (available: graphml, json, html, script, sft)",
        ),
    ],
)
def test_a_wrong_command_exits_with_2_and_one_message(
    recode: Recode, arguments: tuple[str, ...], says: str
) -> None:
    done = recode(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_that_a_person_writes_needs_the_debugger(recode: Recode, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    done = recode("run", "--env", "household", "--task", "put:7", "--policy", "human", "--session", path)
    assert done.returncode == 2
    assert "recode debug with the same options" in done.stderr.splitlines()[-1]
    assert not path.exists()


def test_a_value_nobody_typed_is_shortened_in_a_message(recode: Recode) -> None:
    done = recode("run", "--env", "household", "--task", "x" * 100_000)
    assert done.returncode == 2
    assert len(done.stderr) < 1000
    assert "household has no task 'xxx" in done.stderr
    assert "write KIND:SEED" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--env", "nowhere", "--task", "put:7", "--json"),
        ("run", "--json"),
        ("tasks", "--env", "nowhere", "--json"),
        ("debug", "--json", "--batch", "absent"),
        ("debug", "--json"),
    ],
)
def test_with_json_an_error_is_one_object_too(recode: Recode, arguments: tuple[str, ...]) -> None:
    done = recode(*arguments)
    row = json.loads(done.stdout)
    assert (done.returncode, row["exit_code"]) == (2, 2)
    assert done.stderr == f"recode: {row['error']}\n"


def test_a_limit_that_stopped_a_run_can_be_raised_as_it_says(recode: Recode, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    stopped = recode(*TASK, "--max-steps", 2, "--session", path)
    assert "    not done: the limit of steps is reached, 2 of 2" in stopped.stdout.splitlines()
    hint = stopped.stderr.removeprefix("recode: raise the limit and go on with: ")
    command = hint.replace(" N", " 9").replace("recode ", f"'{sys.executable}' -c '{MAIN}' ")
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[-2][:6]) == (0, "solved")


def test_an_existing_file_is_not_overwritten(recode: Recode, session: Path) -> None:
    before = session.read_bytes()
    done = recode(*TASK, "--session", session)
    assert done.returncode == 2
    assert "exists" in done.stderr
    assert session.read_bytes() == before


def test_a_session_that_is_over_is_resumed_to_its_result(recode: Recode, session: Path) -> None:
    done = recode("run", "--resume", session, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["solved"] is True


def test_a_torn_session_is_resumed_with_a_notice(recode: Recode, session: Path) -> None:
    session.write_bytes(session.read_bytes()[:9000])
    done = recode("run", "--resume", session)
    assert done.returncode == 0
    assert "incomplete line" in done.stderr


UNAVAILABLE = """
from recode_core.environments.household.world import HouseholdWorld
from recode_core.errors import EnvironmentUnavailable

def step(self, action):
    raise EnvironmentUnavailable("the house burnt down: build another")

HouseholdWorld.step = step
from recode_tui.cli import main
main()
"""


def test_an_unavailable_environment_exits_with_3_and_says_how_to_go_on(
    recode: Recode, tmp_path: Path
) -> None:
    path = tmp_path / "run.jsonl"
    command = [sys.executable, "-c", UNAVAILABLE, *TASK, "--json", "--session", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 3
    assert "the house burnt down" in done.stderr
    assert f"recode run --resume {path}" in done.stderr
    row = json.loads(done.stdout)
    assert (row["solved"], row["error"]) == (False, "the house burnt down: build another")
    assert recode("run", "--resume", path).returncode == 0


OTHERWISE = """
from recode_core.environments.household.world import HouseholdWorld
from recode_core.values import Observation

step = HouseholdWorld.step
HouseholdWorld.step = lambda self, action: Observation(step(self, action).text + " It is dark.")
from recode_tui.cli import main
main()
"""


def test_a_world_that_answers_otherwise_exits_with_3_and_names_the_way_on_which_goes_on(
    recode: Recode, tmp_path: Path
) -> None:
    path, script = tmp_path / "a run.jsonl", tmp_path / "script"
    assert recode(*TASK, "--max-steps", 2, "--session", path).returncode == 4
    before = path.read_bytes()

    def in_the_dark(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", OTHERWISE, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True)

    done = in_the_dark("run", "--resume", path, "--json")
    assert (done.returncode, path.read_bytes()) == (3, before)
    assert re.search(r"recorded: You .*\n  now:      You .* It is dark\.\n", done.stderr)
    assert f"recode debug '{path}', then accept" in done.stderr
    assert json.loads(done.stdout) == {"error": done.stderr.strip().removeprefix("recode: "), "exit_code": 3}
    script.write_text("accept\nlimit steps 20\nstep\nbranches\n")
    went_on = in_the_dark("debug", "--batch", script, path)
    assert (went_on.returncode, "accept-1" in went_on.stdout) == (0, True)
    assert in_the_dark("run", "--resume", path).returncode == 1
    assert recode("run", "--resume", path).returncode == 3


def test_on_a_terminal_the_tree_is_drawn(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from recode_tui.cli import main; main()", *TASK]
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    command += ["--session", str(tmp_path / "run.jsonl")]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=env, close_fds=True) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        assert process.wait() == 0
    text = shown.decode()
    assert "solve(instruction, observation)" in text
    assert "├ " in text
    assert "solved" in text
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1  # the cursor comes back
