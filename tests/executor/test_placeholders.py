from __future__ import annotations

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ExpansionRefused, ExpansionRequested, StatementFailed, StatementReached
from recode_core.executor import Limits
from recode_core.testing import ROOT, MakeRun, RunHarness
from recode_core.values import Variable


def _asked(played: RunHarness) -> list[tuple[str, str]]:
    return [(event.place.node, event.statement) for event in played.events(ExpansionRequested)][1:]


def test_an_expansion_replaces_its_placeholder(make_run: MakeRun) -> None:
    played = make_run({ROOT: "x = f('a')\ny = run(x)", "x = f('a')": "x = 'b'"})
    assert played.to_end().outcome == "finished"
    assert (played.actions, played.values()["x"]) == (["b"], "'b'")


def test_nodes_inside_control_flow_are_named_by_pass_and_source_order(make_run: MakeRun) -> None:
    code = "for i in (1, 2):\n    for j in (1,):\n        f(i)\n        if i == 2:\n            g(j)"
    played = make_run({ROOT: f"x = 0\n{code}", "f(i)": "pass", "g(j)": "run('g')\nh()", "h()": "pass"})
    played.to_end()
    assert _asked(played) == [
        ("0.1#1#1.0", "f(i)"),
        ("0.1#2#1.0", "f(i)"),
        ("0.1#2#1.1", "g(j)"),
        ("0.1#2#1.1.1", "h()"),
    ]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("if f():\n    x = 1", [("0.0.0", "f_result = f()")]),
        (
            "if 0:\n    pass\nelif f():\n    g()",
            [("0.0.0", "f_result = f()"), ("0.0.1", "g()")],
        ),
        ("if 1:\n    pass\nelif f():\n    pass", []),
        ("for i in f():\n    pass", [("0.0.0", "f_result = f()")]),
        (
            "n = 0\nwhile n < f():\n    n += 1",
            [("0.1#1.0", "f_result = f()"), ("0.1#2.0", "f_result = f()")],
        ),
        (
            "for i in (1, 2):\n    pass\nelse:\n    g()",
            [("0.0.0", "g()")],
        ),
        ("for i in (1, 2):\n    if f():\n        break", [("0.0#1.0", "f_result = f()")]),
        ("if f() and 1 or not f():\n    pass", None),
    ],
)
def test_a_placeholder_in_control_flow_is_expanded_when_python_would_evaluate_it(
    make_run: MakeRun, code: str, asked: list[tuple[str, str]] | None
) -> None:
    scripts = {"f_result = f()": "f_result = [1] and 1", "g()": "pass"}
    if code.startswith("for i in f"):
        scripts["f_result = f()"] = "f_result = [1]"
    played = make_run({ROOT: code, **scripts}, limits=Limits(rewrites=0, repairs=0))
    played.to_end()
    if asked is None:
        assert played.events(ExpansionRefused)
    else:
        assert _asked(played) == asked


def test_no_action_of_a_loop_happens_twice_when_a_placeholder_is_reached_in_it(make_run: MakeRun) -> None:
    code = "for i in ('a', 'b'):\n    run(i)\n    f(i)\n    run(i * 2)"
    played = make_run({ROOT: code, "f(i)": "run('in ' + i)"})
    played.to_end()
    assert played.actions == ["a", "in a", "aa", "b", "in b", "bb"]


def test_a_function_that_was_given_a_name_meanwhile_is_called(make_run: MakeRun) -> None:
    played = make_run({ROOT: "make()\nx = f(1)", "make()": "f = lambda y: y + 1"})
    played.to_end()
    assert (played.values()["x"], _asked(played)) == ("2", [("0.0", "make()")])


def test_the_variables_that_a_call_mentions_reach_the_policy_in_order(make_run: MakeRun) -> None:
    played = make_run({ROOT: "obs = ['o']\nd = {'k': 1}\ny = 2\nx = f(obs[0], d['k'], y + 1)"}, policy=None)
    with pytest.raises(Exception, match="script"):
        played.to_end()
    request = played.events(ExpansionRequested)[-1]
    assert request.variables == (
        Variable("obs", "list", "['o']"),
        Variable("d", "dict", "{'k': 1}"),
        Variable("y", "int", "2"),
    )


def test_a_long_variable_is_shortened_in_the_prompt_with_its_length(make_run: MakeRun) -> None:
    played = make_run({ROOT: "big = 'a' * 5000\nf(big)", "f(big)": "pass"})
    played.to_end()
    (variable,) = played.events(ExpansionRequested)[-1].variables
    assert (len(variable.value), variable.length) == (2002, 5000)
    assert "shortened from 5000 characters" in played.scripted.requests[-1].messages[-1].content


def test_asking_for_an_expansion_writes_nothing_into_the_namespace(make_run: MakeRun) -> None:
    played = make_run({ROOT: "a = 1\nf(a)", "f(a)": "pass"})
    played.to_end()
    assert played.executor.variables.defined_names() == {"a", "instruction", "observation"}


def test_an_expansion_that_leaves_its_target_unbound_is_repaired(make_run: MakeRun) -> None:
    played = make_run({ROOT: "x, y = f()", "x, y = f()": ["x = 1", "x = y = 2"]})
    assert played.to_end().outcome == "finished"
    (failed,) = played.events(StatementFailed)
    assert (failed.place.node, failed.failure.type) == ("0.0", "NotBound")
    assert "without binding `y`" in failed.failure.message
    assert "without binding `y`" in played.scripted.requests[-1].messages[-1].content


def test_a_target_that_had_a_value_before_must_be_bound_again(make_run: MakeRun) -> None:
    played = make_run({ROOT: "x = 1\nx = f(x)", "x = f(x)": ["pass", "x = 2"]})
    played.to_end()
    assert [event.failure.type for event in played.events(StatementFailed)] == ["NotBound"]


def test_a_target_may_be_bound_deep_inside_the_expansion(make_run: MakeRun) -> None:
    deep = "for i in (1, 2):\n    if i == 2:\n        x = g(i)"
    played = make_run({ROOT: "x = f()", "x = f()": deep, "x = g(i)": "x = i"})
    assert played.to_end().outcome == "finished"
    assert not played.events(StatementFailed)


def test_a_mistyped_variable_is_a_failure_not_a_placeholder(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["x = undefined_thing\ny = 1", "y = 2"]})
    played.to_end()
    assert played.events(StatementFailed)[0].failure.type == "NameError"
    assert _asked(played) == [("0", ROOT)]


def test_every_statement_rests_before_it_runs(make_run: MakeRun) -> None:
    played = make_run("x = run('a'); y = 2\nif y:\n    z = 3")
    played.to_end()
    lines = [(e.place.span.line, e.place.span.column) for e in played.events(StatementReached)]
    assert lines == [(1, 0), (1, 14), (2, 0), (3, 4)]


def test_a_done_observation_ends_the_episode_inside_its_statement(make_run: MakeRun) -> None:
    from recode_core.values import Observation

    won = Observation("You win.", score=1.0, done=True, success=True)
    played = make_run("x = [run(i) for i in 'abc']", ScriptedWorld(["one", won]))
    assert (played.to_end().outcome, played.actions) == ("solved", ["a", "b"])
