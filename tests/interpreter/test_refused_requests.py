"""What code asks of its host in vain is counted; whether code or sandbox failed is told by type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recode_core.interpreter import Called, Finished, Interpreter, Raised, SandboxLimits
from recode_core.interpreter.budget import MOST_REQUESTS, Budget, OverBudget

PATIENT = SandboxLimits(seconds=300, memory_mb=64)

ASKS = {
    "a name": "nowhere",
    "a function": "missing(1)",
    "a file": "open('x')",
    "a module": "import nope",
    "the environment": "import os\n        os.getenv('HOME')",
    "in an eval": "eval('nowhere')",
}


@pytest.mark.parametrize("what", ASKS)
def test_code_that_asks_in_vain_without_an_end_loses_its_statement(
    sandbox: Callable[..., Interpreter], what: str
) -> None:
    interpreter = sandbox(PATIENT)  # the count ends it, not the clock
    interpreter.feed("keep = [1]\nNone")
    code = f"keep.append(2)\nwhile True:\n    try:\n        {ASKS[what]}\n    except Exception:\n        pass"
    turn = interpreter.feed(code)
    assert isinstance(turn, Raised)
    assert (turn.type, turn.state_lost) == ("TimeoutError", True)
    assert f"more than {MOST_REQUESTS} times" in turn.message
    assert interpreter.feed("keep") == Finished([1])


def test_wrong_calls_of_run_count_too(sandbox: Callable[..., Interpreter]) -> None:
    interpreter = sandbox(PATIENT)
    turn = interpreter.feed("while True:\n    try:\n        run(1)\n    except TypeError:\n        pass")
    count = 0
    while isinstance(turn, Called):
        turn, count = interpreter.answer_error(TypeError("no")), count + 1
    assert isinstance(turn, Raised)
    assert (turn.type, turn.state_lost, count) == ("TimeoutError", True, MOST_REQUESTS + 1)
    assert not interpreter.suspended
    assert interpreter.feed("1") == Finished(1)


def test_an_action_lets_the_count_begin_anew(sandbox: Callable[..., Interpreter]) -> None:
    interpreter = sandbox(PATIENT)
    ask = "try:\n            x\n        except NameError:\n            pass"
    asks = f"for j in range({MOST_REQUESTS}):\n        {ask}"
    turn = interpreter.feed(f"for i in range(3):\n    {asks}\n    run('go')\nNone")
    for _ in range(3):
        assert isinstance(turn, Called)
        turn = interpreter.answer("ok")
    assert turn == Finished(None)


def test_the_time_of_a_feed_is_told_by_the_host() -> None:
    budget = Budget(seconds=0)
    budget.start()
    with pytest.raises(OverBudget, match="more than 0 s"):
        budget.charge("a name")


def test_what_nobody_can_bring_is_not_awaited(interpreter: Interpreter) -> None:
    turn = interpreter.feed("import asyncio\nasync def f():\n    await asyncio.sleep(1)\nawait f()\nNone")
    assert isinstance(turn, Finished | Raised)
    assert interpreter.feed("1") == Finished(1)


@pytest.mark.parametrize(
    "code",
    [
        "raise TimeoutError('feed time limit exceeded: 1s > 1s')",
        "raise MemoryError('memory limit exceeded: 2 bytes > 1 bytes')",
        "def f():\n    raise MemoryError\nf()",
        "try:\n    raise MemoryError('a')\nexcept MemoryError:\n    raise",
        "raise RuntimeError('the worker exceeded its memory limit and was terminated')",
    ],
)
def test_code_that_says_it_was_broken_off_has_only_failed(
    sandbox: Callable[..., Interpreter], code: str
) -> None:
    interpreter = sandbox(PATIENT)
    turn = interpreter.feed(f"kept = 1\n{code}\nNone")
    assert isinstance(turn, Raised)
    assert not turn.state_lost
    assert interpreter.feed("kept") == Finished(1)


def test_the_memory_that_an_error_s_argument_takes_is_no_raise(interpreter: Interpreter) -> None:
    turn = interpreter.feed("raise ValueError('x' * 10**9)")
    assert isinstance(turn, Raised)
    assert (turn.type, turn.state_lost) == ("MemoryError", True)
