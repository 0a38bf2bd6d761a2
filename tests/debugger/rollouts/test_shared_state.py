"""What a run keeps beside its log: pauses, watches, verdicts, and the table of branches that others read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from recode_core.debugger import conditions, render
from recode_core.debugger.candidates import sample
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.outcomes import stop_reached
from recode_core.log import MAIN
from recode_core.testing import ROOT
from tests.debugger.rollouts.conftest import RolloutHarness

Make = Callable[..., RolloutHarness]
CODE = "a = 1\nb = 2\nrun('look')\nc = 3"


def state_of(debugger: Debugger) -> str:
    return debugger.state


def test_work_within_other_work_leaves_it_going_on(rollout_run: Make) -> None:
    debugger = rollout_run(CODE).debugger
    with debugger.busy():
        debugger.step()
        assert state_of(debugger) == "running"
        debugger.pause()
        debugger.resume()
        assert debugger.parts.activity.is_pausing
        assert state_of(debugger) == "pausing"
    assert state_of(debugger) == "paused"
    assert not debugger.parts.activity.is_pausing


def test_a_watch_is_evaluated_once_at_a_stop(rollout_run: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    debugger = rollout_run(CODE).debugger
    debugger.watch("a + 1")
    asked: list[str] = []
    evaluate = conditions.evaluate

    def counted(expression: str, *rest: Any) -> str:
        asked.append(expression)
        return evaluate(expression, *rest)

    monkeypatch.setattr(conditions, "evaluate", counted)
    for _ in range(4):
        debugger.step()
        lines = [*render.stop_reached(stop_reached(debugger))]
        assert [*render.watches(debugger.watched())] == lines[1:]
    assert asked == ["a + 1"] * 4
    assert lines[1:] == ["  a + 1 = 2"]
    debugger.watch("b")
    assert len([*render.watches(debugger.watched())]) == 2
    debugger.back()
    assert "  a + 1 = 2" in [*render.watches(debugger.watched())]


def test_roll_outs_leave_the_verdicts_of_the_run_as_they_are(rollout_run: Make) -> None:
    script = {ROOT: "run('look')\npick()\nrun('after')", "pick()": ["run('left')", "run('right')", "x = 1"]}
    debugger = rollout_run(script).to_end()
    debugger.retry("0.2")
    before = debugger.parts.restorer.stats
    assert before.replayed == 2
    sample(debugger.parts, "0.1", 2, "end")
    assert debugger.parts.restorer.stats is before


def test_the_table_of_branches_can_be_read_while_branches_are_started(rollout_run: Make) -> None:
    log = rollout_run(CODE).log
    for branch in (branches := log.branches):
        log.fork(-1, "edit")
        assert branch == MAIN
    assert list(branches) == [MAIN]
    assert list(log.branches) == [MAIN, "edit-1"]
    with pytest.raises(TypeError):
        log.branches["edit-2"] = None  # type: ignore[index]
