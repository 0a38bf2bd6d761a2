"""A world that goes away, hangs or is left half changed: the next move acts in one that is rebuilt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from recode_core.debugger.debugger import Debugger
from recode_core.debugger.moves import Moves
from recode_core.environments.environment import World
from recode_core.errors import EnvironmentUnavailable, RecodeError
from recode_core.events import WorldFailed
from recode_core.executor import Executor, Limits
from recode_core.log import MAIN
from recode_core.testing import RunWiring, scripted_policy
from recode_core.values import Observation
from tests.support.waiting import PATIENCE

CODE = "a = run('one')\nb = [run('two'), run('three')]\nc = run('four')"


class Echo:
    """Answers with the action; `fault` may do something else first."""

    instruction = "echo"
    step_limit = 100

    def __init__(self, fault: Callable[[Echo, str], None] = lambda world, action: None) -> None:
        self.closed = threading.Event()
        self.asked: list[str] = []
        self._fault = fault

    def reset(self) -> Observation:
        return Observation("ready")

    def step(self, action: str) -> Observation:
        self._fault(self, action)
        self.asked.append(action)
        return Observation(f"echo of {action}")

    def close(self) -> None:
        self.closed.set()


def debugger_over(worlds: Iterator[World]) -> Debugger:
    return RunWiring(
        lambda: scripted_policy([CODE]), lambda: next(worlds), limits=Limits(repairs=0)
    ).debugger()


def to_action(debugger: Debugger, action: str) -> None:
    debugger.add_breakpoint("action", action)
    debugger.resume()


def test_a_world_that_went_away_is_rebuilt_by_the_next_move() -> None:
    def fault(world: Echo, action: str) -> None:
        if action == "three":
            raise EnvironmentUnavailable("gone")

    worlds = [Echo(fault), Echo()]
    debugger = debugger_over(iter(worlds))
    with pytest.raises(EnvironmentUnavailable, match="gone"):
        debugger.resume()
    assert debugger.stop.kind == "action"
    assert debugger.resume().kind == "end"
    assert list(debugger.log.branches) == [MAIN]
    assert any(isinstance(record.event, WorldFailed) for record in debugger.timeline.records)
    assert worlds[1].asked == ["one", "two", "three", "four"]
    assert debugger.evaluate("b") == "['echo of two', 'echo of three']"
    debugger.close()


class Telling(Echo):
    """Says what is possible, unless it went away."""

    @property
    def possible(self) -> tuple[str, ...]:
        if self.closed.is_set():
            raise EnvironmentUnavailable("gone")
        self.asked.append("possible")
        return ("one", "two")


def test_a_world_that_went_away_is_rebuilt_to_be_asked_what_is_possible() -> None:
    worlds = [Telling(), Telling()]
    debugger = debugger_over(iter(worlds))
    to_action(debugger, "two")
    assert (debugger.needs_restore, debugger.possible()) == (False, ("one", "two"))
    worlds[0].close()
    with pytest.raises(EnvironmentUnavailable, match="gone"):
        debugger.possible()
    assert debugger.needs_restore
    assert debugger.possible() == ("one", "two")
    assert [world.asked for world in worlds] == [["one", "possible"], ["one", "possible"]]
    debugger.close()


def test_a_world_that_tells_nothing_is_not_brought_back_to_say_so() -> None:
    worlds = [Echo()]
    debugger = debugger_over(iter(worlds))
    to_action(debugger, "two")
    debugger.back()
    with pytest.raises(RecodeError, match="does not list its admissible actions"):
        debugger.possible()
    assert debugger.needs_restore
    debugger.close()


def test_a_world_that_hangs_is_ended_by_abort_and_the_run_goes_on_in_another() -> None:
    waiting = threading.Event()

    def hang(world: Echo, action: str) -> None:
        if action == "four":
            waiting.set()
            assert world.closed.wait(PATIENCE)
            raise EnvironmentUnavailable("closed")

    worlds = [Echo(hang), Echo()]
    debugger = debugger_over(iter(worlds))

    def end_it() -> None:
        waiting.wait(PATIENCE)
        debugger.abort()

    abort = threading.Thread(target=end_it)
    abort.start()
    with pytest.raises(EnvironmentUnavailable):
        debugger.resume()
    abort.join()
    assert debugger.state == "paused"
    assert debugger.resume().kind == "end"
    assert debugger.evaluate("c") == "'echo of four'"
    debugger.close()


def test_a_change_that_fails_half_way_leaves_a_run_that_goes_on_and_replays() -> None:
    worlds = [Echo() for _ in range(4)]
    debugger = debugger_over(iter(worlds))
    to_action(debugger, "three")
    with pytest.raises(RecodeError):
        Moves(debugger.parts).act(debugger.cursor, "set", "fails", _fail_after_rewinding)
    assert debugger.resume().kind == "end"
    assert debugger.evaluate("b") == "['echo of two', 'echo of three']"
    restored = debugger.parts.restorer.restore_background(debugger.timeline.records)
    assert restored.path == debugger.parts.live_run().executor.path
    debugger.close()


def _fail_after_rewinding(executor: Executor) -> None:
    executor.run.interpreter.rewind()
    raise RecodeError("no")
