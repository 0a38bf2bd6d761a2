"""Blame: the last placeholder from which fresh continuations still solve the task, by bisection."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing

import pytest

from recode_core.debugger import render
from recode_core.debugger.blame import blame, estimate
from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.environments.household import Household
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable, RecodeError, Unavailable
from recode_core.events import ExpansionReplied, Regenerated
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.testing import ROOT, RunWiring
from tests.debugger.rollouts.conftest import RolloutHarness

Make = Callable[..., RolloutHarness]
Script = dict[str, str | list[str | Exception]]


def corridor(doors: int, trapped: int | None, *later: str | Exception) -> Script:
    """A run through so many doors; behind the `trapped` one is the trap, the first time that it is asked for.

    `later` is what is said then of that door, instead of going on.
    """
    script: Script = {ROOT: "\n".join(f"door_{n}()" for n in range(doors)) + "\nrun('win')"}
    for n in range(doors):
        go_on = f"run('through {n}')"
        script[f"door_{n}()"] = ["run('trap')", *(later or (go_on,))] if n == trapped else go_on
    return script


@pytest.mark.parametrize("trapped", range(7))
def test_the_placeholder_whose_expansion_lost_the_task_is_found(rollout_run: Make, trapped: int) -> None:
    debugger = rollout_run(corridor(7, trapped)).to_end()
    found = blame(debugger.parts, k=2)
    assert found.last_good == f"0.{trapped}"
    assert found.first_lost == (f"0.{trapped + 1}" if trapped < 6 else None)
    assert found.is_whole


def test_every_probe_is_in_the_table_in_the_order_of_the_run(rollout_run: Make) -> None:
    found = blame(rollout_run(corridor(7, 2)).to_end().parts, k=3)
    assert [(probe.node, probe.successes, probe.k) for probe in found.probes] == [
        ("0.2", 3, 3),
        ("0.3", 0, 3),
        ("0.4", 0, 3),
    ]


def test_bisecting_probes_few_of_many_placeholders(rollout_run: Make) -> None:
    debugger = rollout_run(corridor(15, 11), step_limit=100).to_end()
    found = blame(debugger.parts, k=1)
    assert (found.last_good, found.first_lost) == ("0.11", "0.12")
    assert len(found.probes) <= 5  # of 16


def test_a_continuation_that_succeeds_now_and_then_makes_a_probe_good(rollout_run: Make) -> None:
    once_in_three = ["run('trap')", "run('through')", "run('trap')"]
    debugger = rollout_run(corridor(1, 0, *once_in_three, *once_in_three)).to_end()
    found = blame(debugger.parts, k=3, at_once=1)
    assert found.last_good == "0.0"
    assert [(probe.node, probe.successes) for probe in found.probes] == [("0", 1), ("0.0", 1)]


def test_a_task_that_is_lost_from_the_start_blames_no_decision_of_the_run(rollout_run: Make) -> None:
    debugger = rollout_run({ROOT: "run('trap')\na()\nrun('win')", "a()": "run('on')"}).to_end()
    found = blame(debugger.parts, k=2)
    assert (found.last_good, found.first_lost) == (None, "0")


def test_what_was_paid_for_stays_as_branches_beside_an_untouched_run(rollout_run: Make) -> None:
    tried = rollout_run(corridor(3, 1))
    debugger = tried.to_end()
    before, position = debugger.log.line(), debugger.position
    found = blame(debugger.parts, k=2)
    tried_out = [branch for probe in found.probes for branch in probe.branches]
    assert sorted(tried_out) == [f"probe-{n + 1}" for n in range(len(tried_out))]
    assert sorted(debugger.log.branches) == ["main", *sorted(tried_out)]
    assert (debugger.log.line(), debugger.position) == (before, position)
    assert all(world.is_closed for world in tried.worlds[1:])


def test_a_probe_asks_the_policy_anew_and_changes_nothing_else(rollout_run: Make) -> None:
    debugger = rollout_run(corridor(3, 1)).to_end()
    blame(debugger.parts, k=2)
    aside = [r.event for r in debugger.log.records if r.branch.startswith("probe-")]
    replies = [event for event in aside if isinstance(event, ExpansionReplied)]
    assert replies
    assert {reply.by for reply in replies} == {"policy"}
    assert not [event for event in aside if isinstance(event, Regenerated)]


def test_an_estimate_of_blame_bounds_its_calls(rollout_run: Make) -> None:
    for trapped in range(5):
        tried = rollout_run(corridor(5, trapped))
        debugger = tried.to_end()
        expected, before = estimate(debugger.parts, 2), tried.policy.calls
        blame(debugger.parts, k=2)
        # 3 probes at most of 6 placeholders, from which the run took 3.5 calls to its end on average
        assert expected.calls == 21
        assert expected.cost_usd == pytest.approx(21 * 0.002)
        assert tried.policy.calls - before <= 3 * 2 * 6
        assert "3 probes at most x 2 x 3.5 calls" in expected.basis


def test_a_solved_run_has_nothing_to_blame(rollout_run: Make) -> None:
    debugger = rollout_run({ROOT: "run('win')"}).to_end()
    for ask in (blame, estimate):
        with pytest.raises(RecodeError, match="it was solved"):
            ask(debugger.parts)


def test_a_run_under_way_has_nothing_to_blame_yet(rollout_run: Make) -> None:
    tried = rollout_run(corridor(3, 1))
    tried.debugger.step()
    with pytest.raises(RecodeError, match="`continue` first"):
        blame(tried.debugger.parts)
    assert tried.policy.calls == 0


def test_a_run_that_ended_without_a_policy_call_has_nothing_to_blame() -> None:
    with closing(RunWiring(lambda: Scripted({}), ScriptedWorld, agent="react").debugger()) as debugger:
        debugger.step()
        debugger.skip()
        assert debugger.stop.kind == "end"
        for ask in (blame, estimate):
            with pytest.raises(RecodeError, match="without a policy call"):
                ask(debugger.parts)


def test_a_world_that_cant_be_brought_back_is_not_probed(rollout_run: Make) -> None:
    tried = rollout_run(corridor(3, 1), restoration="none")
    debugger = tried.to_end()
    calls = tried.policy.calls
    with pytest.raises(EnvironmentUnavailable, match="cannot be restored"):
        blame(debugger.parts)
    assert tried.policy.calls == calls


def test_a_continuation_that_never_ended_is_not_taken_for_a_failure(rollout_run: Make) -> None:
    tried = rollout_run(corridor(1, 0, PolicyUnavailable("wait a minute")))
    debugger = tried.to_end()
    with pytest.raises(Unavailable, match=r"probe-1 .*wait a minute"):
        blame(debugger.parts, k=1)
    assert "probe-1" in debugger.log.branches


def test_a_pause_ends_the_search_with_what_it_has_found(rollout_run: Make) -> None:
    tried = rollout_run(corridor(7, 2))
    debugger = tried.to_end()
    calls = tried.policy.calls
    tried.policy.before_reply = lambda call: debugger.pause() if call == calls + 7 else None
    found = blame(debugger.parts, k=1, at_once=1)
    assert not found.is_whole
    assert [(probe.node, probe.successes, probe.k) for probe in found.probes] == [
        ("0.2", 1, 1),
        ("0.4", 0, 0),
    ]
    assert (found.last_good, found.first_lost) == ("0.2", None)
    assert debugger.state == "paused"
    assert {branch for probe in found.probes for branch in probe.branches} == {"probe-1", "probe-2"}


class Absent:
    """An expert that leaves one placeholder out, the first time that it is asked."""

    model = "absent"

    def __init__(self, expert: Policy, statement: str) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self._expert = expert
        self._statement: str | None = statement

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if self._statement and re.match(self._statement, request.statement):
            self._statement = None
            return Reply(str(ParsedReply("It will do where it is.", "run('look')")))
        return self._expert.expand(request, stream)

    def abort(self) -> None:
        self._expert.abort()


def test_a_household_run_that_put_nothing_anywhere_blames_just_that() -> None:
    home = Household()
    expert = home.expert("put:7")
    assert expert is not None
    policy = Absent(expert, r"put_object\(")
    wiring = RunWiring(lambda: policy, lambda: home.open("put:7"), home.guide, restoration=home.restoration)
    with closing(wiring.debugger()) as debugger:
        debugger.resume()
        assert debugger.moment.outcome == "finished"
        found = blame(debugger.parts)
        assert debugger.moment.nodes[found.last_good or ""].text == "put_object(obj_ID, place)"
        assert found.first_lost is None
        assert [(probe.node, probe.successes) for probe in found.probes] == [("0.7", 3), ("0.8", 3)]


def test_the_estimate_of_free_calls_without_tokens_has_no_reasoning() -> None:
    basis = "3 probes at most x 1 x 3 calls; a call took 0 tokens and 0.000000 USD, the mean of 5"
    assert render.estimate(CostEstimate(9, 0, 0.0, basis)) == "about 9 calls, no cost"
    assert render.estimate(CostEstimate(9, 90, 0.0, basis)).endswith(basis)
    assert render.estimate(CostEstimate(9, 0, 0.1, basis)).endswith(basis)
