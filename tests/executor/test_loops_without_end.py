"""Loops that go on without an action: what stops them, and stops them again when they are repeated."""

from __future__ import annotations

from itertools import count

import pytest

from recode_core.events import LimitReached, PassStarted, StatementFailed
from recode_core.executor import Limits, loop_guard
from recode_core.executor.run_state import AtEnd, AtLimit, AtStatement
from recode_core.testing import MakeRun, RunHarness

LOOPS = [
    "while True:\n    pass",
    "import itertools\nfor i in itertools.count():\n    x = i",
    "while True:\n    for i in range(3):\n        continue",
    "n = 0\nwhile (n := n + 1):\n    if n:\n        m = n",
    "for i in range(100_000):\n" + "    x = i\n" * 30,
]


def spinning(make_run: MakeRun, loop: str, **arguments: object) -> RunHarness:
    """A run in a loop, whose clock goes on by a second whenever it is looked at."""
    played = make_run(loop, limits=Limits(seconds=50.0, repairs=0), **arguments)
    seconds = count()
    played.run.clock = lambda: float(next(seconds))
    return played


@pytest.mark.parametrize("loop", LOOPS)
def test_the_limit_of_time_stops_a_loop_that_never_acts(make_run: MakeRun, loop: str) -> None:
    played = spinning(make_run, loop)
    stop = played.until(AtLimit)
    assert (stop.name, stop.value, stop.limit) == ("seconds", 50.0, 50.0)
    assert isinstance(stop.before, AtStatement)
    assert played.executor.advance() == AtEnd("limit", "seconds")


def test_a_loop_goes_on_when_its_limit_of_time_is_raised(make_run: MakeRun) -> None:
    played = spinning(make_run, "for i in range(60):\n    x = i\nrun('after')")
    played.until(AtLimit)
    passes = len(played.events(PassStarted))
    played.run.limits = Limits(seconds=1000.0)
    assert 0 < passes < 60
    assert played.to_end().outcome == "finished"
    assert len(played.events(PassStarted)) == 60
    assert (played.actions, played.values()["x"]) == (["after"], "59")


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_of_too_many_statements_fails_before_it_fills_the_disk(
    make_run: MakeRun, loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_guard, "MOST_STATEMENTS", 40)
    played = make_run(loop, limits=Limits(repairs=0))
    assert played.to_end().outcome == "failed"
    assert "more than 40 statements without an action" in played.events(StatementFailed)[0].failure.message
    assert len(played.log) < 40 * 8


def test_statements_are_counted_from_the_last_action(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_guard, "MOST_STATEMENTS", 40)
    played = make_run("for i in range(30):\n    pass\nrun('a')\nfor i in range(30):\n    pass")
    assert played.to_end().outcome == "finished"


@pytest.mark.parametrize("at_limit", [True, False])
def test_a_loop_that_was_stopped_is_stopped_again_where_it_was(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, at_limit: bool
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(loop_guard, "MOST_STATEMENTS", 10**9 if at_limit else 40)
        played = spinning(make_run, LOOPS[0]) if at_limit else make_run(LOOPS[0], limits=Limits(repairs=0))
        played.to_end()
    again = make_run(recorded=played.log.records, limits=played.run.limits)
    again.executor.repeat()
    assert again.executor.state == played.executor.state
    assert again.events(LimitReached) == played.events(LimitReached)
    assert len(again.log) == len(played.log)
