"""The library's exceptions as the executor gets them: types and fields, no words."""

from __future__ import annotations

import pydantic_monty as monty
import pytest

from recode_core.interpreter import Interpreter, Raised
from recode_core.interpreter._monty import crash_of
from recode_core.interpreter.budget import OverBudget

CALLED_BACK = [
    "l = ['s0']\nl.sort(key=lambda p: run(p))",
    "class A:\n    def __repr__(self):\n        return run('a')\nrepr(A())",
]


@pytest.mark.parametrize("code", CALLED_BACK)
def test_a_call_of_run_that_the_library_cannot_suspend_is_told_by_a_field(
    interpreter: Interpreter, code: str
) -> None:
    raised = interpreter.feed(code)
    assert isinstance(raised, Raised)
    assert (raised.type, raised.cannot_act) == ("NotImplementedError", True), raised.message


def test_whatever_else_is_not_implemented_does_not_look_like_that(interpreter: Interpreter) -> None:
    raised = interpreter.feed("def f():\n    yield 1")
    assert isinstance(raised, Raised)
    assert (raised.type, raised.cannot_act) == ("NotImplementedError", False), raised.message


def _crash(error: Exception, *, is_alive: bool = True, elapsed: float = 0.0) -> Raised | None:
    return crash_of(error, is_alive=is_alive, elapsed=elapsed, seconds=5.0, memory_mb=256)


@pytest.mark.parametrize(
    ("error", "is_alive", "elapsed", "kind"),
    [
        (OverBudget("too much"), True, 0.0, "TimeoutError"),
        (RuntimeError("the session is closed"), False, 0.0, "InterpreterCrashed"),
        (TimeoutError("any words"), True, 5.0, "TimeoutError"),
        (MemoryError("any words"), True, 0.0, "MemoryError"),
        (ValueError("any words"), False, 0.0, "ValueError"),
    ],
)
def test_a_crash_is_told_by_type_and_state(
    error: Exception, is_alive: bool, elapsed: float, kind: str
) -> None:
    crash = _crash(error, is_alive=is_alive, elapsed=elapsed)
    assert crash is not None
    assert (crash.type, crash.state_lost) == (kind, True)


def test_what_leaves_the_session_sound_is_no_crash() -> None:
    for error in (TimeoutError("time limit exceeded"), RuntimeError("crashed"), ValueError("lost")):
        assert _crash(error, elapsed=4.9) is None


def test_a_worker_that_is_killed_raises_the_library_s_own_type(interpreter: Interpreter) -> None:
    assert issubclass(monty.MontyCrashedError, monty.MontyError)
    raised = interpreter.feed("int('9' * 4000) ** 5000")
    assert isinstance(raised, Raised)
    assert (raised.type, raised.state_lost) == ("InterpreterCrashed", True)
