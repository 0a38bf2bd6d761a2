"""`recode import` and `recode sessions` as a user calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Recode

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A result file of the published code, with one run."""
    node = {"code": "solve(instruction, observation)", "thought": "t", "status": "STUB"}
    tree = {
        "version": "recode.plan.v1",
        "root_id": "r",
        "nodes": {"r": node},
        "edges": [],
        "meta": {"env_name": "x"},
    }
    runs: list[dict[str, Any]] = [
        {"instance_id": 3, "success": False, "tree": tree},
        {"error": "cut\x1b[31m"},
    ]
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"instances": runs}))
    return path


def test_sessions_and_results_are_imported_and_listed(recode: Recode, results: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    done = recode("import", results, SAMPLE, "--sessions-dir", folder)
    assert done.returncode == 0
    assert [line.rpartition("/")[2] for line in done.stdout.splitlines()] == ["results-3.jsonl", SAMPLE.name]
    assert "left out run 1: cut␛[31m" in done.stderr
    listed = recode("sessions", "--sessions-dir", folder).stdout.splitlines()
    assert len(listed) == 3
    assert any(
        line.startswith("household-mended") and "solved" in line and "put:7" in line for line in listed
    )
    shown = recode("show", folder / "results-3.jsonl")
    assert "imported from results.json" in shown.stdout


def test_sessions_as_json_are_one_array_newest_first(recode: Recode, tmp_path: Path) -> None:
    recode("import", SAMPLE, "--sessions-dir", tmp_path)
    (tmp_path / "broken.jsonl").write_text("{}\n")
    rows = json.loads(recode("sessions", "--sessions-dir", tmp_path, "--json").stdout)
    assert [Path(row["path"]).stem for row in rows] == ["broken", "household-mended"]
    assert (rows[0]["result"], "is not a session" in rows[0]["error"]) == (None, True)
    assert (rows[1]["result"]["solved"], rows[1]["task"], rows[1]["branches"]) == (True, "put:7", 2)


def test_a_folder_without_sessions_says_so(recode: Recode, tmp_path: Path) -> None:
    done = recode("sessions", "--sessions-dir", tmp_path)
    assert (done.returncode, done.stdout.split(" in ")[0]) == (0, "no sessions")


def test_what_is_neither_a_session_nor_results_is_refused(recode: Recode, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_bytes(SAMPLE.read_bytes()[:300])
    for file, said in (
        (tmp_path / "notes.txt", "neither a session nor a result file"),
        (damaged, "is not a session: its first line is not a complete header"),
        (tmp_path / "absent.json", "cannot be read"),
        (tmp_path, "not a regular file"),
    ):
        done = recode("import", file, "--sessions-dir", tmp_path / "mine")
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "mine").exists()
