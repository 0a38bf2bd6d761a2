from __future__ import annotations

from collections.abc import Callable

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable, RecodeError
from recode_core.events import (
    CallFailed,
    ExpansionAccepted,
    ExpansionRefused,
    ExpansionRequested,
    LimitReached,
    Printed,
    StatementFailed,
    WorldFailed,
)
from recode_core.executor import Limits
from recode_core.executor.run_state import AtAction, AtEnd, AtFailure, AtLimit, AtModel, AtStatement
from recode_core.interpreter import SandboxLimits
from recode_core.policies.policy import Reply, Request
from recode_core.testing import ROOT, MakeRun
from recode_core.values import Observation, Usage


def test_a_repair_is_told_the_traceback_and_what_has_been_done(make_run: MakeRun) -> None:
    failing = "run('open box')\nx = 1\ny = x / 0"
    played = make_run({ROOT: "x = f()", "x = f()": [failing, "x = 2"]}, ScriptedWorld(["The box is [open]."]))
    assert played.to_end().outcome == "finished"
    prompt = played.scripted.requests[-1].messages[-1].content
    for part in ("line 3", "y = x / 0", "ZeroDivisionError", "open box -> The box is [open]."):
        assert part in prompt
    request = played.events(ExpansionRequested)[-1]
    assert (request.attempt, request.reason, request.place.node) == (2, "repair", "0.0")
    assert played.events(ExpansionAccepted)[-1].attempt == 2


def test_a_failure_rolls_back_neither_variables_nor_world(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["a = [1]\nrun('go')\na.append(2)\n1 / 0", "b = len(a)"]})
    played.to_end()
    assert (played.values()["b"], played.actions) == ("2", ["go"])


def test_statements_of_a_repair_have_ids_of_their_own(make_run: MakeRun) -> None:
    played = make_run({ROOT: "f()", "f()": ["1 / 0", "x = 1\ng()"], "g()": "pass"})
    played.to_end()
    assert [event.place.node for event in played.events(ExpansionRequested)] == ["0", "0.0", "0.0", "0.0@2.1"]


def test_when_repairs_are_exhausted_the_parent_is_repaired(make_run: MakeRun) -> None:
    played = make_run(
        {ROOT: ["run('a')\nf()", "run('b')"], "f()": "run('in')\n1 / 0"}, limits=Limits(repairs=2)
    )
    assert played.to_end().outcome == "finished"
    kinds = [(event.place.node, event.failure.type) for event in played.events(StatementFailed)]
    assert kinds == [
        ("0.1.1", "ZeroDivisionError"),
        ("0.1@2.1", "ZeroDivisionError"),
        ("0.1@3.1", "ZeroDivisionError"),
        ("0.1", "RepairsExhausted"),
    ]
    assert played.actions == ["a", "in", "in", "in", "b"]
    assert "in -> Nothing happens." in played.scripted.requests[-1].messages[-1].content


def test_only_the_failure_of_the_root_ends_the_episode(make_run: MakeRun) -> None:
    played = make_run({ROOT: "f()", "f()": "g()", "g()": "1 / 0"}, limits=Limits(repairs=1))
    end = played.to_end()
    assert end.outcome == "failed"
    assert "ZeroDivisionError" in end.detail
    assert len(played.scripted.requests) == 4 + 2 + 3  # after `g()` all of them once more, after `f()` again


def test_a_failure_can_be_looked_at_before_it_is_repaired(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["x = 5\n1 / 0", "y = x"]})
    stop = played.until(AtFailure)
    assert (stop.failure.type, stop.failure.span.line) == ("ZeroDivisionError", 2)
    assert played.values()["x"] == "5"
    assert isinstance(played.executor.advance(), AtModel)


def test_a_lost_statement_puts_variables_back_but_not_the_world(make_run: MakeRun) -> None:
    sandbox = SandboxLimits(seconds=0.2)
    played = make_run(
        {ROOT: ["a = [1]\nx = [a.append(run('go')), sum(range(10**12))]", "b = len(a)"]}, sandbox=sandbox
    )
    played.to_end()
    failed = played.events(StatementFailed)[0].failure
    assert (failed.type, failed.lost) == ("TimeoutError", True)
    assert (played.values()["b"], played.actions) == ("1", ["go"])
    prompt = played.scripted.requests[-1].messages[-1].content
    assert "lost" in prompt
    assert "go -> Nothing happens." in prompt


def test_a_refused_reply_is_rewritten_and_told_why(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["x = 1\nimport os", "def f(): pass", "x = 2"]})
    assert played.to_end().outcome == "finished"
    refused = [(event.line, event.rule.split(" ")[0]) for event in played.events(ExpansionRefused)]
    assert refused == [(2, "module"), (1, "`def`")]
    reasons = [(event.attempt, event.reason) for event in played.events(ExpansionRequested)]
    assert reasons == [(1, "first"), (1, "rewrite"), (1, "rewrite")]
    assert "line 2: module `os`" in played.scripted.requests[1].messages[-1].content


def test_a_rewrite_within_a_repair_still_tells_what_failed(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["run('a')\n1 / 0", "import os", "x = 2"]})
    played.to_end()
    prompt = played.scripted.requests[-1].messages[-1].content
    assert "ZeroDivisionError" in prompt
    assert "`os`" in prompt


def test_when_rewrites_are_exhausted_the_parent_is_repaired(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["f()", "x = 1"], "f()": "import os"}, limits=Limits(rewrites=2))
    assert played.to_end().outcome == "finished"
    assert len(played.events(ExpansionRefused)) == 3
    assert [event.failure.type for event in played.events(StatementFailed)] == ["RewritesExhausted"]


def test_a_reply_without_code_is_rewritten(make_run: MakeRun) -> None:
    from recode_core.policies.scripted import Scripted

    played = make_run(policy=Scripted(["I don't know.", "<think>a</think><execute>x = 1</execute>"]))
    assert played.to_end().outcome == "finished"
    assert played.events(ExpansionRefused)[0].line == 0


def test_the_depth_limit_is_a_failure_that_is_repaired(make_run: MakeRun) -> None:
    played = make_run({ROOT: "f(1)", "f(1)": ["f(2)", "run('flat')"]}, limits=Limits(depth=2))
    assert played.to_end().outcome == "finished"
    (failed,) = played.events(StatementFailed)
    assert (failed.place.node, failed.failure.type) == ("0.0.0", "DepthLimit")
    assert played.actions == ["flat"]


class _Priced:
    """A policy whose calls cost something."""

    model = "priced"

    def __init__(self) -> None:
        self.sampling: dict[str, str | float | int] = {}

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        usage = Usage(prompt_tokens=60, completion_tokens=40, cost_usd=0.5)
        code = "f()" if "solve" in request.statement else "g()"
        return Reply(f"<think>a</think><execute>{code}</execute>", usage)

    def abort(self) -> None: ...


@pytest.mark.parametrize(
    ("limits", "reached"),
    [
        (Limits(calls=2), LimitReached("calls", 2, 2)),
        (Limits(tokens=150), LimitReached("tokens", 200, 150)),
        (Limits(cost_usd=1.0), LimitReached("cost_usd", 1.0, 1.0)),
    ],
)
def test_a_limit_on_calls_is_a_record_with_its_number_and_ends_a_headless_run(
    make_run: MakeRun, limits: Limits, reached: LimitReached
) -> None:
    played = make_run(policy=_Priced(), limits=limits)
    assert played.to_end() == AtEnd("limit", reached.name)
    assert played.events(LimitReached) == [reached]


def test_a_limit_on_steps_stops_before_the_action_and_can_be_raised(make_run: MakeRun) -> None:
    played = make_run("for i in range(4):\n    run(f'{i}')", limits=Limits(steps=2))
    stop = played.until(AtLimit)
    assert (stop.name, stop.value, stop.limit, played.actions) == ("steps", 2, 2, ["0", "1"])
    played.run.limits = Limits(steps=3)
    stop = played.until(AtLimit)
    assert (stop.value, played.actions) == (3, ["0", "1", "2"])
    assert played.executor.advance() == AtEnd("limit", "steps")


def test_the_environment_s_own_step_limit_ends_the_run(make_run: MakeRun) -> None:
    played = make_run("for i in range(4):\n    run(f'{i}')", ScriptedWorld(step_limit=2))
    assert played.to_end() == AtEnd("limit", "environment steps")
    assert played.actions == ["0", "1"]


def test_wall_time_is_a_limit(make_run: MakeRun) -> None:
    played = make_run("run('a')", limits=Limits(seconds=1.0))
    now = iter(range(0, 100, 1))
    played.run.clock = lambda: float(next(now))
    assert played.to_end().outcome == "limit"
    assert played.events(LimitReached)[0].name == "seconds"


def test_a_policy_that_is_away_leaves_the_run_where_it_was(make_run: MakeRun) -> None:
    played = make_run({ROOT: "x = 1\nf()", "f()": []})
    with pytest.raises(PolicyUnavailable, match="script"):
        played.to_end()
    stop = played.executor.state
    assert isinstance(stop, AtModel)
    assert played.events(CallFailed)[0].node == "0.1"
    from recode_core.policies.scripted import Scripted

    played.run.policy = Scripted(["<think>a</think><execute>y = x + 1</execute>"])
    assert played.to_end().outcome == "finished"
    assert played.values()["y"] == "2"


@pytest.mark.parametrize("in_reset", [True, False])
def test_a_world_that_is_away_leaves_the_run_where_it_was(make_run: MakeRun, in_reset: bool) -> None:
    gone = EnvironmentUnavailable("the world is gone")
    world = ScriptedWorld(first=gone) if in_reset else ScriptedWorld(["one", gone, "two"])
    played = make_run("x = run('a')\ny = run('b')", world)
    with pytest.raises(EnvironmentUnavailable, match="gone"):
        played.to_end()
    assert played.events(WorldFailed) == [WorldFailed("the world is gone")]
    if in_reset:
        played.run.world = ScriptedWorld(["one", "two"])
    else:
        assert isinstance(played.executor.state, AtAction)
    assert played.to_end().outcome == "finished"
    assert (played.values()["x"], played.values()["y"]) == ("'one'", "'two'")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("run()", "0 arguments"),
        ("run('a', 'b')", "2 arguments"),
        ("run(act='a')", "1 arguments"),
        ("run(5)", "not int"),
        ("run(None)", "not NoneType"),
        ("run(['a'])", "not list"),
    ],
)
def test_run_with_wrong_arguments_raises_a_type_error_inside(
    make_run: MakeRun, call: str, message: str
) -> None:
    played = make_run(f"try:\n    {call}\nexcept TypeError as error:\n    x = str(error)")
    played.to_end()
    assert message in played.values()["x"]
    assert played.actions == []


def test_run_with_wrong_arguments_that_nobody_catches_is_a_failure(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["x = run(5)", "y = 1"]})
    played.to_end()
    assert played.events(StatementFailed)[0].failure.type == "TypeError"


HOSTILE = "[Buy Now] [red]x[/red] \x1b[31m\x1b]0;title\x07 é😀 \x00 \r\n\t \u2028\u202e {x} %s \\n ''' \"\"\""


def test_an_observation_reaches_variables_untouched(make_run: MakeRun) -> None:
    played = make_run("x = run('a')\ny = observation", ScriptedWorld([HOSTILE], first=HOSTILE))
    played.to_end()
    assert played.interpreter.feed("(x, y)").output == (HOSTILE, HOSTILE)  # type: ignore[union-attr]


def test_a_lone_surrogate_which_no_encoding_takes_becomes_a_question_mark(make_run: MakeRun) -> None:
    world = ScriptedWorld(["a\ud800b"], first=Observation("\udfffc"), instruction="\ud800")
    played = make_run("x = run('a')\ny = observation\nz = instruction", world)
    assert played.to_end().outcome == "finished"
    assert played.values() == {"x": "'a?b'", "y": "'?c'", "z": "'?'"}


def test_prints_are_recorded_where_they_happen(make_run: MakeRun) -> None:
    played = make_run("print('one')\nfor i in (1, 2):\n    print(i)\n    run('a')\nprint(run('b'), end='')")
    played.to_end()
    printed = [(event.place.node, event.place.passes, event.text) for event in played.events(Printed)]
    assert printed == [
        ("0.0", (), "one\n"),
        ("0.1", (1,), "1\n"),
        ("0.1", (2,), "2\n"),
        ("0.2", (), "Nothing happens."),
    ]


def test_it_advances_one_stop_at_a_time(make_run: MakeRun) -> None:
    played = make_run("x = run('a')\ny = 1")
    kinds = [type(played.executor.advance()) for _ in range(5)]
    assert kinds == [AtModel, AtStatement, AtAction, AtStatement, AtEnd]
    with pytest.raises(RecodeError, match="over"):
        played.executor.advance()
