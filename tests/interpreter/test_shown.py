from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.interpreter import Finished, Interpreter, SandboxLimits
from recode_core.values import Variable

# Which characters are printable depends on the version of Unicode; about these all versions agree.
TEXT = st.text(st.characters(max_codepoint=0x52F, categories=["L", "N", "P", "S", "Z", "Cc"]) | st.just("😀"))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FLOATS | TEXT | st.binary()
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(TEXT | st.integers(), inner),
        st.frozensets(st.integers(), max_size=1),
        st.sets(TEXT, max_size=1),
    ),
)


@pytest.fixture(scope="module")
def roomy() -> Interpreter:
    return Interpreter()


def _shown(interpreter: Interpreter, value: Any, limit: int) -> Variable:
    assert interpreter.feed(f"x = {value!r}\nNone") == Finished(None)
    return interpreter.variables(["x"], limit)[0]


@pytest.mark.slow
@given(PLAIN)
def test_a_short_value_is_shown_as_python_shows_it(roomy: Interpreter, value: Any) -> None:
    assert _shown(roomy, value, 10_000) == Variable("x", type(value).__name__, repr(value))


@pytest.mark.slow
@given(PLAIN, st.integers(1, 60))
def test_a_value_is_never_shown_longer_than_asked(roomy: Interpreter, value: Any, limit: int) -> None:
    shown = _shown(roomy, value, limit)
    room = len("\\U0001d173") * limit + 2 if shown.type == "str" else limit  # a str is cut, then quoted
    assert len(shown.value) <= room
    assert (shown.length is None) == (shown.value == repr(value))


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("'a' * 500", Variable("x", "str", "'" + "a" * 200 + "'", 500)),
        ("list(range(500))", Variable("x", "list", "[" + ", ".join(map(str, range(500)))[:199], 500)),
        ("{}", Variable("x", "dict", "{}")),
        ("set()", Variable("x", "set", "set()")),
        ("frozenset([1])", Variable("x", "frozenset", "frozenset({1})")),
        ("(1,)", Variable("x", "tuple", "(1,)")),
        ("[70368744177664.62]", Variable("x", "list", "[70368744177664.62]")),
        ("100000000000000.62", Variable("x", "float", "100000000000000.62")),
        ("-0.00123456789012345", Variable("x", "float", "-0.00123456789012345")),
    ],
)
def test_a_long_value_is_cut_and_its_length_is_said(
    interpreter: Interpreter, expression: str, shown: Variable
) -> None:
    interpreter.feed(f"x = {expression}\nNone")
    assert interpreter.variables(["x"]) == (shown,)


@pytest.mark.parametrize(
    "value",
    [
        "['a' * 10**6] * 10**5",
        "{'k': ['a' * 10**6] * 10**5}",
        "[[['a' * 10**6] * 1000] * 1000] * 1000",
        "{i: 'a' * 10**6 for i in range(20)}",
    ],
)
def test_the_text_of_a_huge_value_is_never_built(sandbox: Callable[..., Interpreter], value: str) -> None:
    interpreter = sandbox(SandboxLimits(seconds=5, memory_mb=100))
    interpreter.feed(f"x = {value}\nNone")
    (shown,) = interpreter.variables(["x"])
    assert shown.length
    assert len(shown.value) <= 201


@pytest.mark.parametrize(
    "code",
    [
        "x = 1 << 100_000",
        "x = []\nfor i in range(3000): x = [x]",
    ],
)
def test_what_cannot_be_shown_says_so_and_harms_nothing(interpreter: Interpreter, code: str) -> None:
    interpreter.feed(f"{code}\nNone")
    (shown,) = interpreter.variables(["x"])
    assert shown.type in shown.value
    assert "cannot be shown" in shown.value


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("x = [1]\nx.append((x, 2))", "[1, ([...], 2)]"),
        ("x = {}\nx['x'] = [x, x]", "{'x': [{...}, {...}]}"),
        ("x = ([],)\nx[0].append(x)", "([(...)],)"),
        ("y = [1]\nx = [y, y]", "[[1], [1]]"),
    ],
)
def test_a_value_within_itself_is_shown_as_python_shows_it(
    interpreter: Interpreter, code: str, value: str
) -> None:
    interpreter.feed(f"{code}\nNone")
    assert [v.value for v in interpreter.variables(["x"])] == [value]


def test_rebinding_builtins_does_not_change_what_is_shown(interpreter: Interpreter) -> None:
    interpreter.feed("x = [1, 'a']\ntype = len = repr = str = locals = iter = sorted = 5\nNone")
    assert interpreter.variables(["x"]) == (Variable("x", "list", "[1, 'a']"),)


def test_variables_come_in_the_order_asked_for_and_without_those_that_are_missing(
    interpreter: Interpreter,
) -> None:
    interpreter.feed("a = 1\nb = 2\nc = 3\nNone")
    assert [variable.name for variable in interpreter.variables(["c", "nothing", "a"])] == ["c", "a"]


def test_the_engine_s_own_names_are_not_listed(interpreter: Interpreter) -> None:
    assert interpreter.names() == set()
