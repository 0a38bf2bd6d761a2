"""The command that measures all: its parts, its exit code, its table. Nothing here is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.parts import PARTS, Part
from tests.bench.sample_parts import failing, met, missed, missing

MET, MISSED = Part("met", "is fast", met, met), Part("missed", "is slow", missed, missed)
MISSING, FAILING = Part("missing", "is away", missing, missing), Part("failing", "breaks", failing, failing)


def test_help_lists_every_part_with_what_it_measures(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(["--help"])
    assert exit.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    for part in PARTS:
        assert any(line.split(maxsplit=1) == [part.name, part.about] for line in lines), part.name


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(["met", "fast"], [MET])
    assert exit.value.code == 2
    assert "unknown part 'fast' (available: met)" in capsys.readouterr().err


def test_a_bound_that_is_not_met_gives_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], [MISSED, MET]) == 1
    out = capsys.readouterr().out
    assert "<= 4 s                       NOT OK" in out
    assert "a run" in out, "the parts after it are measured"
    assert out.endswith("3 figures, 1 NOT OK\n")


def test_only_the_named_parts_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["met"], [MISSED, MET]) == 0
    assert "a swim" not in capsys.readouterr().out


def test_a_part_that_cannot_be_measured_here_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], [MISSING, MET]) == 0
    out = capsys.readouterr().out
    assert "not measured: there is no moon" in out
    assert "a jump" in out and "a run" in out


def test_a_part_that_fails_gives_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], [FAILING, MET]) == 1
    out = capsys.readouterr().out
    assert "failed: ValueError: it rains" in out
    assert "a run" in out


def test_quick_gives_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"], [MISSED]) == 0
    assert "NOT OK" not in capsys.readouterr().out


def test_write_leaves_a_table_with_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    assert main(["--write"], [MET, MISSED], path) == 1
    text = path.read_text("utf-8")
    assert " cores of " in text and "Python 3." in text and "Textual " in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert table[2:] == [
        "| met | a walk | 1 s |  |  |",
        "| met | a run | 2 \\| 3 s | <= 4 s | ok |",
        "| missed | a swim | 9 s | <= 4 s | NOT OK |",
    ]
