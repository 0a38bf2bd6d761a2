"""Breakpoint hits: the conditions of several breakpoints at one stop, and `after N`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from recode_core.debugger.debugger import Debugger
from recode_core.environments.scripted import ScriptedWorld
from recode_core.testing import RunWiring, scripted_policy
from recode_core.timeline import Stop

Make = Callable[[str], Debugger]

LOOP = "for number in range(6):\n    run(f'take {number}')"
CONDITION = "number % 2 == 1"


@pytest.fixture
def scripted() -> Iterator[Make]:
    """Debuggers of runs of a given code, at their start."""
    with ExitStack() as stack:

        def make(code: str) -> Debugger:
            made = RunWiring(lambda: scripted_policy(code), ScriptedWorld).debugger()
            stack.callback(made.close)
            return made

        yield make


def _hit_points(debugger: Debugger) -> list[int]:
    return [hit.breakpoint.id for hit in debugger.hits]


def _numbers(debugger: Debugger, move: Callable[[], Stop]) -> list[str]:
    """The values of `number` at the stops of a move that is repeated up to the run's end or start."""
    found: list[str] = []
    while move().kind not in ("end", "start"):
        found.append(debugger.variables()["number"].value)
    return found


@pytest.mark.parametrize("kinds", [("status", "observation"), ("observation", "status")])
def test_breakpoints_with_one_condition_at_one_stop_are_evaluated_for_their_own_events(
    scripted: Make, kinds: tuple[str, str]
) -> None:
    debugger = scripted("run('look')\nx = 1")
    patterns = {"status": "done", "observation": "*"}
    points = {
        kind: debugger.add_breakpoint(kind, patterns[kind], "event.type == 'action_finished'")
        for kind in kinds
    }
    debugger.resume()
    assert _hit_points(debugger) == [points["observation"].id]


def test_after_counts_the_stops_where_the_condition_holds(scripted: Make) -> None:
    debugger = scripted(LOOP)
    debugger.step()
    debugger.add_breakpoint("action", "take *", CONDITION, after=1)
    assert _numbers(debugger, debugger.resume) == ["3", "5"]


def test_after_counts_the_same_hits_backwards_and_over_history(scripted: Make) -> None:
    debugger = scripted(LOOP)
    debugger.resume()
    debugger.add_breakpoint("action", "take *", CONDITION, after=1)
    assert _numbers(debugger, debugger.back_continue) == ["5", "3"]
    assert _numbers(debugger, debugger.resume) == ["3", "5"]


def test_after_counts_hits_before_the_breakpoint_was_added(scripted: Make) -> None:
    debugger = scripted(LOOP)
    debugger.add_breakpoint("action", "take 2")
    debugger.resume()
    debugger.add_breakpoint("action", "take *", CONDITION, after=2)
    debugger.resume()
    assert debugger.variables()["number"].value == "5"


def test_a_condition_is_evaluated_over_history_that_is_newer_than_its_replay(scripted: Make) -> None:
    debugger = scripted(LOOP)
    debugger.add_breakpoint("action", "take 2")
    end = debugger.resume()
    debugger.add_breakpoint("action", "take *", "number == -1")
    debugger.goto(0)
    debugger.resume()  # starts a replay that ends here
    debugger.delete(2)
    debugger.resume()
    debugger.goto(end.n)
    debugger.add_breakpoint("action", "take *", "number == 5")
    debugger.resume()
    assert debugger.variables()["number"].value == "5"
