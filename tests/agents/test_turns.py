"""What ReAct and CodeAct have in common: turns, each told of all before it."""

from __future__ import annotations

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ExpansionRefused, LimitReached, StatementFailed, StatementReached
from recode_core.executor import Limits
from recode_core.executor.run_state import AtFailure
from recode_core.interpreter import SandboxLimits
from recode_core.policies.policy import Turn
from recode_core.testing import MakeRun, RunHarness
from recode_core.timeline import Timeline
from recode_core.values import Message, Observation

WON = Observation("Done.", score=1.0, done=True, success=True)


def _turns(played: RunHarness) -> tuple[Turn, ...]:
    history = played.run.root_frame.history
    assert history is not None
    return history.turns


def _asked(played: RunHarness) -> list[tuple[Message, ...]]:
    return [request.messages for request in played.scripted.requests]


def test_each_prompt_begins_with_the_one_before_and_ends_with_what_came_of_it(
    make_run: MakeRun,
) -> None:
    played = make_run(
        ["look", "go to b", "win"], ScriptedWorld(["A room.", "A box.", WON]), agent_name="react"
    )
    assert played.to_end().outcome == "solved"
    first, second, third = _asked(played)
    assert (second[: len(first)], third[: len(second)]) == (first, second)
    assert [message.role for message in third] == ["system", *["user", "assistant"] * 2, "user"]
    assert first[1].content == "Your task:\n    do it.\n\nYou see:\n    You begin."
    assert third[-2].content == "<think>\na reason\n</think>\n<execute>\nrun('go to b')\n</execute>"
    assert third[-1].content == "Observation:\n    A box."


def test_a_turn_is_a_node_whose_code_is_the_reply(make_run: MakeRun) -> None:
    played = make_run(["look", "win"], ScriptedWorld({"win": WON}), agent_name="react")
    played.to_end()
    tree = Timeline(played.log.records).end
    assert tree.root is not None
    assert (tree.root.text, tree.root.kind, tree.root.status) == (
        "while True:\n    next_action()",
        "control",
        "done",
    )
    assert tree.root.children == ("0#1.0", "0#2.0")
    assert [tree.nodes[turn].code for turn in tree.root.children] == ["run('look')", "run('win')"]
    assert tree.nodes["0#2.0"].status == "done"


def test_the_output_is_what_is_printed_and_what_a_bare_run_observes(make_run: MakeRun) -> None:
    code = "x = run('a')\nrun('b')\nprint('seen', x)\nfor i in 'cd':\n    run(i)"
    played = make_run(
        [code, "task_finished = True"], ScriptedWorld(["A", "B", "C", "D"]), agent_name="codeact"
    )
    assert played.to_end().outcome == "finished"
    assert _turns(played)[0].output == "B\nseen A\nC\nD\n"


def test_a_block_that_shows_nothing_says_so(make_run: MakeRun) -> None:
    played = make_run(["x = 1", "task_finished = True"], agent_name="codeact")
    played.to_end()
    assert _asked(played)[1][-1].content == "Output:\n    (nothing)"


def test_a_long_output_is_shortened_in_the_history(make_run: MakeRun) -> None:
    played = make_run(["print('x' * 100000)", "task_finished = True"], agent_name="codeact")
    played.to_end()
    output = _turns(played)[0].output
    assert len(output) < 8100
    assert output.endswith("x…\n(The rest is not shown.)")


@pytest.mark.parametrize(
    "code",
    ["help_me(1)", "x = [aid(i) for i in 'ab']", "if is_good(1):\n    pass", "x = 0 or aid()"],
)
def test_a_call_of_an_unknown_name_is_an_error_that_the_next_turn_is_told(
    make_run: MakeRun, code: str
) -> None:
    played = make_run([f"run('a')\n{code}", "task_finished = True"], agent_name="codeact")
    assert played.until(AtFailure).failure.type == "NameError"
    assert played.to_end().outcome == "finished"
    (failed, _) = _turns(played)
    assert failed.failed
    assert failed.output.startswith("Nothing happens.\nIn the expansion of `next_block()`, line 2:")
    assert "NameError" in _asked(played)[1][-1].content
    assert len(played.scripted.requests) == 2  # nothing was expanded


def test_what_a_block_did_before_its_error_stays(make_run: MakeRun) -> None:
    played = make_run(["x = 1\n1 / 0", "print(x)", "task_finished = True"], agent_name="codeact")
    played.to_end()
    assert _turns(played)[1].output == "1\n"


def test_an_error_that_costs_the_session_its_state_says_so(make_run: MakeRun) -> None:
    quick = SandboxLimits(seconds=0.2, memory_mb=64)
    played = make_run(["x = 'x' * 10**10", "task_finished = True"], agent_name="codeact", sandbox=quick)
    played.to_end()
    assert "What that statement did to variables is lost." in _turns(played)[0].output


def test_a_refused_reply_is_no_turn_and_is_asked_for_again(make_run: MakeRun) -> None:
    played = make_run(["x = 1", "win"], ScriptedWorld({"win": WON}), agent_name="react")
    assert played.to_end().outcome == "solved"
    (refused,) = played.events(ExpansionRefused)
    assert "write one action and nothing else" in refused.rule
    first, again = _asked(played)
    assert again[:-1] == first[:-1]
    assert again[-1].content.startswith(first[-1].content)
    assert "What went wrong:\n    Your last reply was refused" in again[-1].content
    assert len(_turns(played)) == 0  # the world ended it within its first turn


def test_replies_that_are_refused_too_often_end_the_episode(make_run: MakeRun) -> None:
    played = make_run(["import os"] * 3, agent_name="codeact", limits=Limits(rewrites=2))
    end = played.to_end()
    assert (end.outcome, end.detail[:17]) == ("failed", "RewritesExhausted")


def test_turns_are_no_more_than_the_steps_that_the_world_grants(make_run: MakeRun) -> None:
    played = make_run(["print(1)"] * 9, ScriptedWorld(step_limit=3), agent_name="codeact")
    assert played.to_end().outcome == "limit"
    assert played.events(LimitReached) == [LimitReached("environment steps", 3, 3)]
    assert len(played.scripted.requests) == 3


def test_the_loop_is_the_agents_whatever_a_block_defines(make_run: MakeRun) -> None:
    played = make_run(["next_block = 5", "task_finished = True"], agent_name="codeact")
    assert played.to_end().outcome == "finished"


def test_the_agents_own_statement_is_told_and_no_other(make_run: MakeRun) -> None:
    played = make_run(["x = 1", "task_finished = True"], agent_name="codeact")
    played.to_end()
    texts = [event.text for event in played.events(StatementReached)]
    assert texts == ["while not task_finished:\n    next_block()", "", ""]


def test_recode_is_asked_without_a_history(make_run: MakeRun) -> None:
    played = make_run("run('a')\n1 / 0", limits=Limits(repairs=0))
    played.to_end()
    assert played.scripted.requests[0].history is None
    assert played.run.root_frame.history is None
    assert played.run.spent.turns == 0
    assert [event.text for event in played.events(StatementReached)] == ["", ""]
    assert played.events(StatementFailed)[0].failure.type == "ZeroDivisionError"


def test_a_turn_rests_before_its_call_its_statements_and_its_actions(make_run: MakeRun) -> None:
    played = make_run(["look", "win"], ScriptedWorld({"win": WON}), agent_name="react")
    stops = [type(played.executor.advance()).__name__ for _ in range(7)]
    assert stops == ["AtStatement", *["AtModel", "AtStatement", "AtAction"] * 2]
