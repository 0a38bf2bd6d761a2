"""`recode export` as a user calls it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Recode


@pytest.fixture
def sample() -> Path:
    """A bundled session with two branches."""
    return Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


def test_training_data_and_its_manifest_are_written_and_told(
    recode: Recode, sample: Path, tmp_path: Path
) -> None:
    out, folder = tmp_path / "data.jsonl", tmp_path / "sessions"
    folder.mkdir()
    for name in ("household-mended", "household-puttwo", "kitchen-alfworld"):
        shutil.copy(sample.with_name(f"{name}.jsonl"), folder)
    done = recode("export", folder / sample.name, folder, "--to", "sft", "-o", out, "--top", "100")
    assert (done.returncode, done.stderr) == (0, "")
    manifest = json.loads((tmp_path / "data.manifest.json").read_text())
    assert len(out.read_text().splitlines()) == manifest["pairs"] > 4
    assert "recode     household             2       12" in done.stdout
    assert "data.manifest.json" in done.stdout


def test_forty_percent_are_taken_unless_something_else_is_said(
    recode: Recode, sample: Path, tmp_path: Path
) -> None:
    recode("export", sample, "--to", "sft", "-o", tmp_path / "a.jsonl")
    recode("export", sample, "--to", "sft", "-o", tmp_path / "b.jsonl", "--min-score", "1")
    chosen = [json.loads((tmp_path / f"{name}.manifest.json").read_text()) for name in "ab"]
    assert [each["top_percent"] for each in chosen] == [40.0, None]
    assert [each["min_score"] for each in chosen] == [None, 1.0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "sft"], "training data needs a file"),
        ([], "a format is needed: --to graphml, json, html, script or sft"),
        (["--to", "csv"], "unknown format 'csv' (available: graphml, json, html, script, sft)"),
        (
            ["--to", "sft", "-o", "x.jsonl", "--layout", "alpaca"],
            "unknown layout 'alpaca' (available: openai, trl)",
        ),
        (["--to", "sft", "-o", "x.jsonl", "--top", "0"], "greater than or equal to 0.01"),
        (["--to", "json", "household-puttwo"], "only one session can be written as json, not 2"),
    ],
)
def test_what_can_not_be_exported_is_refused(
    recode: Recode, sample: Path, arguments: list[str], said: str
) -> None:
    done = recode("export", sample, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_graph_of_one_session_goes_to_the_output(recode: Recode, sample: Path) -> None:
    done = recode("export", sample, "--to", "json")
    assert {edge["kind"] for edge in json.loads(done.stdout)["edges"]} == {"child", "fork"}


def test_a_page_goes_to_a_new_file(recode: Recode, sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.html"
    assert recode("export", sample, "--to", "html", "-o", out).returncode == 0
    assert out.read_text("utf-8").startswith("<!doctype html>")
    again = recode("export", sample, "--to", "html", "-o", out)
    assert (again.returncode, "never overwritten" in again.stderr) == (2, True)


def test_a_session_is_written_as_a_script_that_holds(recode: Recode, sample: Path, tmp_path: Path) -> None:
    script = tmp_path / "mended.recode"
    assert recode("export", sample, "--to", "script", "-o", script).returncode == 0
    assert recode("export", sample, "--to", "script").stdout == script.read_text()
    options = script.read_text().splitlines()[1].partition("FILE ")[2].split()
    done = recode("debug", "--batch", script, *options, "--session", tmp_path / "run.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert "8 of 8 asserts held" in done.stdout


def test_an_imported_run_is_not_written_as_a_script(recode: Recode) -> None:
    done = recode("export", "imported-results", "--to", "script")
    assert (done.returncode, done.stdout) == (2, "")
    assert "imported from results.json" in done.stderr and "no script can repeat it" in done.stderr
