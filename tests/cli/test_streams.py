"""Whoever starts `recode`, and whatever its output leads to: no traceback, and an exit code that is true."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.waiting import PATIENCE

Recode = Callable[..., "subprocess.CompletedProcess[str]"]
RECODE = f"'{sys.executable}' -c 'from recode_tui.cli import main; main()'"
RUN = f"{RECODE} run --env household --task put:7 --session run.jsonl"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a line of shell."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "closed", [">&-", "2>&-", "<&- >&- 2>&-", "| head -c 1 >/dev/null", "2>/dev/full | true"]
)
def test_a_run_goes_on_when_nobody_can_read_it(
    recode: Recode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    done = shell(f"{RUN} {closed}", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert recode("show", tmp_path / "run.jsonl").stdout.splitlines()[-1].startswith("solved")


def test_a_closed_output_never_becomes_the_session(tmp_path: Path) -> None:
    assert shell(f"{RUN} <&- >&- 2>&-", tmp_path).returncode == 0
    lines = (tmp_path / "run.jsonl").read_text().splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_what_is_printed_without_an_output_is_lost_without_a_word(session: Path) -> None:
    done = shell(f"{RECODE} show '{session}' >&-", session.parent)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_run_that_cannot_print_says_so_and_how_to_go_on(
    recode: Recode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    done = shell(f"{RUN} >/dev/full", tmp_path)
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        [
            "recode: the output cannot be written: No space left on device",
            "recode: go on with: recode run --resume run.jsonl",
        ],
    )
    assert recode("run", "--resume", tmp_path / "run.jsonl").returncode == 0


@pytest.mark.parametrize("arguments", ["tasks --env household", "tasks --env nowhere --json"])
def test_an_output_that_takes_nothing_is_one_message(tmp_path: Path, arguments: str) -> None:
    done = shell(f"{RECODE} {arguments} >/dev/full", tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


INTERRUPTED_WHILE_IMPORTING = """
import sys

class CtrlC:
    def find_spec(self, name, path, target=None):
        if name == "typer":
            raise KeyboardInterrupt

sys.meta_path.insert(0, CtrlC())
from recode_tui.cli import main
main()
"""


def test_an_interrupt_before_the_command_has_begun_is_no_traceback() -> None:
    command = [sys.executable, "-c", INTERRUPTED_WHILE_IMPORTING, "tasks"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "recode: interrupted\n")
