from __future__ import annotations

import builtins
import sys
import threading

import pytest

from recode_core.interpreter import Called, Finished, Interpreter, Raised
from recode_core.statements.names import BUILTINS, MODULES


def _drive(interpreter: Interpreter, code: str, *answers: str) -> list[str]:
    """The source of each `run` call of a feed, which is answered in turn."""
    turn, found, given = interpreter.feed(code), [], iter(answers)
    while isinstance(turn, Called):
        found.append("elsewhere" if turn.start is None else code.encode()[turn.start : turn.end].decode())
        turn = interpreter.answer(next(given))
    assert isinstance(turn, Finished), turn
    return found


def _value(interpreter: Interpreter, expression: str) -> str:
    return interpreter.evaluate(expression).value


def test_one_session_is_one_namespace(interpreter: Interpreter) -> None:
    for code in ("import math as m", "x = [1]", "f = lambda y: y + len(x)", "x.append(2)"):
        assert interpreter.feed(f"{code}\nNone") == Finished(None)
    assert interpreter.feed("(f(1), m.floor(2.5))") == Finished((3, 2))
    assert interpreter.names() == {"m", "x", "f"}


def test_inputs_are_bound_before_the_code_runs(interpreter: Interpreter) -> None:
    hostile = "'''\"\"\"\\ {x} \x00 é😀 \x1b[31m\u2028"
    assert interpreter.feed("len(text)", {"text": hostile}) == Finished(len(hostile))
    assert interpreter.feed("text") == Finished(hostile)


def test_what_the_world_answers_arrives_character_by_character(interpreter: Interpreter) -> None:
    text = "[Buy Now] \x1b[31m é😀 \x00 \r\n \u2028 \\n {x} %s"
    _drive(interpreter, "x = run('look')\nNone", text)
    assert interpreter.feed("x") == Finished(text)


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ("x = run('a') + run('b')\nNone", ["run('a')", "run('b')"]),
        ("é = 'ß'; x = run(é)\nNone", ["run(é)"]),
        ("for i in (1, 2):\n    for j in (1,):\n        run(f'{i}')\nNone", ["run(f'{i}')"] * 2),
        ("x = [run(i) for i in ('a', 'b')]\nNone", ["run(i)"] * 2),
        ("x = (lambda a: run(a))('b')\nNone", ["run(a)"]),
        ("x = run(run('a'))\nNone", ["run('a')", "run(run('a'))"]),
        ("try:\n    run(\n        'a'\n    )\nfinally:\n    pass\nNone", ["run(\n        'a'\n    )"]),
        ("x = eval('run(\"a\")')\nNone", ["elsewhere"]),
    ],
)
def test_a_suspended_call_tells_its_range(interpreter: Interpreter, code: str, calls: list[str]) -> None:
    assert _drive(interpreter, code, "one", "two") == calls


def test_a_call_in_code_of_an_earlier_feed_has_no_range(interpreter: Interpreter) -> None:
    interpreter.feed("f = lambda a: run(a)\nNone")
    assert _drive(interpreter, "f('x')\nNone", "one") == ["elsewhere"]


def test_an_exception_can_be_raised_inside_a_call(interpreter: Interpreter) -> None:
    interpreter.feed("try:\n    run(1)\nexcept TypeError as error:\n    x = str(error)\nx")
    assert interpreter.answer_error(TypeError("no")) == Finished("no")


def test_a_failure_tells_where_it_happened(interpreter: Interpreter) -> None:
    turn = interpreter.feed("x = 1\ny = x + (1 / 0)\nNone")
    assert isinstance(turn, Raised)
    assert (turn.type, turn.message, turn.line, turn.state_lost) == (
        "ZeroDivisionError",
        "division by zero",
        2,
        False,
    )


def test_an_ordinary_failure_keeps_what_the_feed_did_before(interpreter: Interpreter) -> None:
    interpreter.feed("x = [1]\nNone")
    interpreter.feed("y = 2\nx.append(y)\n1 / 0\nNone")
    assert _value(interpreter, "(x, y)") == "([1, 2], 2)"


def test_prints_are_collected_and_told_once(interpreter: Interpreter) -> None:
    interpreter.feed("print('a', end='')\nprint('é', 2, sep='-')\nrun('x')\nprint('b')\nNone")
    assert (interpreter.printed(), interpreter.printed()) == ("aé-2\n", "")
    interpreter.answer("y")
    assert interpreter.printed() == "b\n"
    interpreter.feed("None")
    assert interpreter.printed() == ""


def test_evaluating_does_not_touch_the_run(interpreter: Interpreter) -> None:
    interpreter.feed("x = [1]\nNone")
    for expression in ("x.append(2)", "x.clear()", "(x := 5)", "print(x)", "run('look')", "1 / 0", "nothing"):
        try:
            interpreter.evaluate(expression)
        except Exception as error:
            assert type(error).__name__ == "EvaluationFailed"
    assert interpreter.printed() == ""
    assert interpreter.feed("x") == Finished([1])


def test_evaluating_while_suspended_sees_what_the_code_sees_and_does_not_touch_it(
    interpreter: Interpreter,
) -> None:
    interpreter.feed("for i in range(3):\n    x = run(f'go {i}')\ny = i\nNone")
    interpreter.answer("one")
    assert [_value(interpreter, text) for text in ("i", "x", "i * 10")] == ["1", "'one'", "10"]
    interpreter.answer("two")
    assert interpreter.answer("three") == Finished(None)
    assert _value(interpreter, "(x, y)") == "('three', 2)"


def test_evaluating_runs_no_finally_block_of_the_run(interpreter: Interpreter) -> None:
    interpreter.feed("log = []\ntry:\n    run('a')\nfinally:\n    log.append(1)\n    print('end')\nNone")
    _value(interpreter, "log")
    assert interpreter.printed() == ""
    interpreter.answer("b")
    assert (interpreter.printed(), _value(interpreter, "log")) == ("end\n", "[1]")


@pytest.mark.parametrize("after", ["x = 99", "x = 99\n        run('again')", "while True: pass"])
def test_evaluating_in_code_that_catches_everything_shows_the_start_of_its_statement(
    interpreter: Interpreter, after: str
) -> None:
    interpreter.feed("x = run('first')\nNone")
    interpreter.answer("one")
    code = (
        f"for k in range(2):\n    try:\n        run('go')\n    except BaseException:\n        {after}\nNone"
    )
    interpreter.feed(code)
    assert _value(interpreter, "x") == "'one'"
    interpreter.answer("a")
    assert interpreter.answer("b") == Finished(None)
    assert _value(interpreter, "x") == "'one'"


def test_an_image_brings_everything_back(interpreter: Interpreter) -> None:
    interpreter.feed("x = [1]\nit = iter([1, 2, 3])\nnext(it)\nNone")
    image = interpreter.image()
    interpreter.feed("x.append(2)\nnext(it)\nNone")
    interpreter.load(image)
    assert interpreter.feed("(x, next(it))") == Finished(([1], 2))


LOST = {
    "time": ("while True: pass", "TimeoutError"),
    "memory": ("y = [0] * 10**9", "MemoryError"),
    "the process's memory": ("'x'.join(['y' * 10**6] * 10**5)", "MemoryError"),
    "crash": ("int('9' * 4000) ** 5000", "InterpreterCrashed"),
    "prints": ("while True: print('x' * 1000)", "MemoryError"),
}


@pytest.mark.slow_variants
@pytest.mark.parametrize("what", LOST)
def test_what_breaks_the_sandbox_loses_its_statement_only(interpreter: Interpreter, what: str) -> None:
    code, kind = LOST[what]
    _drive(interpreter, "x = [run('a')]\nNone", "one")
    turn = interpreter.feed(f"x.append(2)\n{code}\nNone")
    assert isinstance(turn, Raised)
    assert (turn.type, turn.state_lost) == (kind, True)
    assert _value(interpreter, "x") == "['one']"
    assert interpreter.feed("x.append(3)\nx") == Finished(["one", 3])


def test_what_breaks_the_sandbox_after_an_action_goes_back_to_the_statement_s_start(
    interpreter: Interpreter,
) -> None:
    interpreter.feed("x = 1\nNone")
    interpreter.feed("x = run('a')\nwhile True: pass")
    turn = interpreter.answer("two")
    assert isinstance(turn, Raised)
    assert turn.state_lost
    assert _value(interpreter, "x") == "1"


def test_recovery_works_across_many_feeds(interpreter: Interpreter) -> None:
    interpreter.feed("x = 0\nNone")
    for _ in range(1100):
        interpreter.feed("x += 1\nNone")
    interpreter.feed("while True: pass")
    assert _value(interpreter, "x") == "1100"


def test_a_feed_can_be_ended_from_another_thread(interpreter: Interpreter) -> None:
    interpreter.feed("x = 1\nNone")
    threading.Timer(0.05, interpreter.kill).start()
    turn = interpreter.feed("x = 2\nwhile True: pass")
    assert isinstance(turn, Raised)
    assert (turn.type, turn.state_lost) == ("InterpreterCrashed", True)
    assert _value(interpreter, "x") == "1"


@pytest.mark.parametrize("suspended", [False, True])
def test_a_kill_between_feeds_harms_nothing(interpreter: Interpreter, suspended: bool) -> None:
    interpreter.feed("x = 1\nNone")
    if suspended:
        interpreter.feed("y = run('a')\nNone")
    interpreter.kill()
    if suspended:
        assert interpreter.answer("b") == Finished(None)
    assert _value(interpreter, "x") == "1"
    assert "x" in interpreter.names()
    assert interpreter.variables(["x"])[0].value == "1"
    assert interpreter.feed("x") == Finished(1)


def test_the_modules_that_code_may_import_are_those_of_the_sandbox_that_are_harmless(
    interpreter: Interpreter,
) -> None:
    there = {
        name
        for name in sys.stdlib_module_names
        if isinstance(interpreter.feed(f"import {name}\nNone"), Finished)
    }
    assert there - MODULES == {"asyncio", "os", "posixpath"}
    assert there >= MODULES


def test_what_the_interpreter_lacks_of_python_s_builtins_fails_by_its_name(interpreter: Interpreter) -> None:
    named = (
        "callable",
        "issubclass",
        "vars",
        "dir",
        "input",
        "ascii",
        "bytearray",
        "super",
        "exit",
        "globals",
    )
    for name in named:
        assert name in BUILTINS
        turn = interpreter.feed(f"{name}(1)\nNone")
        assert isinstance(turn, Raised)
        assert (turn.type, turn.message) == ("NameError", f"name '{name}' is not defined")


def test_the_interpreter_s_builtins_are_never_taken_for_placeholders(interpreter: Interpreter) -> None:
    probes = [
        *dir(builtins),
        "reveal_type",
        "aiter",
        "unicode",
        "xrange",
        "reduce",
        "OrderedDict",
        "sleep",
    ]
    there = {
        name
        for name in probes
        if name.isidentifier()
        and not name.startswith("_")
        and isinstance(interpreter.feed(f"{name}\nNone"), Finished)
    }
    assert there <= BUILTINS
    assert len(there) > 60
