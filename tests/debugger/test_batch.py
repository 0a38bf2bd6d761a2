"""Batch scripts: how they are read, when they stop, what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recode_core.debugger import debug_session
from recode_core.debugger.commands import BadCommand
from recode_core.debugger.console import Console
from recode_core.debugger.script import ScriptCommand, read_script, run_script
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings
from recode_core.testing import expert_wiring


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A household run whose policy says nothing."""
    with debug_session.start(Settings("household", "put:7"), tmp_path / "run.jsonl", Scripted([])) as opened:
        yield Console(opened.debugger)


def test_a_script_has_a_command_a_line_comments_and_texts() -> None:
    script = "# first\nstep\n\n  edit 0 <<CODE\nx = 1\n  # kept\n\n  CODE\nprint x  # kept too\n"
    assert read_script(script) == [
        ScriptCommand(2, "step"),
        ScriptCommand(4, "edit 0", "x = 1\n  # kept\n"),
        ScriptCommand(9, "print x  # kept too"),
    ]


def test_a_text_that_is_not_ended_is_told_with_its_line() -> None:
    with pytest.raises(BadCommand, match=r"line 2: .* not terminated by a line END"):
        read_script("step\nedit 0 <<END\nx = 1\n")


def test_a_script_goes_on_after_an_assert_that_fails_and_stops_at_a_bad_command(console: Console) -> None:
    report = run_script(console, read_script("assert False\nassert True  # as it is\nfly\nassert True"))
    assert (report.asserts, report.failed, report.exit_code, len(report.outcomes)) == (2, 1, 2, 3)


def test_a_policy_that_is_unavailable_stops_a_script_with_3(console: Console) -> None:
    report = run_script(console, read_script("assert False\nstep\nstep\nstep"))
    assert (report.exit_code, len(report.outcomes)) == (3, 3)
    assert "the script has no reply left" in report.outcomes[-1].error
    assert console.debugger.stop.kind == "model"


def test_what_a_command_says_is_told_while_it_runs(console: Console) -> None:
    said: list[str] = []
    run_script(console, read_script("step\nassert 1 > 2\nprint 3"), said.append)
    assert said[0] == "> step"
    assert said[2:] == ["> assert 1 > 2", "line 2: 1 > 2 does not hold: 1 is 1", "> print 3", "3"]


def test_quitting_ends_a_script(console: Console) -> None:
    report = run_script(console, read_script("quit\nassert False"))
    assert (report.exit_code, report.asserts, console.stopped) == (0, 0, True)


def test_a_session_without_a_file_is_neither_saved_nor_started_again() -> None:
    with closing(expert_wiring("put:7", restoration="replay").debugger()) as debugger:
        for command in ("save copy.jsonl", "rerun"):
            report = run_script(Console(debugger), [ScriptCommand(1, command)])
            assert "has no file" in report.outcomes[0].error
