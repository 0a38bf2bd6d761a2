"""What code for the published agent relies on: modules without an import, keywords as variables, skips."""

from __future__ import annotations

import pytest

from recode_core import syntax
from recode_core.agents.registry import agent
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.events import ExpansionAccepted, ExpansionRefused, ExpansionRequested, StatementFailed
from recode_core.executor import Executor
from recode_core.executor.run_state import AtEnd
from recode_core.policies.reply import ReplyRefused
from recode_core.statements import Code, parse
from recode_core.testing import ROOT, MakeRun, RunWiring, reply, scripted_policy
from recode_core.values import Variable


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (r"x = re.findall(r'\d+', 'a1b22')", "['1', '22']"),
        ("x = json.loads('[1]')", "[1]"),
        ("x = math.floor(2.5)", "2"),
        ("x = collections.Counter('aab').most_common(1)", "[('a', 2)]"),
        ("re = 3\nx = re", "3"),
    ],
)
def test_modules_are_there_without_an_import(make_run: MakeRun, code: str, value: str) -> None:
    run = make_run(code)
    assert run.to_end().outcome == "finished"
    assert run.values()["x"] == value


def test_a_module_that_nothing_imports_is_no_variable(make_run: MakeRun) -> None:
    run = make_run(
        {ROOT: "f(re.escape('.'))\nimport re\nf(re)", "f(re.escape('.'))": "pass", "f(re)": "pass"}
    )
    run.to_end()
    without, after = run.events(ExpansionRequested)[1:]
    assert (without.variables, [variable.name for variable in after.variables]) == ((), ["re"])
    assert run.values() == {"re": "<module 're'>"}


def test_a_placeholder_may_be_called_as_a_module(make_run: MakeRun) -> None:
    run = make_run({ROOT: "z = 1\ncopy(z)", "copy(z)": "x = z + 1"})
    assert run.to_end().outcome == "finished"
    assert run.values()["x"] == "2"


@pytest.mark.parametrize(
    ("statement", "x"),
    [
        ("x = search(observation, query='red ', limit=3)", "'red red red '"),
        ("x = search(query='red', limit=2)", "'redred'"),
    ],
)
def test_keyword_literals_are_variables_of_the_expansion(make_run: MakeRun, statement: str, x: str) -> None:
    run = make_run({ROOT: statement, statement: "x = query * limit"})
    assert run.to_end().outcome == "finished"
    asked = run.events(ExpansionRequested)[-1]
    assert [variable.name for variable in asked.variables][-2:] == ["query", "limit"]
    assert asked.bound == asked.variables[-2:]
    assert run.values()["x"] == x


def test_a_repair_finds_keywords_as_the_expansion_left_them(make_run: MakeRun) -> None:
    run = make_run({ROOT: "f(n=1)", "f(n=1)": ["n = 5\n1 / 0", "x = n"]})
    assert run.to_end().outcome == "finished"
    assert run.values() == {"n": "5", "x": "5"}
    first, again = run.events(ExpansionRequested)[1:]
    assert (first.bound, again.bound) == ((Variable("n", "int", "1"),), ())


def test_what_is_no_literal_keeps_its_own_name() -> None:
    statement = "x = f(a, b=1, c=a, d=[1, 'x'], e=-2, **more) + len(g(h=None), key=3)"
    program = parse(statement, frozenset({"a", "more"}))
    (code,) = program.block
    assert isinstance(code, Code)
    literals = {name: syntax.literal(text) for name, text in code.keywords}
    assert literals == {"b": 1, "d": [1, "x"], "e": -2, "h": None}


def test_a_literal_is_bound_as_it_is_written(make_run: MakeRun) -> None:
    run = make_run({ROOT: "f(n=1e999, t='\\x1b')", "f(n=1e999, t='\\x1b')": "x = (n, t)"})
    assert run.to_end().outcome == "finished"
    assert run.values()["x"] == r"(inf, '\x1b')"


def test_an_action_may_be_named(make_run: MakeRun) -> None:
    run = make_run("x = run(action='look')\ny = run(action='go' + ' on')")
    assert run.to_end().outcome == "finished"
    assert run.actions == ["look", "go on"]


@pytest.mark.parametrize("call", ["run(other='look')", "run('a', action='b')", "run(action=1)"])
def test_other_arguments_are_refused_as_before(make_run: MakeRun, call: str) -> None:
    run = make_run([call, "pass"])
    assert run.to_end().outcome == "finished"
    assert (run.actions, run.events(StatementFailed)[0].failure.type) == ([], "TypeError")


@pytest.mark.parametrize(
    ("code", "accepted"), [("", "pass"), ("\n\n", "pass"), ("# not needed", "# not needed\npass")]
)
def test_an_expansion_without_a_statement_is_a_skip(make_run: MakeRun, code: str, accepted: str) -> None:
    run = make_run({ROOT: "f()\nx = 1", "f()": code})
    assert run.to_end().outcome == "finished"
    assert run.events(ExpansionAccepted)[-1].code == accepted
    assert not run.events(ExpansionRefused)


def test_a_skip_binds_nothing(make_run: MakeRun) -> None:
    run = make_run({ROOT: "x = f()", "x = f()": ["", "x = 2"]})
    assert run.to_end().outcome == "finished"
    assert run.events(StatementFailed)[0].failure.type == "NotBound"


def test_global_costs_nothing(make_run: MakeRun) -> None:
    run = make_run("global x\nx = 1\nif x:\n    global y\n    y = 2")
    assert run.to_end().outcome == "finished"
    assert run.values() == {"x": "1", "y": "2"}


@pytest.mark.parametrize(
    ("code", "failure"),
    [("x = re.escape('.')", "NameError"), ("x = run(action='look')", "TypeError"), ("global x", "")],
)
def test_older_sessions_know_none_of_it(code: str, failure: str) -> None:
    wiring = RunWiring(lambda: scripted_policy([code, "pass"]), ScriptedWorld)
    run = wiring.start()
    run.agent, run.world = agent("recode", GUIDE, 2), ScriptedWorld()
    executor = Executor(run)
    while not isinstance(executor.advance(), AtEnd):
        pass
    run.close()
    events = [record.event for record in wiring.log.records]
    failed = [event.failure.type for event in events if isinstance(event, StatementFailed)]
    refused = [event.rule for event in events if isinstance(event, ExpansionRefused)]
    assert failed == ([failure] if failure else [])
    assert bool(refused) == (not failure)


def test_older_sessions_refuse_an_empty_expansion() -> None:
    with pytest.raises(ReplyRefused, match="code is empty"):
        agent("recode", GUIDE, 2).read(reply(""))
