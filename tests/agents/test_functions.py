"""Functions that CodeAct defines: they act, bind and raise as in CPython, or are refused before they run."""

from __future__ import annotations

import textwrap
import warnings
from typing import Any

import pytest

from recode_core.agents.codeact import CodeAct
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.events import (
    ActionReached,
    ExpansionRefused,
    Origin,
    StatementFailed,
    StatementFinished,
)
from recode_core.executor import Limits
from recode_core.interpreter import SandboxLimits
from recode_core.policies.policy import History
from recode_core.statements import EDITION, RuleBroken, parse
from recode_core.testing import MakeRun, RunHarness
from recode_core.values import Observation, Span
from tests.agents.function_programs import PROGRAMS
from tests.executor.alike import comparable
from tests.executor.random_python import Programs

END = "task_finished = True"


class _EchoWorld(ScriptedWorld):
    def __init__(self) -> None:
        super().__init__(())

    def step(self, action: str) -> Observation:
        self.actions.append(action)
        return Observation(f"saw {action}")


def _by_executor(blocks: tuple[str, ...]) -> tuple[dict[str, str], list[str], list[str]]:
    limits = Limits(rewrites=0)
    with RunHarness([*blocks, END], _EchoWorld(), agent_name="codeact", limits=limits) as played:
        played.to_end()
        assert not played.events(ExpansionRefused), played.events(ExpansionRefused)
        failed = [event.failure.type for event in played.events(StatementFailed)]
        values = played.values()
        del values["task_finished"]
        return comparable(values), played.actions, failed


def _by_cpython(blocks: tuple[str, ...]) -> tuple[dict[str, str], list[str], list[str]]:
    actions: list[str] = []
    failed: list[str] = []

    def run(action: str) -> str:
        actions.append(action)
        return f"saw {action}"

    scope: dict[str, Any] = {"run": run, "print": lambda *args, **how: None}
    given = {*scope, "__builtins__"}
    for block in blocks:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(block, "program", "exec"), scope)
        except Exception as error:
            failed.append(type(error).__name__)
    return comparable({k: repr(v) for k, v in scope.items() if k not in given}), actions, failed


@pytest.mark.parametrize("blocks", PROGRAMS)
def test_a_program_with_functions_acts_as_in_cpython(blocks: tuple[str, ...]) -> None:
    assert _by_executor(blocks) == _by_cpython(blocks), "\n---\n".join(blocks)


REFUSED = [
    ("def f():\n    yield 1", 2, "`yield` is not allowed"),
    ("def f():\n    x = yield from 'a'", 2, "`yield` is not allowed"),
    ("async def f():\n    pass", 1, "`async def` is not allowed"),
    ("def f():\n    class A:\n        pass", 2, "`class` is not allowed"),
    ("x = 1\nreturn x", 2, "`return` is not allowed"),
    ("nonlocal x", 1, "`nonlocal` is not allowed"),
    ("def f():\n    nonlocal x\n    x = 1", 2, "syntax error: no binding for nonlocal 'x' found"),
    ("def f(x):\n    global x", 2, "syntax error: name 'x' is parameter and global"),
    ("def f(a, a):\n    pass", 1, "syntax error: duplicate argument 'a'"),
    ("def f(run):\n    run('a')", 1, "`run` is a tool"),
    ("def run(x):\n    pass", 1, "`run` is a tool"),
    ("def f():\n    run = 5", 2, "`run` is a tool"),
    ("def f():\n    global run", 2, "`run` is a tool"),
    ("def f(*, __rc_a):\n    pass", 1, "names that begin with `__rc_` are the engine's"),
    ("def f():\n    global __rc_globals", 2, "names that begin with `__rc_` are the engine's"),
    ("def f():\n    x = 1\n    del x", 3, "`del x` is not supported inside a function"),
    ("def f():\n    return locals()", 2, "`locals()` is not supported inside a function"),
    ("for i in 'ab':\n    def f():\n        break", 3, "`break` is outside a loop"),
    ("def f():\n    import os", 2, "module `os` is not available"),
    ("def f():\n    return eval('1')", 2, "`eval` is not allowed"),
    ("def f():\n    x = sorted(xs, key=run)", 2, "`run` may only be called"),
    (
        "def f(xs):\n    return any((m := x) for x in xs), m",
        2,
        "`:=` in a generator expression is not supported",
    ),
]


@pytest.mark.parametrize(("code", "line", "rule"), REFUSED)
def test_what_a_function_may_not_do_is_refused_before_anything_acts(
    make_run: MakeRun, code: str, line: int, rule: str
) -> None:
    played = make_run([f"run('a')\n{code}", END], agent_name="codeact")
    played.to_end()
    (refused,) = played.events(ExpansionRefused)
    assert (refused.line, refused.rule[: len(rule)]) == (line + 1, rule)
    assert played.actions == []


def test_the_other_agents_and_the_first_editions_define_no_functions(make_run: MakeRun) -> None:
    code = "def f():\n    return 1"
    for defined, edition in ((frozenset[str](), EDITION), (None, EDITION), (None, 2)):
        with pytest.raises(RuleBroken, match="`def` is not allowed"):
            parse(code, defined, edition)
    assert CodeAct(GUIDE, 2).prelude == "task_finished = False\n"
    rules = [
        CodeAct(GUIDE, edition).request("", (), "", "", History("", "")).messages[0] for edition in (2, 3)
    ]
    assert ["3. No `def`," in rule.content for rule in rules] == [True, False]
    assert ["3. You may define functions" in rule.content for rule in rules] == [False, True]
    with pytest.raises(RuleBroken, match="`def` is not allowed"):
        CodeAct(GUIDE, 2).parse(code, frozenset())
    won = Observation("Done.", score=1.0, done=True, success=True)
    played = make_run([code, "run('a')"], ScriptedWorld([won]), agent_name="react")
    played.to_end()
    assert "`def` is not allowed" in played.events(ExpansionRefused)[0].rule


def _reached(played: RunHarness) -> list[tuple[str, str, Span, Origin | None]]:
    return [(e.action, e.place.node, e.span, e.origin) for e in played.events(ActionReached)]


def test_an_action_in_a_function_of_the_same_turn_has_the_place_of_its_call(make_run: MakeRun) -> None:
    code = "def go(to):\n    seen = run(f'go to {to}')\n    return seen\n\nfor to in 'ab':\n    go(to)"
    played = make_run([code, END], agent_name="codeact")
    played.to_end()
    span = Span(2, 11, 2, 29)
    assert _reached(played) == [("go to a", "0#1.0.1", span, None), ("go to b", "0#1.0.1", span, None)]


def test_an_action_in_a_function_of_an_earlier_turn_has_the_line_of_the_call_and_its_own(
    make_run: MakeRun,
) -> None:
    define = "# how to look\ndef look(at):\n    return [\n        run(f'look at {at}')\n    ][0]"
    played = make_run([define, "x = 1\ny = look('b')", "y = look('c')", END], agent_name="codeact")
    played.to_end()
    origin = Origin("0#1.0", Span(4, 8, 4, 28))
    assert _reached(played) == [
        ("look at b", "0#2.0.1", Span(2, 0, 2, 13), origin),
        ("look at c", "0#3.0.0", Span(1, 0, 1, 13), origin),
    ]


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("def f(xs): return next(x for x in xs if run(x))\nx = f('a')", (40, 46)),
        ("def f(xs): return (lambda: run('a'))()\nx = f('a')", (27, 35)),
        ("def f(xs): return run  ( *xs )\nx = f('a')", (18, 30)),
        ("def f(é): return 'ü' + run(é[0])\nx = f('a')", (23, 32)),
        ("def f(xs): return [run(x) for x in xs]\nx = f('a')", (19, 25)),
        ("def f(xs, y=run('a')): return y\nx = f('a')", (12, 20)),
        ("def f(xs): return run(xs,)\nx = f('a')", (18, 26)),
    ],
)
def test_the_place_of_an_action_is_exact_wherever_it_stands_in_a_function(
    make_run: MakeRun, code: str, columns: tuple[int, int]
) -> None:
    played = make_run([code, END], agent_name="codeact")
    played.to_end()
    assert [(action, span) for action, _, span, _ in _reached(played)] == [
        ("a", Span(1, columns[0], 1, columns[1]))
    ]


@pytest.mark.parametrize("call", ["run()", "run('a', 'b')", "run(act='a')", "run(5)", "run(x for x in 'a')"])
def test_a_wrong_call_in_a_function_fails_as_it_does_elsewhere(make_run: MakeRun, call: str) -> None:
    messages = []
    for blocks in ([f"def f():\n    {call}", "f()"], [call]):
        played = make_run([*blocks, END], agent_name="codeact")
        played.to_end()
        messages.append(played.events(StatementFailed)[0].failure.message)
        assert played.actions == []
    assert messages[0] == messages[1]


def test_code_that_tells_a_place_of_its_own_is_not_believed_where_there_can_be_none(
    make_run: MakeRun,
) -> None:
    told = ["'x', 1, 0, 1, 5", "'0.', True, 0, 1, 5", "'0.', 2, 0, 1, 5", "'0.', 1, 0, 1, 10**30"]
    played = make_run([*(f"run(({place}), 'a')" for place in told), END], agent_name="codeact")
    played.to_end()
    assert [event.failure.type for event in played.events(StatementFailed)] == ["TypeError"] * 4
    assert played.actions == []


def test_what_a_function_binds_in_the_namespace_is_told_of_the_statement_that_calls_it(
    make_run: MakeRun,
) -> None:
    define = """
n = 0
def add(by=1):
    global n, made
    n += by
    made = str(n)
    return n"""
    blocks = [define, "add()", "if add() > 1:\n    x = 5", "for i in range(add(2)):\n    break", END]
    played = make_run(blocks, agent_name="codeact")
    played.to_end()
    changed = {
        (event.place.node, variable.name): variable.value
        for event in played.events(StatementFinished)
        for variable in event.changed
    }
    assert (changed["0#2.0.0", "n"], changed["0#2.0.0", "made"]) == ("1", "'1'")
    values = played.values()
    assert (values["n"], values["made"]) == ("4", "'4'")
    assert played.interpreter.shown["n"].value == "4"


def test_an_error_in_a_function_is_told_at_the_line_that_called_it(make_run: MakeRun) -> None:
    define = 'def half(n):\n    """Half of it."""\n    return n / zero'
    other = "def f(x):\n    return 1 / len(run(x) * 0)\nf('a')"
    blocks = [define, "x = 1\ny = half(x)", "x = 2\n\nz = half(1, 2)", other, END]
    played = make_run(blocks, agent_name="codeact")
    played.to_end()
    first, second, third = (event.failure for event in played.events(StatementFailed))
    assert (first.type, first.span) == ("NameError", Span(2, 4, 2, 11))
    assert first.traceback.split("\n") == [
        "In the expansion of `next_block()`, line 2:",
        "    y = half(x)",
        "In a function that it calls:",
        "    return n / zero",
        "NameError: name 'zero' is not defined",
    ]
    assert (second.type, second.span) == ("TypeError", None)
    assert second.traceback.startswith("In the expansion of `next_block()`, line 3:\n    z = half(1, 2)\n")
    assert "(__rc" not in third.traceback
    assert third.traceback.split("\n")[2:4] == [
        "In a function that it calls:",
        "    return 1 / len(run(x) * 0)",
    ]


def test_a_function_that_never_ends_costs_its_statement_and_no_more(make_run: MakeRun) -> None:
    define = "def spin():\n    while True:\n        pass\ndef ok():\n    return run('a')"
    quick = SandboxLimits(seconds=0.2, memory_mb=64)
    played = make_run([define, "spin()", "x = ok()", END], agent_name="codeact", sandbox=quick)
    assert played.to_end().outcome == "finished"
    (failed,) = played.events(StatementFailed)
    assert (failed.failure.type, failed.failure.lost) == ("TimeoutError", True)
    assert _reached(played) == [("a", "0#3.0.0", Span(1, 0, 1, 8), Origin("0#1.0", Span(5, 11, 5, 19)))]


def test_a_call_of_a_function_shows_nothing_by_itself(make_run: MakeRun) -> None:
    define = "def look():\n    return run('look')"
    played = make_run([define, "look()", "print(look())", END], _EchoWorld(), agent_name="codeact")
    played.to_end()
    history = played.run.root_frame.history
    assert history is not None
    assert [turn.output for turn in history.turns[:3]] == ["", "", "saw look\n"]


def test_a_recording_with_functions_is_executed_again_as_it_was(make_run: MakeRun) -> None:
    find = "def find(a, places):\n    for p in places:\n        if a in run(p):\n            return p"
    blocks = [f"{find}\nlog = []", "log.append(find('c', 'abc'))", "def again():\n    return find('b', 'ab')"]
    played = make_run([*blocks, "again()", END], _EchoWorld(), agent_name="codeact")
    played.to_end()
    world = _EchoWorld()
    again = make_run([], world, agent_name="codeact", recorded=played.log.records)
    again.executor.repeat()
    assert not again.run.recorder.is_repeating
    assert world.actions == played.actions == ["a", "b", "c", "a", "b"]
    assert again.values() == played.values()


@pytest.mark.slow_variants
@pytest.mark.parametrize("start", range(0, 40, 10))
def test_random_statements_inside_a_function_do_what_they_do_in_cpython(start: int) -> None:
    for seed in range(start, start + 10):
        program = Programs(seed).program()
        if "del n" in program or "del x" in program:  # which is refused
            continue
        body = textwrap.indent(program, "    ")
        define = f"def f():\n    x = y = z = None\n{body}\n    return x, y, n, t, l, d, s"
        assert _by_executor((define, "r = f()")) == _by_cpython((define, "r = f()")), define
