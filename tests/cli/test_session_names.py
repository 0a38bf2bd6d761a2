"""Commands take the names that sessions are shown under, and the shell completes them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder
from recode_tui.session_sources import samples_dir
from tests.cli.conftest import COMMAND, Recode
from tests.support.waiting import PATIENCE

SAMPLE = "household-puttwo"
NAME = "20261128-192801-aaaaaa"


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's folder of sessions, with one that is a copy of a sample."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = sessions_folder()
    folder.mkdir(parents=True)
    shutil.copyfile(samples_dir() / f"{SAMPLE}.jsonl", folder / f"{NAME}.jsonl")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    yield folder


@pytest.mark.parametrize("name", [NAME, NAME[:13], f"{NAME}.jsonl", "last", SAMPLE])
def test_a_session_is_shown_by_each_of_its_names(sessions: Path, recode: Recode, name: str) -> None:
    done = recode("show", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("household · puttwo:")


def test_every_command_that_takes_a_session_takes_a_name(sessions: Path, recode: Recode) -> None:
    assert json.loads(recode("export", "last", "--to", "json").stdout)["directed"]
    assert "1 finished run" in recode("report", NAME[:13]).stdout
    assert f"{SAMPLE}.jsonl" in recode("import", SAMPLE).stdout
    for command in (("run", "--resume"), ("debug",), ("replay",), ("replay", "--check")):
        done = recode(*command, "nobody-knows-it")
        assert done.returncode == 2
        assert "No such file or session" in done.stderr


def test_a_name_that_fits_several_or_none_is_told(sessions: Path, recode: Recode) -> None:
    shutil.copyfile(sessions / f"{NAME}.jsonl", sessions / "20261128-192859-bbbbbb.jsonl")
    done = recode("show", "20261128")
    assert done.returncode == 2
    assert f"ambiguous session name '20261128' (matches: 20261128-192859-bbbbbb, {NAME}" in done.stderr
    done = recode("show", "houshold-puttwo")
    assert f"did you mean {SAMPLE}" in done.stderr


def test_a_file_wins_over_a_name(sessions: Path, recode: Recode) -> None:
    Path("last").write_text("no session")
    done = recode("show", "last")
    assert done.returncode == 2
    assert "last is not a session" in done.stderr


def test_the_shell_is_offered_the_names(sessions: Path) -> None:
    assert options.complete_session("2026") == [NAME]
    assert {NAME, SAMPLE, "last"} <= set(options.complete_session(""))
    for line, found in (("recode show 2026", NAME), ("recode run --resume las", "last")):
        words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_RECODE_COMPLETE": "complete_bash"}
        done = subprocess.run(
            COMMAND, capture_output=True, text=True, timeout=PATIENCE, env=os.environ | words
        )
        assert (done.stdout.split(), done.stderr) == ([found], "")


def test_a_run_in_which_nothing_happened_names_no_file(sessions: Path, recode: Recode) -> None:
    script = sessions.parent / "script"
    script.write_text("step\nback\n")
    done = recode("debug", "--batch", script, "--env", "household", "--task", "put:7", "--json")
    assert (done.returncode, json.loads(done.stdout)["session"]) == (0, None)
    assert [path.stem for path in sessions.iterdir()] == [NAME]
