"""The debugger on agents that take turns: what can be done to a placeholder can be done to a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from recode_core.debugger import render
from recode_core.debugger.debugger import Debugger
from recode_core.environments.scripted import GUIDE
from recode_core.errors import RecodeError
from recode_core.events import ActionReached, ExpansionReplied, ExpansionRequested, Origin
from recode_core.export.page.node_events import ActionTaken, NodeEvents
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.statements import RuleBroken
from recode_core.timeline import Timeline
from recode_core.values import Span
from tests.debugger.debugger_harness import DebuggerHarness
from tests.debugger.doubles import CountedPolicy, DebuggerSetup, EchoWorld

Open = Callable[..., Debugger]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens a debugger on an agent whose policy writes these codes in order."""
    desks: list[DebuggerHarness] = []

    def open(agent: str, *codes: str) -> Debugger:
        policy = Scripted(str(ParsedReply("a reason", code)) for code in codes)
        home = DebuggerSetup("replay", GUIDE, CountedPolicy(policy), lambda: EchoWorld(home), agent=agent)
        desks.append(DebuggerHarness.open(home))
        return desks[-1].debugger

    yield open
    for harness in desks:
        assert harness.watch.differences == []
        harness.close()


def _actions(debugger: Debugger) -> list[str]:
    return [r.event.action for r in debugger.timeline.records if isinstance(r.event, ActionReached)]


def _told(debugger: Debugger) -> str:
    """What the last request says of the turns before it."""
    requests = [r.event for r in debugger.timeline.records if isinstance(r.event, ExpansionRequested)]
    return "\n".join(debugger.log.load(ref).content for ref in requests[-1].messages[1:])


def test_next_goes_from_turn_to_turn_and_finish_leaves_one(opened: Open) -> None:
    debugger = opened("codeact", "run('a')\nrun('b')", "run('c')", "run('win')")
    debugger.until("0#1.0")
    assert debugger.next().kind == "model"
    assert debugger.where()[-1].node == "0#2.0"
    debugger.until("0#2.0.0")
    debugger.finish()
    assert (debugger.where()[-1].node, debugger.stop.kind) == ("0#3.0", "model")
    debugger.back_next()
    assert debugger.where()[-1].node == "0#2.0"
    assert _actions(debugger) == ["a", "b", "c"]


def test_a_breakpoint_stops_at_a_turn_and_at_an_action(opened: Open) -> None:
    debugger = opened("react", "look", "go to b", "win")
    debugger.add_breakpoint("placeholder", "next_action", after=1)
    debugger.add_breakpoint("action", "go *")
    debugger.resume()
    assert (debugger.stop.kind, debugger.where()[-1].node) == ("model", "0#2.0")
    assert debugger.hits[0].breakpoint.kind == "placeholder"
    debugger.resume()
    assert debugger.stop.kind == "action"


def test_an_edited_turn_is_what_the_turns_after_it_are_told(opened: Open) -> None:
    debugger = opened("codeact", "run('a')", "run('b')", "run('win')", "run('c')", "run('win')")
    debugger.resume()
    debugger.edit("0#1.0", "run('z')")
    assert (debugger.branch, debugger.stop.kind) == ("edit-1", "statement")
    debugger.until("0#2.0")
    assert "run('z')" in _told(debugger)
    assert "run('a')" not in _told(debugger)
    debugger.resume()
    assert _actions(debugger) == ["z", "c", "win"]


def test_a_turn_that_is_asked_for_anew_forgets_what_came_after_it(opened: Open) -> None:
    debugger = opened("react", "look", "go to b", "win", "go to c", "win")
    debugger.resume()
    debugger.regenerate("0#2.0", hint="try c")
    assert "A hint from the user:\n    try c" in _told(debugger)
    debugger.resume()
    assert _actions(debugger) == ["look", "go to c", "win"]
    assert "0#2.0@2.0" in debugger.timeline.tree.nodes


def test_a_turn_can_be_written_by_hand_where_it_keeps_the_agents_rules(opened: Open) -> None:
    debugger = opened("react", "win")
    debugger.until("0#1.0")
    with pytest.raises(RuleBroken, match="write one action and nothing else"):
        debugger.edit("0#1.0", "x = run('a')")
    debugger.edit("0#1.0", "run('a')")
    debugger.resume()
    with pytest.raises(RuleBroken, match="write one action and nothing else"):
        debugger.edit("0#1.0", "run('a')\nrun('b')")
    assert _actions(debugger) == ["a", "win"]


def test_code_that_recode_would_refuse_can_be_edited_in_codeact(opened: Open) -> None:
    debugger = opened("codeact", "x = [aid(i) for i in 'ab']", "run('win')")
    debugger.resume()
    assert debugger.stop.kind == "failure"
    debugger.edit("0#1.0", "x = [aid(i) for i in 'abc']")
    assert debugger.resume().kind == "failure"
    assert debugger.resume().kind == "end"


def test_a_failure_can_be_set_right_before_the_turn_is_over(opened: Open) -> None:
    debugger = opened("codeact", "run('a')\n1 / d\nrun('b')", "run('win')")
    debugger.resume()
    debugger.back()
    debugger.set("d", "2")
    debugger.resume()
    assert _actions(debugger) == ["a", "b", "win"]
    assert "ZeroDivisionError" not in _told(debugger)
    assert "NameError" not in _told(debugger)


def test_a_user_can_end_the_loop(opened: Open) -> None:
    debugger = opened("codeact", "run('a')", "run('b')")
    debugger.until("0#1.0.0")
    debugger.set("task_finished", "True")
    debugger.resume()
    assert (debugger.stop.kind, _actions(debugger)) == ("end", ["a"])


def test_the_agents_own_loop_is_not_to_be_edited(opened: Open) -> None:
    debugger = opened("react", "win")
    debugger.until("0#1.0")
    with pytest.raises(RecodeError, match="0 is the agent's own loop and cannot be edited"):
        debugger.edit("0", "run('a')")


def test_a_turn_with_the_same_history_is_not_paid_for_twice(opened: Open) -> None:
    debugger = opened("react", "look", "go to b", "win", "win")
    debugger.resume()
    debugger.retry("0#2.0")
    debugger.resume()
    assert debugger.stop.kind == "end"
    replies = [r.event for r in debugger.timeline.records if isinstance(r.event, ExpansionReplied)]
    assert [reply.by for reply in replies] == ["policy", "reuse", "policy"]  # the last had not ended done


LOOK = """
n = 0
def look(at):
    global n
    n += 1
    seen = run(f'look {at}')
    return run(f'open {at}')
"""
OPEN = Origin("0#1.0", Span(6, 11, 6, 28))


def test_a_turn_with_a_function_is_gone_back_into_and_stepped_on(opened: Open) -> None:
    debugger = opened("codeact", LOOK, "x = look('a')", "y = look('b')", "run('win')", "run('win')")
    debugger.resume()
    assert debugger.stop.kind == "end"
    recorded = list(debugger.timeline.records)
    stops = [rest for rest in debugger.timeline.stops if rest.kind == "action"]
    assert len(stops) == 5
    for rest in reversed(stops):
        debugger.goto(rest.n)
        assert debugger.evaluate("n") == ("1" if rest.n <= stops[1].n else "2")
        debugger.step()
    debugger.goto(stops[2].n)
    assert debugger.timeline.event_of(debugger.stop) == ActionReached(
        debugger.where()[-1], "look b", Span(1, 0, 1, 13), Origin("0#1.0", Span(5, 11, 5, 28))
    )
    debugger.observe("by hand")
    assert debugger.branch != "main"
    debugger.resume()
    assert _actions(debugger) == ["look a", "open a", "look b", "open b", "win"]
    assert debugger.variables()["n"].value == "2"
    debugger.switch("main")
    assert list(debugger.timeline.records)[: len(recorded)] == recorded


def test_a_function_that_is_edited_is_the_one_that_later_turns_call(opened: Open) -> None:
    debugger = opened("codeact", LOOK, "x = look('a')", "run('win')", "x = look('b')", "run('win')")
    debugger.resume()
    debugger.edit("0#1.0", "def look(at):\n    return run(f'peek {at}')")
    debugger.resume()
    assert _actions(debugger) == ["peek b", "win"]
    reached = [r.event for r in debugger.timeline.records if isinstance(r.event, ActionReached)]
    assert reached[0].origin == Origin("0#1.0", Span(2, 11, 2, 28))


def test_a_function_can_be_looked_at_and_called_on_a_copy(opened: Open) -> None:
    debugger = opened(
        "codeact", "def double(x):\n    return 2 * x\ndef act():\n    return run('a')", "run('win')"
    )
    debugger.until("0#2.0")
    assert debugger.evaluate("double(21)") == "42"
    with pytest.raises(RecodeError, match="would act in the world"):
        debugger.evaluate("act()")
    debugger.set("y", "double(4)")
    assert debugger.variables()["y"].value == "8"


def test_the_function_of_an_action_is_shown(opened: Open) -> None:
    debugger = opened("codeact", LOOK, "x = look('a')", "run('win')")
    debugger.until("0#2.0.0")
    debugger.step()
    assert render.stop_line(debugger.timeline, debugger.stop).endswith(
        "look a (in a function, line 5 of 0#1.0)"
    )
    debugger.resume()
    timeline = Timeline(debugger.timeline.records)
    assert [act.origin for act in timeline.actions.actions[2:]] == [OPEN, None]
    (open_a,) = [
        fact for fact in NodeEvents(debugger.timeline).by_node["0#2.0.0"] if isinstance(fact, ActionTaken)
    ][1:]
    assert open_a.origin == OPEN
