"""A list with a cursor: its drawing, its cursor and its messages."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._styles_cache import StylesCache
from textual.app import ComposeResult

from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part
from tests.tui.themed import ThemedApp


class Names(RowList):
    """A row for each name; records which rows are built and which lines are drawn again."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = list(names)
        self.details: dict[int, tuple[str, ...]] = {}
        self.refreshed: list[int] = []
        self.built: list[int] = []

    def count(self) -> int:
        return len(self.names)

    def parts(self, row: int, width: int) -> Iterator[Part]:
        self.built.append(row)
        yield fitted(self.names[row], width), "plain"

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        return self.details.get(row, ())

    def text_of(self, row: int) -> str:
        return self.names[row]

    def refresh_line(self, y: int) -> None:
        self.refreshed.append(y)
        super().refresh_line(y)

    @property
    def top(self) -> int:
        """The first visible row."""
        return self.scroll_offset.y

    def lines(self) -> list[str]:
        """The visible lines."""
        return [self.render_line(y).text.rstrip() for y in range(self.size.height)]

    def backgrounds(self) -> list[str]:
        """The background of each visible line."""
        styles = [next(iter(self.render_line(y))).style for y in range(self.size.height)]
        return [style.bgcolor.name if style is not None and style.bgcolor else "" for style in styles]


class ListApp(ThemedApp):
    """A list alone, and the messages that it posted."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.list = Names(*names)
        self.posted: list[tuple[str, int]] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        assert message.control is self.list
        self.posted.append(("moved", message.row))

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.posted.append(("chosen", message.row))


def numbered(count: int = 100) -> ListApp:
    return ListApp(*(f"row {n}" for n in range(count)))


async def test_the_rows_are_drawn_with_the_detail_below_the_cursor() -> None:
    app = ListApp("a", "b", "c")
    app.list.details = {1: ("more", "and more")}
    async with app.run_test(size=(20, 6)):
        assert app.list.lines() == ["a", "b", "c", "", "", ""]
        app.list.select(1)
        assert app.list.lines() == ["a", "b", "more", "and more", "c", ""]
        assert [app.list.row_at(y) for y in range(6)] == [0, 1, 1, 1, 2, 3]


async def test_keys_move_the_cursor_and_post_messages_but_select_does_not() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)) as pilot:
        app.list.select(2)
        await pilot.press("down", "k", "pagedown", "end", "home", "up", "enter")
        rows = [("moved", row) for row in (3, 2, 11, 99, 0, 0)]
        assert app.posted == [*rows, ("chosen", 0)]


async def test_an_empty_list_has_nothing_to_move_to_or_choose() -> None:
    app = ListApp()
    async with app.run_test(size=(20, 3)) as pilot:
        app.list.select(5)
        await pilot.press("down", "end", "enter")
        assert (app.list.cursor, app.posted, app.list.lines()) == (0, [], ["", "", ""])


async def test_a_click_moves_the_cursor_and_a_second_one_chooses() -> None:
    app = ListApp("a", "b", "c")
    app.list.details = {0: ("more",)}
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.click(RowList, offset=(1, 1))
        await pilot.click(RowList, offset=(1, 5))
        assert app.posted == [("moved", 0)]
        app.list.details = {}
        app.list.reload()
        await pilot.click(RowList, offset=(1, 2), times=2)
        assert app.posted[1:] == [("moved", 2), ("chosen", 2)]


async def test_a_row_far_away_is_centered_and_a_near_one_scrolled_to_as_little_as_possible() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)):
        tops = []
        for row in (50, 54, 55, 45, 0):
            app.list.select(row)
            tops.append(app.list.top)
        assert tops == [45, 45, 46, 45, 0]


async def test_lookahead_leaves_room_in_the_direction_of_the_move() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)):
        tops = []
        for row in (9, 10, 17, 18, 15):
            app.list.select(row, lookahead=True)
            tops.append(app.list.top)
        assert tops == [0, 8, 8, 16, 7]


async def test_the_detail_is_scrolled_to_with_its_row() -> None:
    app = numbered()
    app.list.details = {9: ("more", "and more")}
    async with app.run_test(size=(20, 10)):
        app.list.select(9)
        assert app.list.lines()[-3:] == ["row 9", "more", "and more"]


async def test_only_lines_that_changed_are_drawn_again() -> None:
    app = ListApp("a", "b", "c", "d")
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        app.list.refreshed.clear()
        app.list.names[2] = "C"
        app.list.reload()
        assert app.list.refreshed == [2]
        await pilot.pause()
        app.list.refreshed.clear()
        app.list.select(3)
        assert app.list.refreshed == [0, 3]


async def test_the_cursor_stays_inside_a_list_that_became_shorter() -> None:
    app = numbered()
    async with app.run_test(size=(20, 5)) as pilot:
        app.list.select(99)
        app.list.names = ["a", "b"]
        app.list.reload()
        await pilot.pause()
        assert (app.list.cursor, app.list.top, app.list.lines()) == (1, 0, ["a", "b", "", "", ""])


async def test_a_resize_keeps_the_cursor_visible_unless_the_user_scrolled_away() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)) as pilot:
        app.list.select(9)
        await pilot.resize_terminal(20, 5)
        assert app.list.top == 5
        app.list.scroll_to(y=50, animate=False, immediate=True, force=True)
        await pilot.resize_terminal(20, 8)
        assert app.list.top == 50
        app.list.select(9)
        assert "row 9" in app.list.lines()


async def test_the_background_shows_the_cursor_and_the_matches() -> None:
    app = ListApp("soap", "towel", "Soap")
    async with app.run_test(size=(20, 4)) as pilot:
        app.list.select(1)
        plain, focused, _, rest = app.list.backgrounds()
        assert plain == rest != focused
        assert app.list.find("soap") == 2
        match, cursor, other, rest = app.list.backgrounds()
        assert (match, cursor, rest) == (other, focused, plain) and match not in (plain, focused)
        app.set_focus(None)
        await pilot.pause()
        assert app.list.backgrounds()[1] not in (plain, focused, match)


async def test_the_matched_text_is_underlined_in_its_row_and_below_it() -> None:
    app = ListApp("a soap, Soap", "towel")
    app.list.details = {0: ("more soap",)}
    async with app.run_test(size=(20, 4)) as pilot:
        app.list.find("soap")
        await pilot.pause()

        def underlined(y: int) -> list[str]:
            return [each.text for each in app.list.render_line(y) if each.style and each.style.underline]

        assert [underlined(y) for y in range(3)] == [["soap", "Soap"], ["soap"], []]
        app.list.names.append("soap")
        app.list.reload()
        assert app.list.found() == [0, 2]
        app.list.find("")
        assert not underlined(0)


async def test_matches_are_passed_in_circles() -> None:
    app = ListApp("soap", "towel", "Soap", "soapbar")
    async with app.run_test(size=(20, 5)) as pilot:
        assert (app.list.find("Soap"), app.list.found()) == (1, [2])
        assert app.list.find("soap") == 3
        app.list.select(1)
        seen = [(app.list.go_to_found(by), app.list.cursor) for by in (0, 1, 1, -1)]
        assert seen == [(1, 2), (2, 3), (0, 0), (2, 3)]
        await pilot.pause()
        assert app.posted == [("moved", row) for row in (2, 3, 0, 3)]
        assert app.list.find("nowhere") == 0
        assert app.list.go_to_found(1) is None


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Mn", "Cf"))), st.integers(0, 20), st.booleans())
def test_a_fitted_text_takes_exactly_its_width(text: str, width: int, is_right: bool) -> None:
    assert cell_len(fitted(text, width, is_right=is_right)) == width


def test_a_fitted_text_is_cut_with_an_ellipsis_or_padded() -> None:
    assert [fitted("soap", width) for width in (-1, 0, 1, 3, 4, 6)] == ["", "", "…", "so…", "soap", "soap  "]
    assert (fitted("7", 3, is_right=True), fitted("soap", 3, is_right=True)) == ("  7", "so…")


async def test_a_move_of_the_cursor_builds_only_the_rows_it_leaves_and_comes_to() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.pause()
        app.list.lines()
        app.list.built.clear()
        await pilot.press("down")
        app.list.lines()
        assert set(app.list.built) == {0, 1}


async def test_rows_that_changed_are_drawn_with_the_next_reload() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.pause()
        app.list.names[5] = "changed"
        app.list.move_to(1)
        assert app.list.lines()[:6] == [f"row {n}" for n in range(6)]
        app.list.reload()
        assert app.list.lines()[5] == "changed"


async def test_a_list_that_scrolls_draws_only_the_lines_that_come_into_view() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.pause()
        drawn: list[int] = []
        render = app.list.render_line
        app.list.render_line = lambda y: drawn.append(y) or render(y)  # type: ignore[method-assign, func-returns-value]
        app.list.move_to(10)
        await pilot.pause()
        assert app.list.top == 1
        assert set(drawn) == {9}  # the others moved up


@pytest.mark.parametrize("seed", range(5))
async def test_lines_that_moved_look_as_if_they_were_drawn_anew(seed: int) -> None:
    chance = random.Random(seed)
    app = numbered()
    async with app.run_test(size=(20, 10)) as pilot:
        names = app.list
        for _ in range(60):
            match chance.randrange(8):
                case 0 | 1 | 2:
                    names.move_to(names.cursor + chance.choice((-12, -3, -1, 1, 1, 3, 12)))
                case 3:
                    names.select(chance.randrange(100))
                case 4:
                    names.names[chance.randrange(100)] = f"new {chance.randrange(9)}"
                    names.reload()
                case 5:
                    names.scroll_to(y=chance.randrange(100), animate=False, immediate=True)
                case 6:
                    names.details = {chance.randrange(100): ("one", "two")}
                    names.reload()
                case 7:
                    names.highlight(chance.choice(("", "row 1", "new")))
            if chance.random() < 0.7:
                await pilot.pause()
        await pilot.pause()
        region = names.size.region
        before = [[*strip] for strip in names.render_lines(region)]
        names._styles_cache.clear()
        assert before == [[*strip] for strip in names.render_lines(region)]


async def test_each_line_is_built_once_and_framed_as_textual_frames_it() -> None:
    app = numbered()
    async with app.run_test(size=(20, 10)) as pilot:
        names = app.list
        names.styles.border = ("round", "red")
        names.styles.padding = (1, 0)
        await pilot.pause()
        built: list[int] = []
        render = names.render_line
        names.render_line = lambda y: built.append(y) or render(y)  # type: ignore[method-assign, func-returns-value]
        region = names.outer_size.region
        names._styles_cache.clear()
        ours = [[*strip] for strip in names.render_lines(region)]
        assert built == list(range(6))
        names._styles_cache = StylesCache()
        assert ours == [[*strip] for strip in names.render_lines(region)]
