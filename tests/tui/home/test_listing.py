"""The list of sessions: its columns, its order, and its cursor."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import ComposeResult

from recode_core.session.catalog import SessionEntry, load_result, scan
from recode_tui.home.columns import COLUMNS, place_columns, row_of
from recode_tui.home.listing import Cell, Listing
from recode_tui.home.query import SessionQuery
from recode_tui.session_sources import samples_dir
from tests.tui.home.home_pilot import SAMPLES, write_session, write_solved
from tests.tui.themed import ThemedApp


@pytest.fixture
def entries(three: Path) -> list[SessionEntry]:
    write_session(three, "put it right", "put:8", hour=3)
    return [load_result(entry) for entry in scan(three)]


@given(st.integers(70, 300))
def test_the_columns_of_a_list_fit_into_it_side_by_side(width: int) -> None:
    places = place_columns(width)
    ends = [place.start + place.width for place in places]
    assert all(end < place.start for end, place in zip(ends, places[1:], strict=False))
    assert ends[-1] <= width
    assert all(place.width > 0 for place in places)


@pytest.mark.parametrize("width", [75, 90, 116, 200])
def test_every_row_of_a_list_is_as_wide_as_its_columns(entries: list[SessionEntry], width: int) -> None:
    ends = {max(text.start + text.width for text in row_of(entry, width)) for entry in entries}
    assert ends == {place_columns(width)[-1].start + place_columns(width)[-1].width}


@pytest.mark.parametrize("column", [column.name for column in COLUMNS])
def test_sessions_can_be_sorted_by_every_column_both_ways(entries: list[SessionEntry], column: str) -> None:
    query = SessionQuery(column="Date" if column != "Date" else "Task").sort_by(column)
    key = next(each.key for each in COLUMNS if each.name == column)
    there = query.apply(entries)
    back = query.sort_by(column).apply(entries)
    assert {e.path for e in there} == {e.path for e in back} == {e.path for e in entries}
    known = [entry for entry in there if key(entry) is not None]
    assert [key(e) for e in back][: len(known)] == [key(e) for e in known][::-1]
    assert all(key(entry) is None for entry in (*there[len(known) :], *back[len(known) :]))


def test_sorting_by_the_next_column_comes_round() -> None:
    columns = ["Outcome", "Task", "Date"]
    query, seen = SessionQuery(), []
    for _ in range(4):
        query = query.sort_by_next(columns)
        seen.append(query.column)
    assert seen == ["Outcome", "Task", "Date", "Outcome"]


def test_a_column_that_is_no_longer_seen_is_followed_by_the_first() -> None:
    assert SessionQuery(column="Name").sort_by_next(["Outcome", "Task"]).column == "Outcome"


def test_a_name_that_a_user_gave_is_searched_too(entries: list[SessionEntry]) -> None:
    assert [entry.path.stem for entry in SessionQuery("RIGHT put").apply(entries)] == ["put it right"]


def test_the_samples_of_a_checkout_are_found() -> None:
    assert samples_dir() == SAMPLES
    assert list(samples_dir().glob("*.jsonl"))


def test_the_samples_of_an_installed_package_are_found_inside_it(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "recode_tui"
    shutil.copytree(SAMPLES, package / "samples")
    write_solved(tmp_path / "site-packages" / "sessions", "of somebody else")
    assert samples_dir(package) == package / "samples"


class Letters(Listing[str]):
    """A row for each text, which is told from others by its first letter."""

    def name_of(self, item: str) -> object:
        return item[0]

    def cells(self, item: str, width: int) -> list[Cell]:
        return [Cell(item, 4), Cell(item[0], 3, is_right=True)]


class LettersApp(ThemedApp):
    """A list of letters alone, and what had the cursor when that changed."""

    def __init__(self) -> None:
        super().__init__()
        self.list = Letters()
        self.highlighted: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_listing_highlighted(self) -> None:
        self.highlighted.append(self.list.item)


async def test_the_cursor_stays_on_its_item_when_the_items_change() -> None:
    app = LettersApp()
    async with app.run_test(size=(20, 5)) as pilot:
        app.list.items = ("a", "b", "c")
        app.list.select(1)
        app.list.items = ("b2", "c", "d")
        assert (app.list.cursor, app.list.item) == (0, "b2")
        app.list.items = ("c", "d")
        assert app.list.item == "c"
        app.list.items = ()
        assert app.list.item is None
        await pilot.pause()
        assert app.list.render_line(0).text.strip() == ""


async def test_an_item_is_announced_once_it_has_the_cursor() -> None:
    app = LettersApp()
    async with app.run_test(size=(20, 5)) as pilot:
        app.list.items = ("a", "b", "c")
        await pilot.pause()
        app.highlighted.clear()
        await pilot.press("down", "down", "down")
        assert app.highlighted == ["b", "c"]
        app.list.select(0)
        await pilot.pause()
        assert app.highlighted == ["b", "c", "a"]


async def test_the_cells_of_an_item_are_side_by_side() -> None:
    app = LettersApp()
    async with app.run_test(size=(20, 5)):
        app.list.items = ("soap bar",)
        assert app.list.render_line(0).text.rstrip() == "soa…  s"
