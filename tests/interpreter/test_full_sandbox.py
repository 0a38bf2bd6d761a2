"""Looking at a sandbox and saving it end well, however much it holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recode_core.errors import SandboxUnavailable
from recode_core.executor.checkpoints import Checkpoints
from recode_core.interpreter import Called, EvaluationFailed, Finished, Interpreter, NotSaved, SandboxLimits
from recode_core.values import Variable

ROOMY = SandboxLimits(seconds=30, memory_mb=64)
FULL = "b = 'x' * 50_000_000\nkeep = 1\nNone"  # a copy does not fit beside it


@pytest.fixture
def full(sandbox: Callable[..., Interpreter]) -> Interpreter:
    interpreter = sandbox(ROOMY)
    assert interpreter.feed(FULL) == Finished(None)
    return interpreter


def test_what_can_t_be_saved_is_said_and_stands_as_before(full: Interpreter) -> None:
    for _ in range(2):
        with pytest.raises(NotSaved):
            full.image()
        assert full.feed("(keep, len(b))") == Finished((1, 50_000_000))


def test_a_full_sandbox_is_looked_at(full: Interpreter) -> None:
    assert full.names() == {"b", "keep"}
    assert full.variables(["keep", "b"]) == (
        Variable("keep", "int", "1"),
        Variable("b", "str", repr("x" * 200), 50_000_000),
    )
    assert full.evaluate("len(b) + keep").value == "50000001"
    with pytest.raises(EvaluationFailed, match="MemoryError"):
        full.evaluate("b + b")
    assert full.feed("keep") == Finished(1)


def test_a_full_sandbox_is_looked_at_while_a_call_waits(full: Interpreter) -> None:
    assert isinstance(full.feed("x = run('a')\ny = x + run('b')\nNone"), Called)
    assert full.evaluate("keep").value == "1"
    assert isinstance(full.answer("one"), Called)
    assert full.evaluate("len(b)").value == "50000000"
    assert full.answer("two") == Finished(None)
    assert full.feed("y") == Finished("onetwo")


def test_what_passes_the_limits_while_it_is_looked_at_is_as_it_was_last_shown(
    sandbox: Callable[..., Interpreter],
) -> None:
    interpreter = sandbox(ROOMY)
    interpreter.feed("import re\nNone")
    for attempt in ("'x' * 66_500_000", "'x' * 66_000_000", "'x' * 65_000_000"):  # nearly all there is
        if isinstance(interpreter.feed(f"b = {attempt}\nNone"), Finished):
            break
    interpreter.shown["b"] = Variable("b", "str", "'xxx'", 3)
    huge = "__rc_text = None\n__rc_v = lambda x, limit=200: x + x\nNone"  # a look that needs much more
    interpreter.feed(huge)
    assert interpreter.variables(["b"]) == (Variable("b", "str", "'xxx'", 3),)
    assert "b" in interpreter.names()
    assert interpreter.feed("len(b) > 60_000_000") == Finished(True)


@pytest.mark.parametrize(
    ("value", "kind", "length"),
    [
        ("collections.Counter(range(40_000))", "Counter", 40_000),
        ("collections.defaultdict(int, {k: k for k in range(40_000)})", "defaultdict", 40_000),
        ("b'x' * 10_000_000", "bytes", 10_000_000),
        ("{k: k for k in range(40_000)}.keys()", "dict_keys", 40_000),
        ("{k: k for k in range(40_000)}.items()", "dict_items", 40_000),
    ],
)
def test_a_big_value_is_shown_without_building_all_of_its_text(
    sandbox: Callable[..., Interpreter], value: str, kind: str, length: int
) -> None:
    interpreter = sandbox(ROOMY)
    interpreter.feed(f"import collections\nc = {value}\nNone")
    (shown,) = interpreter.variables(["c"])
    assert (shown.type, len(shown.value), shown.length) == (kind, 200, length)


def test_a_small_value_of_such_a_type_is_shown_as_python_does(interpreter: Interpreter) -> None:
    interpreter.feed("import collections\nc = collections.Counter('abb')\nNone")
    assert interpreter.variables(["c"]) == (Variable("c", "Counter", "Counter({'b': 2, 'a': 1})"),)


def test_recovery_goes_further_back_where_no_image_can_be_taken(
    full: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recode_core.interpreter.recovering._IMAGE_EVERY", 3)
    full._next_image = 3
    for number in range(12):
        full.feed(f"keep = {number}\nNone")
    full.feed("y = 'x' * 200_000_000")
    assert full.feed("(keep, len(b))") == Finished((11, 50_000_000))


def test_no_sandbox_starts_within_limits_that_are_too_tight() -> None:
    with pytest.raises(SandboxUnavailable, match="--statement-seconds"):
        Interpreter(SandboxLimits(seconds=1e-9))


def test_a_checkpoint_that_does_not_fit_is_missing(full: Interpreter) -> None:
    from recode_core.agents.recode import ReCode
    from recode_core.environments.environment import Guide
    from recode_core.executor import Limits, Recorder, Run
    from recode_core.log import Log
    from recode_core.policies.scripted import Scripted

    run = Run(Recorder(Log()), ReCode(Guide("", "")), Scripted([]), full, None, "replay", Limits(), 1)
    checkpoints = Checkpoints(every=0)
    checkpoints.offer(0, run)
    assert len(checkpoints) == 0
    full.feed("b = None\nNone")
    full._renew_image()
    checkpoints.offer(1, run)
    assert len(checkpoints) == 1
