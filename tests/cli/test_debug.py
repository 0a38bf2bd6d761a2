"""`recode debug --batch` as its user meets it: what it prints, and how it exits."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.events import ExpansionReplied
from recode_core.session import Settings, read

Recode = Callable[..., "subprocess.CompletedProcess[str]"]
TASK = ("--env", "household", "--task", "put:7")
ROOT = Path(__file__).parents[2]
KEYS = {"commands", "asserts", "failed", "exit_code", "solved", "score", "steps", "calls", "session"}


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a script."""

    def write(text: str) -> Path:
        path = tmp_path / "script.recode"
        path.write_text(text)
        return path

    return write


def test_a_script_breaks_goes_back_edits_wrongly_undoes_edits_rightly_and_solves_the_task(
    recode: Recode, tmp_path: Path
) -> None:
    path = tmp_path / "run.jsonl"
    mend = ROOT / "tests" / "scripts" / "mend_put.recode"
    done = recode("debug", "--batch", mend, *TASK, "--session", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "finished, score 0" in done.stdout
    assert done.stdout.splitlines()[-3] == "22 of 22 asserts held"
    assert done.stdout.splitlines()[-2].startswith("solved · score 1 · 5 steps")
    paid = [r for r in read(path).records if isinstance(r.event, ExpansionReplied) and r.event.by == "policy"]
    assert len(paid) == 4
    checked = recode("replay", "--check", path)
    assert (checked.returncode, checked.stdout.splitlines()[:3]) == (
        0,
        [
            "main: 5 of 5 steps replayed, 0 diverged",
            "edit-1: 5 of 5 steps replayed, 0 diverged",
            "10 of 10 steps replayed, 0 diverged on 2 branches",
        ],
    )


def test_a_script_on_a_bundled_sample_goes_on_with_a_copy(
    recode: Recode, script: Callable[[str], Path], tmp_path: Path
) -> None:
    sample = ROOT / "sessions" / "household-mended.jsonl"
    before = sample.read_bytes()
    done = recode("debug", "--batch", script('note 0 "mine"'), sample)
    assert (done.returncode, sample.read_bytes()) == (0, before)
    copy = Path(done.stdout.splitlines()[-1].removeprefix("session: "))
    assert copy.is_relative_to(tmp_path) and b'"mine"' in copy.read_bytes()


def test_with_json_the_output_is_one_object(recode: Recode, script: Callable[[str], Path]) -> None:
    written = script(
        "# a comment\n\ncontinue\nassert episode.solved\nassert episode.steps == 6\nprint 1 + 1\n"
    )
    done = recode("debug", "--batch", written, *TASK, "--json")
    row = json.loads(done.stdout)
    assert set(row) >= KEYS
    assert [command["line"] for command in row["commands"]] == [3, 4, 5, 6]
    assert row["commands"][2] == {
        "line": 5,
        "command": "assert episode.steps == 6",
        "output": [],
        "error": "line 5: episode.steps == 6 does not hold: episode.steps is 5",
    }
    assert row["commands"][3]["output"] == ["2"]
    counts = ("asserts", "failed", "exit_code", "solved", "score", "steps", "calls")
    assert [row[key] for key in counts] == [2, 1, 1, True, 1.0, 5, 4]
    assert done.returncode == 1
    assert Path(row["session"]).is_file()


def test_asserts_that_hold_exit_with_0_whether_the_task_is_solved_or_not(
    recode: Recode, script: Callable[[str], Path]
) -> None:
    done = recode("debug", "--batch", script("step\nassert not episode.solved\n"), *TASK)
    assert done.returncode == 0
    assert "> step\n[main] record " in done.stdout
    assert "unfinished" in done.stdout.splitlines()[-1]  # nothing has happened that a file would be kept for


def test_an_assert_about_what_there_is_not_fails(recode: Recode, script: Callable[[str], Path]) -> None:
    done = recode("debug", "--batch", script("step\nassert nothing == 1\nassert True\n"), *TASK)
    assert done.returncode == 1
    assert "line 2: nothing == 1 does not hold: name 'nothing' is not defined" in done.stdout
    assert "1 of 2 asserts held" in done.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("step\nfly\nassert False\n", "line 2: unknown command 'fly' "),
        ("assert 1 +\n", "line 1: '1 +' is not an expression"),
        ("step 3\n", "line 1: unexpected argument '3'"),
        ("step\n\nedit 0\n", "line 3: expected a block of text between <<END and END"),
        ("step\nedit 0 <<END\nx = 1\n", "line 2: the block is not terminated by a line END"),
        ("step\nedit 0 <<END\ndef f(): pass\nEND\n", "line 2: "),
        ("retry 0 1\n", "line 1: expected a node, not '0 1'"),
        ("goto nowhere\n", "line 1: no record at node 'nowhere'"),
        ('note 0 x\nregenerate 0 hint "x\n', "line 2: unterminated quote in '0 hint \"x'"),
        ("step\nstep <<END\nx = 1\nEND\n", "line 2: `step` takes no block of text between <<END and END"),
        ("regenerate 0 rollout end\n", "line 1: rollout needs candidates"),
        ("step\ngraft 1\n", "line 2: unknown candidate 1 (available: none)"),
        ("export tree.xml\n", "line 1: unknown format of 'tree.xml' (available: .graphml, .json)"),
        ("diff main other\n", "line 1: 'other' is neither a branch (available: main) nor a file"),
        ("continue\nstep\n", "line 2: the run has ended"),
    ],
)
def test_a_bad_command_exits_with_2_and_its_line(
    recode: Recode, script: Callable[[str], Path], tmp_path: Path, text: str, says: str
) -> None:
    done = recode("debug", "--batch", script(text), *TASK, "--session", tmp_path / "run.jsonl")
    assert done.returncode == 2
    assert done.stderr.startswith(f"recode: {says}")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--env, --task: both are needed"),
        (("--batch", "SCRIPT"), "--env, --task: both are needed, or the FILE of a session"),
        (("--batch", "nowhere", *TASK), "nowhere cannot be read: No such file or directory\n"),
        (("--batch", "SCRIPT", "nowhere.jsonl"), "nowhere.jsonl"),
        (("--batch", "SCRIPT", "SCRIPT"), "is not a session"),
        (("--batch", "SCRIPT", "SESSION", "--env", "household"), "leave out --env"),
        (("--batch", "SCRIPT", *TASK, "--session", "SESSION"), "exists and is never overwritten"),
        (("--batch", "SCRIPT", "--env", "household", "--task", "fly:1"), "no task 'fly:1'"),
    ],
)
def test_a_wrong_call_exits_with_2(
    recode: Recode,
    script: Callable[[str], Path],
    tmp_path: Path,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    path = tmp_path / "run.jsonl"
    episode.start(Settings("household", "put:7"), path, keep_empty=True).close()
    files = {"SCRIPT": str(script("step\n")), "SESSION": str(path)}
    done = recode("debug", *(files.get(word, word) for word in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_script_that_is_no_text_exits_with_2(recode: Recode, tmp_path: Path) -> None:
    path = tmp_path / "script.recode"
    path.write_bytes(b"\xff\xfe")
    done = recode("debug", "--batch", path, *TASK)
    assert (done.returncode, "cannot be read" in done.stderr) == (2, True)


def test_a_session_is_gone_on_with_and_appended_to(
    recode: Recode, session: Path, script: Callable[[str], Path]
) -> None:
    before = session.read_bytes()
    written = script("assert episode.solved\ngoto 0.8\nskip\nassert not episode.solved\n")
    done = recode("debug", "--batch", written, session)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == f"session: {session}"
    assert session.read_bytes().startswith(before)
    assert len(session.read_bytes()) > len(before)
    assert recode("show", session).stdout.splitlines()[-1].startswith("not solved")
    assert recode("show", session, "--branch", "main").stdout.splitlines()[-1].startswith("solved")


def test_looking_around_in_a_session_that_is_over_writes_nothing(
    recode: Recode, session: Path, script: Callable[[str], Path]
) -> None:
    before = session.read_bytes()
    written = script("back\nback continue\nstep\ngoto 0.7\nhistory obj_ID\nprint obj\nundo\n")
    assert recode("debug", "--batch", written, session).returncode == 0
    assert session.read_bytes() == before


def test_a_world_that_answers_differently_exits_with_3(
    recode: Recode, session: Path, script: Callable[[str], Path]
) -> None:
    arrived = b'"action_finished","observation":{"text":"You arrive at desk 1.'
    session.write_bytes(session.read_bytes().replace(arrived, arrived.replace(b"desk 1", b"desk 9")))
    before = session.read_bytes()
    done = recode("debug", "--batch", script("goto 0.7\nskip\n"), session)
    assert done.returncode == 3
    assert "desk 9" in done.stderr
    assert session.read_bytes() == before


def test_control_codes_from_outside_do_not_reach_the_terminal(
    recode: Recode, script: Callable[[str], Path], tmp_path: Path
) -> None:
    written = script("step\nstep\nset evil = '\\x1b[31m'\nprint evil + chr(155)\nnote 0 \x1b[31m\n")
    done = recode("debug", "--batch", written, *TASK, "--session", tmp_path / "run.jsonl")
    assert done.returncode == 0
    assert not {"\x1b", "\x9b"} & set(done.stdout + done.stderr)


@pytest.mark.parametrize("to", ["graphml", "json"])
def test_a_session_is_exported_to_the_output_or_to_a_file(
    recode: Recode, session: Path, tmp_path: Path, to: str
) -> None:
    shown = recode("export", session, "--to", to)
    out = tmp_path / "graph"
    assert recode("export", session, "--to", to, "-o", out).returncode == 0
    assert shown.stdout == out.read_text().removesuffix("\n") + "\n"
    assert "find_and_take" in shown.stdout


def test_an_export_that_cannot_be_written_is_one_message(
    recode: Recode, session: Path, tmp_path: Path
) -> None:
    done = recode("export", session, "--to", "json", "-o", tmp_path / "nowhere" / "graph")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_an_export_overwrites_no_file_least_of_all_its_session(
    recode: Recode, script: Callable[[str], Path], session: Path, tmp_path: Path
) -> None:
    before = session.read_bytes()
    other = tmp_path / "notes.json"
    other.write_text("mine")
    for out in (session, other):
        done = recode("export", session, "--to", "json", "-o", out)
        assert done.returncode == 2
        assert f"{out} exists and is never overwritten: delete it first or name another" in done.stderr
    for command in ("export", "save"):
        done = recode("debug", "--batch", script(f"{command} {other}\n"), session)
        assert (done.returncode, "exists and is never overwritten: delete it" in done.stderr) == (2, True)
    assert (session.read_bytes(), other.read_text()) == (before, "mine")


def test_an_export_can_go_to_a_device(recode_process: Recode, session: Path) -> None:
    done = recode_process("export", session, "--to", "json", "-o", "/dev/stdout")
    assert (done.returncode, json.loads(done.stdout)["directed"]) == (0, True)


def test_a_script_may_begin_with_a_byte_order_mark(
    recode: Recode, script: Callable[[str], Path], tmp_path: Path
) -> None:
    written = script("\ufeff# a comment\nassert True\n")
    done = recode("debug", "--batch", written, *TASK, "--session", tmp_path / "run.jsonl")
    assert (done.returncode, "1 of 1 asserts held" in done.stdout) == (0, True)


def test_a_script_can_come_from_the_input(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from recode_tui.cli import main; main()", "debug", "--batch", "-"]
    command += [*TASK, "--session", str(tmp_path / "run.jsonl")]
    done = subprocess.run(command, input="step\nassert True\n", capture_output=True, text=True)
    assert (done.returncode, "1 of 1 asserts held" in done.stdout) == (0, True)


def test_a_branch_that_there_is_not_is_one_message(recode: Recode, session: Path) -> None:
    done = recode("show", session, "--branch", "other")
    assert (done.returncode, done.stdout) == (2, "")
    assert "unknown branch 'other' of" in done.stderr


def test_a_session_that_cannot_be_written_can_be_looked_at_and_no_more(
    recode: Recode, script: Callable[[str], Path], session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = session.read_bytes()
    really_open = os.open

    def read_only(file: str | Path, flags: int, mode: int = 0o777) -> int:  # for root, too
        if flags & os.O_WRONLY and Path(file) == session:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return really_open(file, flags, mode)

    monkeypatch.setattr(os, "open", read_only)
    looking = script(
        "assert episode.solved\nback\nbreak action *\nback continue\nprint obj\nhistory obj_ID\n"
    )
    done = recode("debug", "--batch", looking, session)
    assert (done.returncode, "1 of 1 asserts held" in done.stdout) == (0, True)
    assert "cannot be written: Read-only file system; opened read-only" in done.stderr
    done = recode("debug", "--batch", script("goto 0.7\nskip\n"), session)
    assert done.returncode == 2
    assert "line 2: this session is read-only" in done.stderr
    assert session.read_bytes() == before
