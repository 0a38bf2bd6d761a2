"""Faults of an environment and of a policy while a run is debugged are told as theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recode_core import episode
from recode_core.debugger import debug_session
from recode_core.debugger.commands import BadCommand
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script, run_script
from recode_core.environments.environment import Restoration, Task
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable
from recode_core.events import WorldFailed
from recode_core.policies.policy import Policy, Request
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings, read
from recode_core.values import Observation

CODE = "<execute>\nfor name in 'abc':\n    run(name)\n</execute>"


class Faulty(ScriptedWorld):
    """Raises what it is told to at its `at`-th action, and when it is closed."""

    def __init__(self, home: DebuggerSetup) -> None:
        super().__init__({"a": "one", "b": "two", "c": "three"})
        self.home = home

    def step(self, action: str) -> Observation:
        if self.home.fault is not None and action == self.home.at:
            raise self.home.fault
        return super().step(action)

    def close(self) -> None:
        if self.home.close is not None:
            raise self.home.close


class DebuggerSetup:
    """An environment of faulty worlds."""

    name = "doubles"
    restoration: Restoration = "replay"
    guide = GUIDE
    fault: BaseException | None = None
    close: BaseException | None = None
    at = "b"

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        yield Task("one", "do it.")

    def open(self, task_id: str) -> Faulty:
        return Faulty(self)

    def expert(self, task_id: str) -> Policy:
        return Scripted([CODE])


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> DebuggerSetup:
    made = DebuggerSetup()
    monkeypatch.setattr(episode, "find_environment", lambda name: made)
    return made


@pytest.fixture
def start(home: DebuggerSetup, tmp_path: Path) -> Callable[..., debug_session.DebugSession]:
    def opened(policy: Policy | None = None) -> debug_session.DebugSession:
        return debug_session.start(Settings("doubles", "one"), tmp_path / "run.jsonl", policy)

    return opened


Start = Callable[..., debug_session.DebugSession]


@pytest.mark.parametrize("fault", [SystemExit(0), ValueError("bad"), KeyError("x")], ids=repr)
def test_a_fault_in_an_action_is_the_environments_and_the_run_goes_on_in_a_new_world(
    home: DebuggerSetup, start: Start, fault: BaseException
) -> None:
    home.fault = fault
    with start() as opened:
        report = run_script(Console(opened.debugger), read_script("continue"))
        assert (report.exit_code, type(fault).__name__ in report.error) == (3, True)
        assert "usage" not in report.error
        home.fault = None
        assert run_script(Console(opened.debugger), read_script("continue")).exit_code == 0
        assert opened.result.outcome == "finished"
    failed = [record.event for record in read(opened.path).records if isinstance(record.event, WorldFailed)]
    assert [type(fault).__name__ in event.message for event in failed] == [True]


def test_a_fault_while_the_world_is_brought_back_is_the_environments(
    home: DebuggerSetup, start: Start
) -> None:
    with start() as opened:
        console = Console(opened.debugger)
        assert run_script(console, read_script("break action c\ncontinue")).exit_code == 0
        home.fault, home.at = ValueError("bad"), "a"
        report = run_script(console, read_script("back\nback\naction 'd'\nstep"))
        assert report.exit_code == 3
        assert "the environment failed in step: ValueError: bad" in report.error


def test_a_value_error_in_a_command_is_not_told_as_wrong_usage(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError("a fault of ours")

    with start() as opened:
        monkeypatch.setattr(opened.debugger, "step", fail)
        with pytest.raises(ValueError, match="a fault of ours"):
            list(Console(opened.debugger).run("step"))
        with pytest.raises(BadCommand, match=r"unexpected argument.*\n  usage: step"):
            list(Console(opened.debugger).run("step on"))
        with pytest.raises(BadCommand, match="it contains a null character"):
            list(Console(opened.debugger).run("save a\0b"))


def test_worlds_that_do_not_close_are_told_at_the_end_and_everything_else_is_given_back(
    home: DebuggerSetup, start: Start
) -> None:
    home.close = RuntimeError("close failed")
    opened = start()
    console = Console(opened.debugger)
    report = run_script(console, read_script("break action c\ncontinue\nback\nback\nset x = 1\ncontinue"))
    assert report.exit_code == 0, report.error
    with pytest.raises(EnvironmentUnavailable, match="failed in close: RuntimeError: close failed"):
        opened.close()
    home.close = None
    debug_session.open_live(opened.path).close()


class Stubborn(Scripted):
    """Can't be aborted."""

    def expand(self, request: Request, stream: Callable[[str], None]) -> Any:
        return b"<execute>\npass\n</execute>"

    def abort(self) -> None:
        raise SystemExit(0)


def test_a_policy_that_fails_to_abort_is_told_and_all_else_is_ended(start: Start) -> None:
    with start(Stubborn([])) as opened:
        with pytest.raises(PolicyUnavailable, match="the policy failed in abort: SystemExit: 0"):
            opened.debugger.abort()
        opened.debugger.resume()  # to the pause that was asked for, too
        opened.debugger.resume()
        assert opened.result.outcome == "finished"


def test_a_reply_of_another_type_is_recorded_as_text(start: Start) -> None:
    with start(Stubborn([])) as opened:
        opened.debugger.resume()
    assert read(opened.path).timeline().end.outcome == "finished"
