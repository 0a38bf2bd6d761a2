"""A breakpoint's text sets exactly that breakpoint."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recode_core.debugger.breakpoint_text import format_breakpoint, parse_breakpoint
from recode_core.debugger.breakpoints import KINDS
from recode_core.events import BreakpointSet

WORDS = st.sampled_from(
    ["if", "after", "3", "log", "once", "not", "x", "go *", "'", '"', '""', " ", "\n", "\t", "é"]
)
TEXTS = st.one_of(
    st.text(max_size=12), st.lists(WORDS, max_size=6).map(" ".join), st.lists(WORDS).map("".join)
)
POINTS = st.builds(
    BreakpointSet,
    id=st.just(0),
    kind=st.sampled_from(sorted(KINDS)),
    pattern=TEXTS,
    condition=TEXTS,
    after=st.integers(0, 999_999_999),
    log=st.booleans(),
    once=st.booleans(),
)


@given(POINTS)
@example(BreakpointSet(0, "action", "go*", "not log"))
@example(BreakpointSet(0, "action", "go*", "1 if x else 2", after=3))
@example(BreakpointSet(0, "action", "go*", "x if once else log", log=True, once=True))
@example(BreakpointSet(0, "before-model", "", "'after 3'"))
@example(BreakpointSet(0, "observation", "a \"b' c if\nd", 'event.text == "it\'s" '))
@example(BreakpointSet(0, "action", "'log'", '"not log"'))
@example(BreakpointSet(0, "action", 'say "', "'"))
def test_the_text_of_a_breakpoint_is_read_as_that_breakpoint(point: BreakpointSet) -> None:
    assert parse_breakpoint(format_breakpoint(point)) == point


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("placeholder put_object", BreakpointSet(0, "placeholder", "put_object")),
        (
            "action go to * if len(seen) > 2 after 3 log",
            BreakpointSet(0, "action", "go to *", "len(seen) > 2", 3, True),
        ),
        ("action go* after 2 if x once", BreakpointSet(0, "action", "go*", "x", 2, once=True)),
        ("action 'it's'", BreakpointSet(0, "action", "it's")),
        ("failure if 'a' == 'b'", BreakpointSet(0, "failure", "", "'a' == 'b'")),
        ('failure if "not log" log', BreakpointSet(0, "failure", "", "not log", log=True)),
        (r'action "/\d+ x/"', BreakpointSet(0, "action", r"/\d+ x/")),
    ],
)
def test_what_a_user_types_is_read_as_it_is_meant(text: str, point: BreakpointSet) -> None:
    assert parse_breakpoint(text) == point


@pytest.mark.parametrize(
    "text", ["action go if", "action go after", "action go after x", "action 'a' b", "action 'a"]
)
def test_a_text_that_is_not_finished_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unterminated"):
        parse_breakpoint(text)
