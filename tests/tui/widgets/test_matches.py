"""The search for a text in lines."""

from __future__ import annotations

import pytest

from recode_tui.widgets.matches import Match, Matches, contains, spans

LINES = ["a soap", "", "soap and soap"]
FIRST, SECOND, THIRD = Match(0, 2), Match(2, 0), Match(2, 9)


def test_searching_without_capitals_finds_any_case() -> None:
    lines = ["Soap soap", "SOAP İsoap"]
    assert Matches("soap", lines).found == [Match(0, 0), Match(0, 5), Match(1, 0), Match(1, 6)]
    assert Matches("Soap", lines).found == [Match(0, 0)]


@pytest.mark.parametrize(
    ("wanted", "text", "is_found"),
    [("soap", "A Soap bar", True), ("Soap", "A soap bar", False), ("Soap", "A Soap bar", True)],
)
def test_a_text_is_contained_by_the_same_rule(wanted: str, text: str, is_found: bool) -> None:
    assert contains(wanted)(text) is is_found
    assert bool(Matches(wanted, [text])) is is_found


def test_matches_are_passed_in_circles() -> None:
    matches = Matches("soap", LINES)
    assert matches.found == [FIRST, SECOND, THIRD]
    assert [matches.after(match) for match in matches.found] == [SECOND, THIRD, FIRST]
    assert [matches.before(match) for match in matches.found] == [THIRD, FIRST, SECOND]
    assert (matches.after(Match(1, 0)), matches.before(Match(1, 0))) == (SECOND, FIRST)
    assert [matches.number_of(match) for match in matches.found] == [1, 2, 3]


def test_without_a_match_there_is_no_next_one() -> None:
    for wanted in ("", "towel"):
        matches = Matches(wanted, LINES)
        assert (len(matches), matches.after(FIRST), matches.before(FIRST)) == (0, None, None)


def test_the_columns_of_a_line_are_those_of_its_matches() -> None:
    matches = Matches("soap", LINES)
    assert [matches.columns(line) for line in range(4)] == [(2,), (), (0, 9), ()]


def test_an_update_replaces_the_matches_from_a_line_on() -> None:
    matches = Matches("soap", LINES)
    matches.update(["soap", "x soap"], 1)
    assert matches.found == [FIRST, Match(1, 0), Match(2, 2)]


def test_the_spans_of_a_text() -> None:
    assert spans("soap", "Soap and soap") == ((0, 4), (9, 13))
    assert spans("Soap", "Soap and soap") == ((0, 4),)
    assert spans("", "soap") == spans("x", "soap") == ()
