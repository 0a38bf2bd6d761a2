"""Search, filter and order of sessions, without an app."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.session.catalog import SessionEntry, load_result, scan
from recode_tui.home.query import SessionQuery
from recode_tui.home.session_info import (
    OutcomeGroup,
    available_actions,
    error_of,
    glyph_of,
    label_of,
    name_of,
    outcome_of,
    summary_of,
)
from tests.tui.home.home_pilot import write_session, write_solved


@pytest.fixture
def entries(three: Path) -> dict[str, SessionEntry]:
    """A solved, an unfinished and a damaged session by their names."""
    return {entry.path.stem: load_result(entry) for entry in scan(three)}


def names(query: SessionQuery, entries: dict[str, SessionEntry]) -> list[str]:
    return [entry.path.stem for entry in query.apply([*entries.values()])]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["licence", "solved", "begun"]),
        ("HOUSEHOLD", ["solved", "begun"]),
        ("cd shelf", ["solved"]),
        ("unfinished human", ["begun"]),
        ("licence.jsonl", ["licence"]),
        ("heat cd", []),
    ],
)
def test_a_search_finds_sessions_with_all_words(
    entries: dict[str, SessionEntry], words: str, found: list[str]
) -> None:
    assert names(SessionQuery().search(words), entries) == found


def test_the_filter_goes_through_every_outcome_and_back_to_none(entries: dict[str, SessionEntry]) -> None:
    query, seen = SessionQuery(), []
    for _ in range(5):
        query = query.filter_next()
        seen.append((query.outcome, names(query, entries)))
    assert seen == [
        ("solved", ["solved"]),
        ("not solved", []),
        ("unfinished", ["begun"]),
        ("damaged", ["licence"]),
        (None, ["licence", "solved", "begun"]),
    ]


def test_sessions_without_a_value_stay_last_in_reverse_order(entries: dict[str, SessionEntry]) -> None:
    query = SessionQuery().sort_by("Task")
    assert names(query, entries) == ["begun", "solved", "licence"]
    assert names(query.reverse(), entries) == ["solved", "begun", "licence"]


@pytest.mark.parametrize(
    ("query", "shown", "text"),
    [
        (SessionQuery(), 3, "3 sessions"),
        (SessionQuery("heat"), 1, "1 of 3 sessions"),
        (SessionQuery(outcome="not solved"), 0, "not solved only · 0 of 3 sessions"),
    ],
)
def test_a_query_describes_what_it_shows(query: SessionQuery, shown: int, text: str) -> None:
    assert query.describe(shown, 3) == text


def test_a_query_without_a_match_says_how_to_change_it() -> None:
    text = SessionQuery("x", "solved").describe_no_match()
    assert text == "No sessions that are solved with 'x'.\n\nf shows other outcomes; esc clears the search"


@pytest.mark.parametrize(
    ("name", "outcome", "glyph"),
    [("solved", "solved", "✔"), ("begun", "unfinished", "‖"), ("licence", "damaged", "!")],
)
def test_every_outcome_has_its_glyph(
    entries: dict[str, SessionEntry], name: str, outcome: OutcomeGroup, glyph: str
) -> None:
    assert (outcome_of(entries[name]), glyph_of(entries[name]).text) == (outcome, glyph)


def test_a_session_whose_file_is_not_read_yet_is_reading(three: Path) -> None:
    entry = next(entry for entry in scan(three) if entry.path.stem == "solved")
    assert (outcome_of(entry), glyph_of(entry).text, summary_of(entry)) == ("reading", "…", ["reading…"])


def test_actions_depend_on_what_the_file_holds(entries: dict[str, SessionEntry]) -> None:
    solved, damaged = entries["solved"], entries["licence"]
    assert available_actions(solved, is_sample=False) == {"open", "run_again", "rename", "delete"}
    assert available_actions(solved, is_sample=True) == {"open", "run_again"}
    assert available_actions(damaged, is_sample=False) == {"rename", "delete"}
    assert available_actions(None, is_sample=False) == frozenset()


def test_a_session_is_labelled_by_its_name_or_its_task_and_time(folder: Path) -> None:
    write_solved(folder, "mine")
    write_session(folder, "20261122-120000-abcdef", "heat:1")
    mine, other = sorted(scan(folder), key=lambda entry: entry.path.stem, reverse=True)
    assert (name_of(mine), label_of(mine)) == ("mine", "mine")
    assert name_of(other) == ""
    assert label_of(other).startswith("heat:1 of 22 Nov")


def test_the_error_of_a_file_does_not_repeat_its_path(entries: dict[str, SessionEntry]) -> None:
    damaged = entries["licence"]
    assert str(damaged.path) in damaged.error
    assert error_of(damaged).startswith("is not a session")
