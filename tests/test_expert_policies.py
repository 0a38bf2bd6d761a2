"""Experts for the agents that take turns: the same plan as ReCode's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from recode_core import episode
from recode_core.environments.household import Household
from recode_core.environments.household.task_id import KINDS
from recode_core.errors import PolicyUnavailable
from recode_core.events import ActionReached, ExpansionAccepted
from recode_core.executor.run_state import AtAction, AtModel
from recode_core.expert_policies import turn_based
from recode_core.policies.policy import History, Request, Turn
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.session import Settings
from tests.support.markers import first_quick

TASKS = [f"{kind}:{seed}" for kind in KINDS for seed in (1, 4)]
Start = Callable[[str, str], episode.Episode]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts an expert's run of a household task with an agent."""
    with ExitStack() as stack:

        def start(task: str, agent: str) -> episode.Episode:
            path = tmp_path / f"{task.replace(':', '-')}-{agent}.jsonl"
            return stack.enter_context(episode.start(Settings("household", task, agent=agent), path))

        yield start


def _actions(run: episode.Episode) -> list[str]:
    return [r.event.action for r in run.log.records if isinstance(r.event, ActionReached)]


@pytest.mark.slow_variants
@pytest.mark.parametrize("task", first_quick(TASKS, 2))
def test_all_agents_take_the_same_actions(start: Start, task: str) -> None:
    runs = [start(task, agent) for agent in ("recode", "react", "codeact")]
    for run in runs:
        run.run()
        assert run.result.solved
    recode, react, codeact = runs
    assert _actions(react) == _actions(codeact) == _actions(recode)
    assert react.result.calls == react.result.steps
    assert (codeact.result.calls or 0) < (recode.result.calls or 0)


def test_a_recorded_run_is_the_same_when_executed_again(start: Start) -> None:
    for agent in ("react", "codeact"):
        run = start("cool:2", agent)
        run.run()
        verdict = episode.check(run.path)
        assert (verdict.divergence, verdict.reworded, verdict.replayed) == ("", 0, run.result.steps)


def test_a_block_shows_what_it_observes(start: Start) -> None:
    run = start("put:7", "codeact")
    run.run()
    first = next(r.event for r in run.log.records if isinstance(r.event, ExpansionAccepted))
    assert "view = run(f'go to {location}')\n    print(view)" in first.code
    turns = run.executor.run.root_frame.history
    assert turns is not None
    assert "You arrive at" in turns.turns[0].output


def test_where_somebody_else_acted_the_plan_begins_anew_with_what_is_in_the_hand(start: Start) -> None:
    run = start("put:7", "react")
    advance = run.executor.advance
    while not (isinstance(stop := advance(), AtAction) and stop.action.startswith("take")):
        pass
    while not isinstance(advance(), AtModel):
        pass
    run.executor.changes.reply(str(ParsedReply("by hand", "run('look')")))
    run.run()
    assert run.result.solved
    actions = _actions(run)
    assert actions[actions.index("look") + 1] == "inventory"


def test_a_block_that_failed_is_written_anew(start: Start) -> None:
    expert = turn_based(Household().expert("heat:5"), "codeact")
    observation = Household().open("heat:5").reset().text
    history = History("put a hot mug in cabinet.", observation)
    first = parse_reply(expert.expand(_turn(history), lambda text: None).text)
    failed = Turn(first.thought, first.code, "AssertionError: no mug in 9 locations", failed=True)
    again = parse_reply(expert.expand(_turn(history, failed), lambda text: None).text)
    assert "That failed." in again.thought
    assert "run('inventory')" in again.code
    done = msgspec.structs.replace(failed, failed=False)
    after = parse_reply(expert.expand(_turn(history, failed, done), lambda text: None).text)
    assert "heat" in after.code
    over = parse_reply(expert.expand(_turn(history, done, done, done), lambda text: None).text)
    assert over.code == "task_finished = True"


@pytest.mark.slow
def test_a_plan_that_is_over_says_what_to_do() -> None:
    expert = turn_based(Household().expert("put:7"), "react")
    observation = Household().open("put:7").reset().text
    history = History("put a cd in shelf.", observation)
    for _ in range(60):
        try:
            action = parse_reply(expert.expand(_turn(history), lambda text: None).text).code
        except PolicyUnavailable as error:
            assert "the expert's plan has ended" in str(error)
            break
        output = "On it, you see a cd 1. You pick up, You move the shelf 1.\n"
        history = msgspec.structs.replace(history, turns=(*history.turns, Turn("", action, output)))
    else:
        pytest.fail("the plan never ended")


def test_an_expert_in_turns_is_none_for_recode() -> None:
    expert = turn_based(Household().expert("put:7"), "react")
    with pytest.raises(PolicyUnavailable, match="is not a request for a turn"):
        expert.expand(Request("solve(instruction, observation)", (), ()), lambda text: None)


def _turn(history: History, *turns: Turn) -> Request:
    whole = msgspec.structs.replace(history, turns=turns) if turns else history
    return Request("next_block()", (), (), history=whole)
