"""Edits of code that runs, and what undo and restore make of them: found by the laws' state machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from recode_core.environments.scripted import GUIDE
from recode_core.errors import RecodeError
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from tests.debugger.debugger_harness import DebuggerHarness
from tests.debugger.doubles import CountedPolicy, DebuggerSetup, EchoWorld

ROOT = "solve(instruction, observation)"
Make = Callable[..., DebuggerHarness]


@pytest.fixture
def make() -> Iterator[Make]:
    """Opens a debugger of a run whose placeholders expand into these programs."""
    with ExitStack() as stack:

        def open_desk(root: str, **others: str) -> DebuggerHarness:
            codes = {ROOT: root, **{f"{name}()": code for name, code in others.items()}}
            policy = Scripted({k: str(ParsedReply("a reason", code)) for k, code in codes.items()})
            home = DebuggerSetup("replay", GUIDE, CountedPolicy(policy), lambda: EchoWorld(home))
            harness = DebuggerHarness.open(home)
            stack.callback(harness.close)
            return harness

        yield open_desk


def test_a_change_that_was_taken_back_is_no_future_after_further_undos(make: Make) -> None:
    debugger = make("run('a')\nrun('b')").debugger
    debugger.until("0.0")
    debugger.skip()
    debugger.undo()
    debugger.undo()
    debugger.until("0.1")
    assert "0.0" in [node.id for node in debugger.moment.nodes.values() if node.status == "done"]


def test_an_edit_around_the_code_that_runs_is_kept_by_the_next_move(make: Make) -> None:
    harness = make("f()\nrun('b')", f="x = 1\nrun('a')")
    debugger = harness.debugger
    debugger.until("0.0.1")
    rest = debugger.edit("0.1", "run('c')")
    assert (rest.place, debugger.branch) == (debugger.parts.live_run().executor.path[-1], "main")
    assert harness.restored(debugger.cursor) == harness.now()
    debugger.resume()
    assert debugger.branch == "main"
    assert debugger.parts.live_run().executor.run.world.actions == ["a", "c"]  # type: ignore[union-attr]


def test_a_statement_is_edited_in_the_code_that_it_had_then(make: Make) -> None:
    debugger = make("run('a')\nrun('b')").debugger
    debugger.until("0.1")
    debugger.edit("0", "x = [\n  1,\n  2]\nrun('c')")
    debugger.switch("main")
    debugger.goto("0.1")
    debugger.edit("0.1", "run('d')")
    assert debugger.moment.nodes["0"].code == "run('a')\nrun('d')"


def test_a_statement_of_an_expansion_that_was_replaced_is_not_edited(make: Make) -> None:
    debugger = make("f()", f="x = 1\ny = 1 / 0").debugger
    debugger.resume()
    debugger.until("0.0@2.0")
    with pytest.raises(RecodeError, match="was replaced"):
        debugger.edit("0.0.1", "y = 1")


def test_a_second_edit_goes_back_to_where_its_statement_began_before_the_first(make: Make) -> None:
    harness = make("for i in range(3):\n    if i == 1:\n        continue\n    run(f'{i}')")
    debugger = harness.debugger
    while debugger.timeline.text_at(debugger.stop) != "continue":
        debugger.step()
    debugger.edit("0", "for i in range(3):\n    if i == 1:\n        x = 1\n    run(f'{i}')")
    debugger.edit("0", "for i in range(3):\n    pass\n    if i == 1:\n        x = 1\n    run(f'{i}')")
    assert harness.restored(debugger.cursor) == harness.now()
    debugger.resume()
    assert debugger.parts.live_run().executor.run.world.actions == ["0", "1", "2"]  # type: ignore[union-attr]
    harness.repeated(debugger.timeline.stops[1].n)


@pytest.mark.parametrize("code", ["run('c')", "run('c')\nrun('b')\nrun('d')"])
def test_an_edit_of_statements_that_were_skipped_goes_back_to_them(make: Make, code: str) -> None:
    harness = make("run('a')\nrun('b')\nrun('d')")
    debugger = harness.debugger
    debugger.until("0.0")
    debugger.skip()
    debugger.skip()
    stop = debugger.edit("0", code)
    assert stop.place is not None and stop.place.node == "0.0"
    assert harness.restored(debugger.cursor) == harness.now()
    debugger.resume()
    world = debugger.parts.live_run().executor.run.world
    assert world.actions == [line[5] for line in code.split("\n")]  # type: ignore[union-attr]
    harness.repeated(debugger.timeline.stops[1].n)


def test_an_edit_that_is_refused_leaves_the_run_as_it_was(make: Make) -> None:
    harness = make("for i in range(3):\n    run(f'{i}')")
    debugger = harness.debugger
    for _ in range(5):
        debugger.step()
    before, records = harness.now(), len(debugger.log)
    with pytest.raises(RecodeError):
        debugger.edit("0", "import os")
    assert (harness.now(), len(debugger.log)) == (before, records)


def test_code_that_a_finished_run_never_reached_is_not_edited_in_place(make: Make) -> None:
    harness = make("x = run('win')\nrun('b')")
    debugger = harness.debugger
    assert debugger.resume().kind == "end"
    with pytest.raises(RecodeError, match="the run has ended"):
        debugger.edit("0.1", "run('c')")
    assert debugger.stop.kind == "end"
