"""Sessions with branches and changes: resumed, checked and summed up by the line of a branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core import episode
from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script, run_script
from recode_core.errors import SessionError
from recode_core.events import (
    CHANGES,
    BranchStarted,
    BranchSwitched,
    Event,
    ExpansionReplied,
    NoteSet,
    Resumed,
    TextStored,
)
from recode_core.log import Record
from recode_core.result import result_of, seconds_spent
from recode_core.session import Settings, read

HOUSEHOLD = Settings("household", "put:7")

# One change of each kind. It ends unfinished, on the branch edit-1.
CHANGED = """
limit steps 40
until 0.7
prompt 0.7 <<END
Find it: obj_ID = find_and_take(obj, locations, seen)
END
until 0.7.2
back
edit 0.7.3 <<END
assert obj_ID
END
break action "go to desk 1"
continue
action "examine desk 1"
observe "On the desk 1, you see nothing."
until 0.8
regenerate 0.8 hint "the shelf"
prompts bundled
set unused = 1
until 0.8@2.0
skip
"""
TWO_BRANCHES = "until 0.8\nnext\ngoto 0.8\nskip\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def debug(path: Path, script: str) -> None:
    """Run commands in a new session, or in the one that is there."""
    with debug_session.open_live(path) if path.exists() else debug_session.start(HOUSEHOLD, path) as opened:
        report = run_script(Console(opened.debugger), read_script(script))
        assert [outcome.error for outcome in report.outcomes if outcome.error] == []


def paid(records: list[Record]) -> int:
    return sum(isinstance(r.event, ExpansionReplied) and r.event.by == "policy" for r in records)


def test_a_run_with_every_kind_of_change_is_checked_and_resumed_by_doing_them_again(path: Path) -> None:
    debug(path, CHANGED)
    changed = read(path)
    assert {type(record.event) for record in changed.line()} >= set(CHANGES)
    assert episode.check(path).diverged == 0
    with episode.resume(path) as resumed:
        assert paid(resumed.log.records) == paid(changed.records)
        assert resumed.timeline.end.nodes["0.8@2.1"].status == "running"
        resumed.run()
        assert resumed.result.outcome is not None
    assert episode.check(path).diverged == 0
    assert read(path).line("main") == changed.line("main")


def test_a_result_is_that_of_the_current_branch(path: Path) -> None:
    debug(path, TWO_BRANCHES)
    with episode.resume(path) as resumed:
        assert (resumed.result.outcome, resumed.result.steps, resumed.result.calls) == ("finished", 3, 2)
    session = read(path)
    main = result_of(session.timeline("main"))
    assert (main.outcome, main.steps, main.calls) == ("solved", 5, 4)


def test_a_check_is_of_the_current_branch_of_one_that_is_named_or_of_all(path: Path) -> None:
    debug(path, TWO_BRANCHES)
    assert episode.check(path).steps == 3
    assert episode.check(path, "main").steps == 5
    verdicts = episode.check_all(path)
    counts = {name: (verdict.replayed, verdict.diverged) for name, verdict in verdicts.items()}
    assert counts == {"main": (5, 0), "skip-1": (3, 0)}


def test_a_check_of_all_tells_which_branch_diverged(path: Path) -> None:
    debug(path, TWO_BRANCHES)
    put = b'"action_finished","observation":{"text":"You move the cd 2'
    path.write_bytes(path.read_bytes().replace(put, put.replace(b"cd 2", b"cup 2")))
    verdicts = episode.check_all(path)
    assert {name: verdict.diverged for name, verdict in verdicts.items()} == {"main": 1, "skip-1": 0}
    assert "cup 2" in verdicts["main"].divergence


def test_a_branch_that_there_is_not_is_told_with_those_that_there_are(path: Path) -> None:
    debug(path, TWO_BRANCHES)
    with pytest.raises(SessionError, match=r"unknown branch 'other' of .* .available: main, skip-1"):
        episode.check(path, "other")


@pytest.mark.parametrize(
    "between", [Resumed(2), BranchStarted("main", 1, "an edit"), BranchSwitched(), NoteSet("0", "x")]
)
def test_the_time_that_a_line_lay_aside_is_not_spent(between: Event) -> None:
    events = [(0.0, TextStored("", "")), (1.0, TextStored("", "")), (100.0, between)]
    events += [(102.0, TextStored("", ""))]
    records = [Record(n, "main", time, event) for n, (time, event) in enumerate(events)]
    assert seconds_spent(records) == 3.0
