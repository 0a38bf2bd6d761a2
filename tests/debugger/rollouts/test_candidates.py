"""Candidates: several expansions of a placeholder, each followed in a world of its own; one is grafted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from recode_core.debugger.candidates import Candidate, adopt, estimate, sample
from recode_core.errors import Diverged, EnvironmentUnavailable, PolicyUnavailable, RecodeError
from recode_core.events import ActionFinished, Event, ExpansionReplied, Regenerated
from recode_core.executor import Limits
from recode_core.log import Log
from recode_core.session import Settings, Writer, new_header, read
from recode_core.testing import ROOT, expert_wiring
from recode_core.values import Usage
from tests.debugger.rollouts.conftest import RolloutHarness
from tests.support.waiting import PATIENCE

Make = Callable[..., RolloutHarness]


def picking(*candidates: str | Exception) -> dict[str, str | list[str | Exception]]:
    """A run that goes left after a look, and what is said when it is asked for another way."""
    return {ROOT: "run('look')\npick()\nrun('after')", "pick()": ["run('left')", *candidates]}


def by_code(candidates: list[Candidate]) -> dict[str, Candidate]:
    return {candidate.code: candidate for candidate in candidates}


def replies(log: Log, branch: str) -> list[ExpansionReplied]:
    return [r.event for r in log.records if r.branch == branch and isinstance(r.event, ExpansionReplied)]


def without_seconds(events: list[Event]) -> list[Event]:
    """The events that decide, as they would be were everything done in no time."""
    timed = (ExpansionReplied, ActionFinished)
    return [msgspec.structs.replace(e, seconds=0.0) if isinstance(e, timed) else e for e in events]


def test_one_of_three_candidates_solves_the_task(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('right')", "x = run('up')\nrun('win')", "run('down')")).to_end()
    found = by_code(sample(debugger.parts, "0.1", 3, "end"))
    assert {code: candidate.outcome for code, candidate in found.items()} == {
        "run('right')": "finished",
        "x = run('up')\nrun('win')": "solved",
        "run('down')": "finished",
    }
    solved = found["x = run('up')\nrun('win')"]
    assert (solved.node, solved.thought, solved.score) == ("0.1", "a reason", 1.0)
    assert (solved.steps, solved.calls, solved.tokens, solved.cost_usd) == (2, 1, 120, 0.002)
    assert found["run('right')"].steps == 2  # its own action and the one after the placeholder
    assert solved.seconds >= 0


def test_candidates_are_branches_that_are_numbered_on_and_leave_the_current_one_alone(
    rollout_run: Make,
) -> None:
    tried = rollout_run(picking("run('right')"))
    debugger = tried.to_end()
    before, position = debugger.log.line(), debugger.position
    sample(debugger.parts, "0.1", 2, "end")
    again = sample(debugger.parts, "0.1", 1)
    assert [candidate.number for candidate in again] == [3]
    assert list(debugger.log.branches) == ["main", "candidate-1", "candidate-2", "candidate-3"]
    assert (debugger.log.line(), debugger.position, debugger.log.branch) == (before, position, "main")
    assert debugger.timeline.records == before
    assert Log(debugger.log.records).branch == "main"


def test_a_candidate_asks_anew_and_with_the_users_wishes(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()
    [candidate] = sample(debugger.parts, "0.1", 1, 0, "go right", "a-model", 0.7)
    wishes = [r.event for r in debugger.log.line("candidate-1") if isinstance(r.event, Regenerated)]
    assert [(w.place.node, w.hint, w.model, w.temperature) for w in wishes] == [
        ("0.1", "go right", "a-model", 0.7)
    ]
    assert [reply.by for reply in replies(debugger.log, candidate.branch)] == ["policy"]


def test_nothing_is_ever_reused_in_a_roll_out(rollout_run: Make) -> None:
    tried = rollout_run({ROOT: "pick()\nrest()", "pick()": "run('left')", "rest()": "run('rest')"})
    debugger = tried.to_end()
    [candidate] = sample(debugger.parts, "0.0", 1, "end")
    assert [reply.by for reply in replies(debugger.log, candidate.branch)] == ["policy", "policy"]
    assert (candidate.calls, tried.policy.calls) == (2, 5)


@pytest.mark.parametrize(
    ("rollout_steps", "actions"), [(0, []), (1, ["a"]), (2, ["a", "b"]), (3, ["a", "b", "c"])]
)
def test_a_roll_out_ends_after_as_many_actions_as_asked_for(
    rollout_run: Make, rollout_steps: int, actions: list[str]
) -> None:
    tried = rollout_run(picking("for x in 'abcd': run(x)"))
    [candidate] = sample(tried.to_end().parts, "0.1", 1, rollout_steps)
    assert (candidate.outcome, candidate.steps) == ("truncated", rollout_steps)
    assert tried.worlds[-1].actions == ["look", *actions]


def test_each_candidate_acts_in_a_world_of_its_own_that_is_given_back(rollout_run: Make) -> None:
    tried = rollout_run(picking(*(f"for i in range(20): run('{way}')" for way in "abcd")))
    debugger = tried.to_end()
    sample(debugger.parts, "0.1", 4, "end")
    main, *aside = tried.worlds
    assert main.actions == ["look", "left", "after"]
    assert sorted(tuple(world.actions) for world in aside) == [("look", *way * 20, "after") for way in "abcd"]
    assert [world.is_closed for world in tried.worlds] == [False, True, True, True, True]
    assert not debugger.parts.live_run().background


def test_candidates_are_asked_for_at_the_same_time(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('right')"))
    debugger = tried.to_end()
    meeting = threading.Barrier(4, timeout=PATIENCE)

    def meet(call: int) -> None:
        meeting.wait()

    tried.policy.before_reply = meet
    assert len(sample(debugger.parts, "0.1", 4, at_once=4)) == 4
    assert tried.policy.most == 4


def test_no_more_candidates_are_at_work_at_once_than_allowed(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('right')"), seconds=0.02)
    assert len(sample(tried.to_end().parts, "0.1", 5, at_once=2)) == 5
    assert tried.policy.most == 2


def test_a_failure_in_a_roll_out_is_repaired_and_counted(rollout_run: Make) -> None:
    debugger = rollout_run(picking("1 / 0", "run('win')")).to_end()
    [candidate] = sample(debugger.parts, "0.1", 1, "end")
    assert (candidate.outcome, candidate.calls, candidate.code) == ("solved", 2, "1 / 0")


def test_a_task_that_a_candidate_fails_is_failed(rollout_run: Make) -> None:
    tried = rollout_run(
        {ROOT: ["pick()", "1 / 0"], "pick()": ["run('left')", "1 / 0"]}, limits=Limits(repairs=1)
    )
    [candidate] = sample(tried.to_end().parts, "0.0", 1, "end")
    assert candidate.outcome == "failed"
    assert "ZeroDivisionError" in candidate.detail


def test_a_limit_ends_a_roll_out(rollout_run: Make) -> None:
    debugger = rollout_run(picking("while True: run('on')"), step_limit=9).to_end()
    [candidate] = sample(debugger.parts, "0.1", 1, "end")
    assert (candidate.outcome, candidate.detail) == ("limit", "environment steps")
    assert candidate.steps == 8


def test_a_candidate_without_an_expansion_is_refused_and_cant_be_grafted(rollout_run: Make) -> None:
    debugger = rollout_run(picking("<think>no code"), limits=Limits(rewrites=2)).to_end()
    [candidate] = sample(debugger.parts, "0.1", 1, "end")
    assert (candidate.outcome, candidate.code, candidate.calls, candidate.steps) == ("refused", "", 3, 0)
    assert "2 rewrites" in candidate.detail
    with pytest.raises(RecodeError, match="candidate-1 has no accepted expansion"):
        adopt(debugger, candidate)
    assert debugger.branch == "main"


def test_a_grafted_candidate_is_stepped_through_as_recorded_and_goes_on_from_its_horizon(
    rollout_run: Make,
) -> None:
    tried = rollout_run(picking("x = 1\nrun('up')\nrun('win')"))
    debugger = tried.to_end()
    old = debugger.stop
    [candidate] = sample(debugger.parts, "0.1", 1, 1)
    calls, worlds = tried.policy.calls, len(tried.worlds)
    rest = adopt(debugger, candidate)
    assert (debugger.branch, rest.kind, rest.place and rest.place.node) == (
        "candidate-1",
        "statement",
        "0.1@2.0",
    )
    while not debugger.is_live:
        debugger.step()
    assert (tried.policy.calls, len(tried.worlds)) == (calls, worlds)
    assert debugger.evaluate("x") == "1"
    assert debugger.resume().kind == "end"
    assert debugger.moment.outcome == "solved"
    assert debugger.log.line("candidate-1")[-1] == debugger.timeline.records[-1]
    while debugger.branch != "main":
        debugger.undo()
    assert (debugger.stop, debugger.moment.outcome) == (old, "finished")


def test_undo_takes_a_graft_back_at_once(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('win')")).to_end()
    before = debugger.position
    first, second = sample(debugger.parts, "0.1", 2, "end")
    adopt(debugger, first)
    adopt(debugger, second)
    debugger.undo()
    assert debugger.branch == first.branch
    assert debugger.undo() == before
    assert list(debugger.log.branches) == ["main", first.branch, second.branch]


def test_candidates_can_be_asked_for_from_the_past(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('win')")).to_end()
    debugger.goto("0.1")
    [candidate] = sample(debugger.parts, "0.1", 1, "end")
    assert candidate.outcome == "solved"
    assert debugger.stop.place is not None
    assert debugger.stop.place.node == "0.1"


def test_a_run_goes_on_as_if_nothing_had_been_tried_beside_it(rollout_run: Make) -> None:
    undisturbed = rollout_run(picking()).to_end()
    debugger = rollout_run(picking()).debugger
    debugger.until("0.1")
    sample(debugger.parts, "0.1", 2, "end")
    debugger.resume()
    debugger.note("0.1", "as before")
    events = [record.event for record in debugger.timeline.records if record.branch == "main"]
    assert debugger.timeline.records == debugger.log.line()
    assert without_seconds(events[:-1]) == without_seconds([r.event for r in undisturbed.timeline.records])
    assert debugger.branch == "main"


def test_a_world_that_cant_be_brought_back_has_no_candidates(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('right')"), restoration="none")
    debugger = tried.to_end()
    records, calls = len(debugger.log), tried.policy.calls
    with pytest.raises(EnvironmentUnavailable, match="roll-outs are not possible"):
        sample(debugger.parts, "0.1", 3)
    assert (len(debugger.log), tried.policy.calls, len(tried.worlds)) == (records, calls, 1)


def test_a_world_that_answers_otherwise_has_no_candidates(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('right')"))
    debugger = tried.to_end()
    records, calls = len(debugger.log), tried.policy.calls
    tried.voice = "They"
    with pytest.raises(Diverged, match="They look"):
        sample(debugger.parts, "0.1", 3)
    assert (len(debugger.log), tried.policy.calls, debugger.state) == (records, calls, "paused")
    assert all(world.is_closed for world in tried.worlds[1:])
    assert debugger.moment.outcome == "finished"


def test_what_was_never_asked_for_has_no_candidates(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()
    with pytest.raises(RecodeError, match=r"'0\.2'"):
        sample(debugger.parts, "0.2", 3)


@pytest.mark.parametrize(
    ("count", "rollout_steps", "at_once"), [(0, 0, 4), (10**20, 0, 4), (3, -1, 4), (3, 0, 0)]
)
def test_numbers_that_make_no_sense_are_refused(
    rollout_run: Make, count: int, rollout_steps: int, at_once: int
) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()
    with pytest.raises(RecodeError, match=rf", not ({count}|{rollout_steps}|{at_once})$"):
        sample(debugger.parts, "0.1", count, rollout_steps, at_once=at_once)


def test_a_pause_leaves_finished_candidates_whole_and_begins_no_other(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('right')"))
    debugger = tried.to_end()
    calls = tried.policy.calls
    states = []

    def pause_in_the_second(call: int) -> None:
        if call == calls + 2:
            states.append(debugger.state)
            debugger.pause()
            states.append(debugger.state)

    tried.policy.before_reply = pause_in_the_second
    first, second = sample(debugger.parts, "0.1", 5, "end", at_once=1)
    assert (first.outcome, first.steps) == ("finished", 2)
    assert (second.outcome, second.calls, second.steps) == ("paused", 1, 0)
    assert second.code == "run('right')"  # what was paid for is kept
    assert states == ["running", "pausing"]
    assert (debugger.state, debugger.parts.activity.is_pausing) == ("paused", False)


def test_what_was_paused_can_be_grafted_and_goes_on(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('up')\nrun('win')"))
    debugger = tried.to_end()
    tried.policy.before_reply = lambda call: debugger.pause()
    [candidate] = sample(debugger.parts, "0.1", 1, "end")
    tried.policy.before_reply = lambda call: None
    assert candidate.outcome == "paused"
    adopt(debugger, candidate)
    debugger.resume()
    assert debugger.moment.outcome == "solved"


def test_an_abort_records_what_has_arrived_with_its_cost(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('right')"))
    debugger = tried.to_end()
    asked = threading.Barrier(3, timeout=PATIENCE)

    def wait_for_the_abort(call: int) -> None:
        asked.wait()
        assert tried.policy.aborted.wait(PATIENCE)

    def abort() -> None:
        asked.wait()
        debugger.abort()

    tried.policy.before_reply = wait_for_the_abort
    user = threading.Thread(target=abort)
    user.start()
    found = sample(debugger.parts, "0.1", 2, "end")
    user.join()
    assert [(c.outcome, c.calls, c.cost_usd) for c in found] == [("paused", 1, 0.002)] * 2
    assert [reply.finish for c in found for reply in replies(debugger.log, c.branch)] == ["aborted"] * 2


def test_a_candidate_whose_policy_is_away_says_so_and_the_others_are_whole(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('win')", PolicyUnavailable("wait a minute"), "run('win')")).to_end()
    found = sample(debugger.parts, "0.1", 3, "end", at_once=1)
    assert [c.outcome for c in found] == ["solved", "unavailable", "solved"]
    assert found[1].detail == "wait a minute"


def test_records_of_candidates_at_work_together_make_a_whole_session_file(
    rollout_run: Make, tmp_path: Path
) -> None:
    path = tmp_path / "session.jsonl"
    with closing(Writer.create(path, new_header("session", Settings("maze", "1")))) as writer:
        tried = rollout_run(picking("for i in range(30): run('on')"), sink=writer.write)
        debugger = tried.to_end()
        main = debugger.log.line()
        found = sample(debugger.parts, "0.1", 4, "end")
        session = read(path)
        assert session.records == debugger.log.records
        assert session.line() == main
        for candidate in found:
            assert Log(session.records).line(candidate.branch) == debugger.log.line(candidate.branch)
        adopt(debugger, found[2])
        assert read(path).line() == debugger.timeline.records


def test_an_estimate_takes_the_mean_of_the_calls_so_far(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()  # 2 calls, 3 actions
    one_each = estimate(debugger.parts, "0.1", 3, 0)
    assert (one_each.calls, one_each.tokens) == (3, 360)
    assert one_each.cost_usd == pytest.approx(0.006)
    assert one_each.basis.startswith("3 x 1 calls (one each")
    assert "a call took 120 tokens and 0.002000 USD, the mean of 2" in one_each.basis
    assert estimate(debugger.parts, "0", 3, 1).calls == 5  # one, and 2 calls in 3 actions for 1 action
    assert estimate(debugger.parts, "0", 3, "end").calls == 6
    assert estimate(debugger.parts, "0.1", 3, "end").calls == 3


def test_an_estimate_for_many_actions_is_bounded_by_that_to_the_end(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()
    assert estimate(debugger.parts, "0", 3, 99999).calls == estimate(debugger.parts, "0", 3, "end").calls
    assert "less than 99999 actions" in estimate(debugger.parts, "0", 3, 99999).basis


@pytest.mark.parametrize("count", [0, 101])
def test_an_estimate_is_refused_where_the_trial_would_be(rollout_run: Make, count: int) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()
    with pytest.raises(RecodeError, match=f"the number of roll-outs must be from 1 to 100, not {count}"):
        estimate(debugger.parts, "0", count, "end")


@pytest.mark.parametrize("temperature", [float("nan"), float("inf"), -5.0])
def test_a_temperature_that_there_cannot_be_is_refused_and_nothing_is_begun(
    rollout_run: Make, temperature: float
) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()
    branches = list(debugger.log.branches)
    with pytest.raises(RecodeError, match="a temperature is a number from 0, not"):
        sample(debugger.parts, "0.1", 2, temperature=temperature)
    with pytest.raises(RecodeError, match="a temperature is a number from 0, not"):
        debugger.regenerate("0.1", temperature=temperature)
    assert list(debugger.log.branches) == branches


def test_an_estimate_holds_for_what_then_happens(rollout_run: Make) -> None:
    debugger = rollout_run(picking("run('right')")).to_end()
    expected = estimate(debugger.parts, "0.1", 3, "end")
    made = sample(debugger.parts, "0.1", 3, "end")
    assert expected.calls == sum(c.calls for c in made)
    assert expected.tokens == sum(c.tokens for c in made)
    assert expected.cost_usd == pytest.approx(sum(c.cost_usd or 0 for c in made))


@pytest.mark.parametrize(("price", "cost"), [(None, None), (0.0, 0.0)])
def test_an_estimate_tells_no_cost_from_an_unknown_one(
    rollout_run: Make, price: float | None, cost: float | None
) -> None:
    debugger = rollout_run(picking("run('right')"), usage=Usage(100, 0, 20, 0, price)).to_end()
    expected = estimate(debugger.parts, "0.1", 3, 0)
    assert (expected.tokens, expected.cost_usd) == (360, cost)
    assert ("at an unknown price" in expected.basis) == (price is None)


def test_before_the_first_call_an_estimate_knows_no_price(rollout_run: Make) -> None:
    tried = rollout_run(picking("run('right')"))
    tried.debugger.step()
    expected = estimate(tried.debugger.parts, "0", 3, 0)
    assert (expected.calls, expected.tokens, expected.cost_usd) == (3, None, None)
    assert "no call has been made yet" in expected.basis
    assert tried.policy.calls == 0


def test_household_experts_solve_each_candidate_from_a_snapshot() -> None:
    with closing(expert_wiring("put:7").debugger()) as debugger:
        debugger.resume()
        found = sample(debugger.parts, "0.8", 4, "end")
        assert [(c.outcome, c.steps, c.calls, c.score) for c in found] == [("solved", 2, 2, 1.0)] * 4
        assert estimate(debugger.parts, "0.8", 4, "end").cost_usd == 0.0
        adopt(debugger, found[3])
        debugger.step()
        assert debugger.moment.nodes["0.8"].attempt == 2
