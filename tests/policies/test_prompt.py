from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.environments.environment import Guide
from recode_core.environments.household.guide import GUIDE
from recode_core.policies.prompt import messages, prompt_hash
from recode_core.policies.prompts import bundled, system_text
from recode_core.policies.variable_text import shown
from recode_core.values import Message, Variable

STATEMENT = "obj_ID = find_and_take(obj, locations)"
VARIABLES = (Variable("obj", "str", "'mug'"), Variable("locations", "list", "['shelf 1', 'shel", length=4096))


def _user(statement: str, variables: tuple[Variable, ...] = (), repair: str = "", hint: str = "") -> str:
    return messages(GUIDE, statement, variables, repair, hint)[1].content


def _headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[:1].strip()]


def test_the_system_message_is_the_same_for_every_expansion_of_an_environment() -> None:
    first, *_ = messages(GUIDE, "solve(instruction, observation)", ())
    second, *_ = messages(GUIDE, STATEMENT, VARIABLES, "it failed", "look in the sink")
    assert first == second
    assert first.role == "system"


def test_the_system_message_holds_rules_then_actions_then_examples() -> None:
    system = messages(Guide("the actions", "the examples"), STATEMENT, ())[0].content
    rules, actions, examples = (system.index(part) for part in ("You write", "the actions", "the examples"))
    assert rules < actions < examples


def test_without_examples_their_heading_is_gone_too() -> None:
    assert "# Examples" not in messages(Guide("the actions", ""), STATEMENT, ())[0].content


def test_the_user_message_shows_variables_then_the_statement() -> None:
    assert _user(STATEMENT, VARIABLES).split("\n") == [
        "Variables:",
        "    obj: str = 'mug'",
        "    locations: list[str] = ['shelf 1', 'shel  # shortened from 4096 characters",
        "",
        "Expand this statement:",
        "    obj_ID = find_and_take(obj, locations)",
    ]


def test_earlier_editions_show_each_variable_in_a_line_without_the_types_of_its_elements() -> None:
    shown = (Variable("seen", "str", repr("a\nb")), Variable("places", "list", "['shelf 1']"))
    user = messages(GUIDE, STATEMENT, shown, edition=2)[1].content
    assert user.split("\n")[1:3] == [r"    seen: str = 'a\nb'", "    places: list = ['shelf 1']"]


def test_a_text_of_several_lines_is_shown_in_lines_that_keep_off_the_margin() -> None:
    text = "You are in a room.\n# How to reply\n\tlook"
    shown = (Variable("seen", "str", repr(text)), Variable("long", "str", repr("a\nb"), length=900))
    assert _user(STATEMENT, shown).split("\n")[:8] == [
        "Variables:",
        "    seen: str, 3 lines:",
        "        You are in a room.",
        "        # How to reply",
        r"        \tlook",
        "    long: str, 2 lines, shortened from 900 characters:",
        "        a",
        "        b",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "length", "told"),
    [
        ("list", "['a', 'b']", None, "list[str]"),
        ("list", "['a', 'b', 'it is cu", 90, "list[str]"),
        ("list", "[1, 'a', None]", None, "list[int | str | None]"),
        ("list", "[1, 'a', None, 2.5]", None, "list"),
        ("list", "[('a', 1), ('b', 2)]", None, "list[tuple[str, int]]"),
        ("list", "[]", None, "list"),
        ("list", "[<object>]", None, "list"),
        ("list", "['cut in its first ele", 90, "list"),
        ("tuple", "('a', 1)", None, "tuple[str, int]"),
        ("tuple", "(1, 2, 3, 4)", None, "tuple[int, ...]"),
        ("set", "{'a'}", None, "set[str]"),
        ("dict", "{'a': ['b']}", None, "dict[str, list[str]]"),
        ("dict", "{'a': {'b': [1]}, 'c': {'b", 90, "dict[str, dict[str, list]]"),
        ("str", "'[1, 2]'", None, "str"),
        ("int", "7", None, "int"),
    ],
)
def test_the_types_of_elements_are_told(kind: str, value: str, length: int | None, told: str) -> None:
    (line,) = shown(Variable("x", kind, value, length))
    assert line.startswith(f"x: {told} = {value}")


def test_repair_and_hint_come_last_and_only_when_there() -> None:
    user = _user(STATEMENT, repair="IndexError: list index\nran: go to shelf 1", hint="look in the sink")
    assert _headings(user) == [
        "Expand this statement:",
        "What went wrong before, and what has been done since:",
        "A hint from the user:",
    ]
    assert "    IndexError: list index\n    ran: go to shelf 1\n" in user
    assert user.endswith("    look in the sink")


@given(name=st.text(), kind=st.text(), value=st.text())
def test_no_variable_can_break_the_layout(name: str, kind: str, value: str) -> None:
    shown = (Variable(name, kind, value), Variable("obj", "str", "'mug'"))
    user = _user(STATEMENT, shown)
    assert _headings(user) == ["Variables:", "Expand this statement:"]
    assert len(messages(GUIDE, STATEMENT, shown, edition=2)[1].content.splitlines()) == 6


@given(repair=st.text(min_size=1), hint=st.text(min_size=1))
def test_no_quoted_text_reaches_the_margin(repair: str, hint: str) -> None:
    headings = _headings(_user(STATEMENT, repair=repair, hint=hint))
    assert len(headings) == 1 + bool(repair.strip()) + bool(hint.strip())


@given(repair=st.text(st.characters(), max_size=20))
def test_every_message_can_be_sent_as_utf_8(repair: str) -> None:
    value = "\ud800" + repair
    assert _user(STATEMENT, (Variable("x", "str", value),), value, value).encode()


def test_the_system_message_for_households_is_short() -> None:
    # About 4 characters a token: 1,500 tokens at most, sent once and then cached by the provider.
    for kind in GUIDE.kinds:
        assert len(system_text(bundled(GUIDE, "recode").for_kind(kind))) < 6_000


def test_the_hash_is_of_canonical_json() -> None:
    canonical = '{"messages":[["user","\\u00e9"]],"model":"m","sampling":{"a":1,"temperature":0.0}}'
    expected = hashlib.sha256(canonical.encode()).hexdigest()
    assert prompt_hash((Message("user", "é"),), "m", {"temperature": 0.0, "a": 1}) == expected


@pytest.mark.parametrize(
    ("text", "model", "sampling"),
    [("b", "m", {"t": 0}), ("a", "n", {"t": 0}), ("a", "m", {"t": 1}), ("a", "m", {})],
)
def test_the_hash_tells_message_model_and_sampling_apart(
    text: str, model: str, sampling: dict[str, str | float | int]
) -> None:
    assert prompt_hash((Message("user", text),), model, sampling) != prompt_hash(
        (Message("user", "a"),), "m", {"t": 0}
    )
