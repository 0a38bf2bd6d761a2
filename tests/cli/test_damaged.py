"""What commands say of damaged sessions, and do with what is whole in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Recode

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A session of which one record, in line 100, names a node that makes a cycle."""
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    cycle = b'{"type":"statement_reached","place":["0.x",[],[1,0,1,1]],"text":"x"}'
    lines[99] = lines[99].partition(b'"event":')[0] + b'"event":' + cycle + b"}\n"
    path = tmp_path / "damaged.jsonl"
    path.write_bytes(b"".join(lines))
    return path


SAID = "is damaged in line 100: '0.x' is not a node id; only the 98 records before it are read"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show"], 0),
        (["export", "--to", "json"], 0),
        (["export", "--to", "graphml"], 0),
        (["export", "--to", "html"], 0),
        (["import", "--sessions-dir", "in"], 0),
        (["replay", "--check", "--recorded"], 2),
    ],
)
def test_what_is_before_the_damage_is_used_and_the_line_is_named(
    recode: Recode, damaged: Path, tmp_path: Path, arguments: list[str], code: int
) -> None:
    if arguments[0] == "import":
        arguments[-1] = str(tmp_path / "in")
    done = recode(*arguments, damaged)
    assert (done.returncode, SAID in done.stderr) == (code, True)
    assert done.stdout


def test_a_damaged_session_is_listed_beside_the_others(recode: Recode, damaged: Path) -> None:
    (damaged.parent / "whole.jsonl").write_bytes(SAMPLE.read_bytes())
    done = recode("sessions", "--sessions-dir", damaged.parent)
    assert (done.returncode, SAID in done.stdout, "solved" in done.stdout) == (0, True, True)
    told = recode("report", damaged.parent)
    assert (told.returncode, SAID in told.stdout) == (0, True)
    assert told.stdout.startswith("1 finished run · 1 damaged")


def test_a_damaged_session_is_not_gone_on_with(recode: Recode, damaged: Path) -> None:
    before = damaged.read_bytes()
    done = recode("run", "--resume", damaged)
    assert (done.returncode, SAID in done.stderr, "recode import FILE" in done.stderr) == (2, True, True)
    assert damaged.read_bytes() == before


@pytest.mark.parametrize("as_folder", [True, False])
def test_one_damaged_session_does_not_keep_the_others_from_being_exported(
    recode: Recode, damaged: Path, tmp_path: Path, as_folder: bool
) -> None:
    whole = damaged.with_name("whole.jsonl")
    whole.write_bytes(SAMPLE.read_bytes())
    foreign = damaged.with_name("foreign.jsonl")
    foreign.write_text("hello\n")
    places = [damaged.parent] if as_folder else [damaged, foreign, whole]
    out = tmp_path / "out" / "data.jsonl"
    done = recode("export", *places, "--to", "sft", "-o", out)
    assert done.returncode == 2
    assert f"left out: {damaged} {SAID}" in done.stderr
    assert f"left out: {foreign} is not a session" in done.stderr
    manifest = json.loads((out.parent / "data.manifest.json").read_text())
    assert (manifest["pairs"] > 0, manifest["sessions_left_out"]) == (True, {"damaged": 2})
    assert len(out.read_text().splitlines()) == manifest["pairs"]
