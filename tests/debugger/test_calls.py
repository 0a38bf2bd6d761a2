"""What is paid for: the number of policy calls at each point of a session with forks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recode_core.debugger.debugger import Debugger
from recode_core.environments.scripted import GUIDE
from recode_core.events import ExpansionReplied
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from tests.debugger.debugger_harness import DebuggerHarness
from tests.debugger.doubles import CountedPolicy, DebuggerSetup, EchoWorld

CODES = {
    "solve(instruction, observation)": "n = 1\nask(n)\nlook()\nn = 3\nask(n)\nrun('win')",
    "ask(n)": "said = run(f'ask {n}')",
    "look()": "place = find()",
    "place = find()": "place = run('look')",
}
CALLS = 5
"""Of a first run: the root, `ask(n)` twice, `look()` and `find()`."""


@pytest.fixture
def harness() -> Iterator[DebuggerHarness]:
    policy = CountedPolicy(
        Scripted({statement: str(ParsedReply("a reason", c)) for statement, c in CODES.items()})
    )
    home = DebuggerSetup("replay", GUIDE, policy, lambda: EchoWorld(home))
    harness = DebuggerHarness.open(home)
    yield harness
    harness.close()


def _by(debugger: Debugger) -> list[str]:
    """Who wrote the expansions of the current branch."""
    events = [record.event for record in debugger.timeline.records]
    return [event.by for event in events if isinstance(event, ExpansionReplied)]


def test_a_run_pays_for_each_expansion_once_and_its_past_is_free(harness: DebuggerHarness) -> None:
    debugger, policy = harness.debugger, harness.home.policy
    debugger.resume()
    assert policy.calls == CALLS
    for rest in debugger.timeline.stops:
        debugger.goto(rest.n)
        debugger.evaluate("1 + 1")
        debugger.variables()
    debugger.back_continue()
    while not debugger.is_live:
        debugger.step()
    for rest in debugger.timeline.stops:
        harness.repeated(rest.n)
    assert policy.calls == CALLS


@pytest.mark.parametrize(("reuse", "paid"), [(True, 1), (False, 4)])
def test_after_an_edit_only_what_reads_the_changed_variable_is_paid_for_again(
    harness: DebuggerHarness, reuse: bool, paid: int
) -> None:
    debugger, policy = harness.debugger, harness.home.policy
    debugger.parts.live_run().reuse = reuse
    debugger.resume()
    debugger.edit("0.0", "n = 2")
    assert (policy.calls, debugger.branch) == (CALLS, "edit-1")
    debugger.resume()
    assert policy.calls == CALLS + paid
    kept = ["policy", "reuse", "reuse", "reuse"] if reuse else ["policy"] * 4
    assert _by(debugger) == ["policy", *kept]
    debugger.undo()
    debugger.undo()
    debugger.switch("main")
    debugger.goto("0.3")
    debugger.switch("edit-1")
    for rest in debugger.timeline.stops:
        harness.repeated(rest.n)
    assert policy.calls == CALLS + paid


@pytest.mark.parametrize(("reuse", "paid"), [(True, 0), (False, 1)])
def test_going_on_after_an_undo_pays_for_nothing_that_the_earlier_branch_has(
    harness: DebuggerHarness, reuse: bool, paid: int
) -> None:
    debugger, policy = harness.debugger, harness.home.policy
    debugger.parts.live_run().reuse = reuse
    debugger.until("0.3")
    calls = policy.calls
    debugger.skip()
    debugger.undo()
    debugger.resume()
    assert policy.calls == calls + 1
    debugger.goto("0.4")
    debugger.set("spare", "1")
    assert policy.calls == calls + 1
    debugger.resume()
    assert policy.calls == calls + 1 + paid


@pytest.mark.parametrize("reuse", [True, False])
def test_a_regeneration_is_always_paid_for_and_an_answer_by_hand_never(
    harness: DebuggerHarness, reuse: bool
) -> None:
    debugger, policy = harness.debugger, harness.home.policy
    debugger.parts.live_run().reuse = reuse
    debugger.resume()
    debugger.goto("0.4")
    debugger.regenerate("0.4")
    assert policy.calls == CALLS
    debugger.resume()
    assert policy.calls == CALLS + 1
    debugger.goto("0.4")
    debugger.reply("0.4", "<execute>\npass\n</execute>")
    debugger.resume()
    assert policy.calls == CALLS + 1
