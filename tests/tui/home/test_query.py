"""Search, filter and order of sessions, without an app."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from recode_core.session.catalog import SessionEntry, load_result, scan
from recode_tui.home.query import SessionQuery, complete
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
        ("env:household solved", ["solved"]),
        ("env:household -solved", ["begun"]),
        ("policy:hum", ["begun"]),
        ("task:put:7", ["solved"]),
        ("put:7", ["solved"]),
        ("outcome:unf", ["begun"]),
        ("outcome:unsolved", []),
        ("failed", []),
        ("damaged", ["licence"]),
        ("name:beg", ["begun"]),
        ("date:2026-11-22 household", ["solved", "begun"]),
        ("model:gpt", []),
        ("http:x", []),
    ],
)
def test_a_search_finds_sessions_with_all_words(
    entries: dict[str, SessionEntry], words: str, found: list[str]
) -> None:
    assert names(SessionQuery().search(words), entries) == found


def test_the_filter_goes_through_every_outcome_and_back_to_none(entries: dict[str, SessionEntry]) -> None:
    query, seen = SessionQuery(), []
    for _ in range(6):
        query = query.filter_next()
        seen.append((query.outcome, names(query, entries)))
    assert seen == [
        ("solved", ["solved"]),
        ("not solved", []),
        ("unfinished", ["begun"]),
        ("running", []),
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
    first, _, *others = text.splitlines()
    assert first == "No sessions that are solved with 'x'."
    assert others == [
        "f shows other outcomes; esc clears the search",
        "fields: env: task: agent: policy: model: outcome: tag: batch: name: date:",
        "outcomes: solved unsolved failed limit unfinished running damaged",
    ]


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
    assert available_actions(solved, is_sample=False) == {"open", "run_again", "rename", "delete", "tag"}
    assert available_actions(solved, is_sample=True) == {"open", "run_again"}
    assert available_actions(damaged, is_sample=False) == {"rename", "delete", "tag"}
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


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("en", "env:"),
        ("solved -o", "solved -outcome:"),
        ("env:hou", "env:household"),
        ("x policy:h", "x policy:human"),
        ("outcome:uns", "outcome:unsolved"),
        ("env:", ""),
        ("zzz", ""),
        ("put:7", ""),
        ("", ""),
    ],
)
def test_the_last_word_is_completed_to_a_field_or_to_a_value_of_it(
    entries: dict[str, SessionEntry], words: str, completed: str
) -> None:
    assert complete(words, entries.values()) == completed


def test_solved_as_a_word_leaves_out_what_is_not_solved(entries: dict[str, SessionEntry]) -> None:
    solved = entries["solved"]
    assert solved.result is not None
    failed = msgspec.structs.replace(
        solved, result=msgspec.structs.replace(solved.result, solved=False, outcome="limit")
    )
    for words, matches in (("solved", False), ("unsolved", True), ("failed", True), ("limit", True)):
        assert bool(SessionQuery(words).apply([failed])) is matches


def test_tags_are_found_by_their_field_their_sign_and_as_words(entries: dict[str, SessionEntry]) -> None:
    tagged = msgspec.structs.replace(entries["begun"], tags=("flaky", "june"))
    for words in ("tag:fla", "#june", "flaky", "-tag:old"):
        assert SessionQuery(words).apply([tagged]) == (tagged,)
    for words in ("tag:old", "#lak", "-#june"):
        assert SessionQuery(words).apply([tagged]) == ()


def test_a_session_that_another_process_writes_is_running_until_it_has_ended(
    entries: dict[str, SessionEntry],
) -> None:
    begun = msgspec.structs.replace(entries["begun"], is_running=True)
    assert (outcome_of(begun), glyph_of(begun).text) == ("running", "◐")
    solved = msgspec.structs.replace(entries["solved"], is_running=True)
    assert outcome_of(solved) == "solved"
    assert set(names(SessionQuery("running"), {"begun": begun, "solved": solved})) == {"begun", "solved"}
