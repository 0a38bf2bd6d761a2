"""A read-only text: what is seen of it, and what the keys and the mouse do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

import pytest
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.pilot import Pilot

from recode_tui.statuses import CURRENT
from recode_tui.widgets.document import Document, Range
from recode_tui.widgets.glyph import Glyph
from recode_tui.widgets.matches import Match
from recode_tui.widgets.text_view import TextView
from tests.tui.themed import ThemedApp


class Reader(ThemedApp):
    """Nothing but a text view, and what it said."""

    def __init__(self, view: Callable[[], TextView]) -> None:
        super().__init__()
        self._make = view
        self.said: list[TextView.LineChosen] = []

    def compose(self) -> ComposeResult:
        yield self._make()

    @property
    def view(self) -> TextView:
        return self.query_one(TextView)

    def rows(self) -> list[str]:
        """What is seen, a string a row."""
        return [self.view.render_line(y).text.rstrip() for y in range(self.view.size.height)]

    def pieces(self, y: int) -> list[tuple[str, bool, str]]:
        """The pieces of a row: text, whether it is underlined, its background."""
        found = []
        for segment in self.view.render_line(y):
            style = segment.style
            assert style is not None
            ground = style.bgcolor.name if style.bgcolor else ""
            found.append((segment.text, bool(style.underline), ground))
        return found

    def on_text_view_line_chosen(self, message: TextView.LineChosen) -> None:
        self.said.append(message)

    def on_text_view_gutter_clicked(self, message: TextView.GutterClicked) -> None:
        self.said.append(message)


def numbered(count: int) -> Document:
    return Document([f"line {n}" for n in range(count)])


async def test_a_document_is_shown_with_numbers_and_marks() -> None:
    document = Document(("a thought", "", "x = 1", "y = 2"), numbered_from=2, marks={3: CURRENT})
    app = Reader(lambda: TextView(document))
    async with app.run_test(size=(40, 6)):
        assert app.rows() == ["     a thought", "", "  1  x = 1", "▶ 2  y = 2", "", ""]


async def test_text_from_outside_is_neither_markup_nor_obeyed() -> None:
    app = Reader(lambda: TextView(Document.of("[Buy Now] \x1b[2J[/]\n\t[bold]日本")))
    async with app.run_test(size=(40, 3)):
        assert app.rows() == ["[Buy Now] ␛[2J[/]", "        [bold]日本", ""]


async def test_the_suspended_call_is_underlined_and_the_current_line_tinted() -> None:
    document = Document(("x = 1", "obs = run('go')"), ranges=(Range(1, 6, 15, "now"),), current=1)
    app = Reader(lambda: TextView(document))
    async with app.run_test(size=(40, 4)):
        (_, _, quiet), *_ = app.pieces(0)
        pieces = app.pieces(1)
        assert [(text.strip(), line) for text, line, _ in pieces if text.strip()] == [
            ("obs =", False),
            ("run('go')", True),
        ]
        assert {ground for _, _, ground in pieces} != {quiet}
        app.view.show(replace(document, ranges=(), current=0))
        assert not any(line for _, line, _ in app.pieces(1))
        assert {ground for _, _, ground in app.pieces(1)} == {quiet}
        assert {ground for _, _, ground in app.pieces(0)} != {quiet}


async def test_ranges_stand_where_they_were_meant_behind_a_tab() -> None:
    app = Reader(lambda: TextView(Document(("\trun('go')",), ranges=(Range(0, 1, 10, "now"),))))
    async with app.run_test(size=(40, 2)):
        assert [text for text, line, _ in app.pieces(0) if line] == ["run('go')"]


async def keys(app: Reader, pilot: Pilot[None], *presses: str) -> list[str]:
    await pilot.press(*presses)
    return app.rows()


async def test_keys_scroll_a_text_without_a_cursor() -> None:
    app = Reader(lambda: TextView(numbered(100)))
    async with app.run_test(size=(20, 5)) as pilot:
        assert (await keys(app, pilot, "down", "j"))[0] == "line 2"
        assert (await keys(app, pilot, "k"))[0] == "line 1"
        assert (await keys(app, pilot, "pagedown"))[0] == "line 5"
        assert (await keys(app, pilot, "pageup"))[0] == "line 1"
        assert (await keys(app, pilot, "end"))[-1] == "line 99"
        assert (await keys(app, pilot, "home"))[0] == "line 0"


async def test_left_and_right_scroll_a_long_line_whose_cut_end_is_marked() -> None:
    app = Reader(lambda: TextView(Document(("0123456789" * 3, "short"))))
    async with app.run_test(size=(16, 3)) as pilot:
        assert app.rows()[0] == "01234567890123⋯"
        assert (await keys(app, pilot, "right"))[0] == "45678901234567⋯"
        assert (await keys(app, pilot, *["l"] * 9))[0] == "567890123456789"
        assert (await keys(app, pilot, "h"))[0] == "12345678901234⋯"


@pytest.mark.slow
async def test_the_cursor_moves_by_keys_and_enter_chooses_its_line() -> None:
    app = Reader(lambda: TextView(numbered(100), has_cursor=True))
    async with app.run_test(size=(20, 5)) as pilot:
        app.view.focus()
        await pilot.press("down", "j", "j", "k", "enter", "end", "enter", "home", "enter")
        assert [message.line for message in app.said] == [2, 99, 0]
        await pilot.press(*["down"] * 6)
        assert app.rows()[-1] == "line 6"
        assert app.view.copied(whole=False) == "line 6"


async def test_a_click_beside_a_line_says_which_and_one_in_the_text_moves_the_cursor() -> None:
    app = Reader(lambda: TextView(Document(("a", "b", "c"), numbered_from=0), has_cursor=True))
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.click(TextView, offset=(1, 2))
        assert [(type(message), message.line) for message in app.said] == [(TextView.GutterClicked, 2)]
        await pilot.click(TextView, offset=(6, 1))
        assert app.view.cursor == 1
        await pilot.click(TextView, offset=(6, 4))
        assert app.view.cursor == 1


async def test_what_is_searched_is_marked_and_gone_to_in_circles() -> None:
    app = Reader(lambda: TextView(Document([f"{n} Soap" if n % 40 == 7 else str(n) for n in range(100)])))
    async with app.run_test(size=(20, 5)):
        view = app.view
        assert view.find("soap") == 3
        assert view.find("Soap") == 3 and view.find("SOAP") == 0
        view.find("soap")
        seen = []
        for go in (view.find_next, view.find_next, view.find_next, view.find_previous):
            assert view.found is not None
            seen.append(view.found.line)
            assert any(row.startswith(f"{view.found.line} Soap") for row in app.rows())
            go()
        assert seen == [7, 47, 87, 7]
        assert view.found == Match(87, 3)
        assert view.find("") == 0


async def test_a_match_far_to_the_right_comes_into_sight() -> None:
    app = Reader(lambda: TextView(Document(("x" * 200 + "needle",))))
    async with app.run_test(size=(40, 3)):
        app.view.find("needle")
        assert "needle" in app.rows()[0]


@pytest.mark.parametrize("wrap", [False, True])
async def test_appending_keeps_the_end_in_sight_unless_the_user_scrolled_away(wrap: bool) -> None:
    app = Reader(lambda: TextView(wrap=wrap))
    async with app.run_test(size=(20, 4)) as pilot:
        for n in range(50):
            app.view.append("to")
            app.view.append(f"ken {n}\n")
        await pilot.pause()
        assert app.rows() == ["token 47", "token 48", "token 49", ""]
        await pilot.press("home")
        app.view.append("more")
        await pilot.pause()
        assert app.rows()[0] == "token 0"
        assert app.view.copied().endswith("token 49\nmore")


async def test_a_stream_is_searched_as_it_grows() -> None:
    app = Reader(TextView)
    async with app.run_test(size=(20, 4)):
        app.view.append("so")
        app.view.find("soap")
        app.view.append("ap and so")
        app.view.append("ap\nsoap")
        assert len(app.view.matches) == 3


async def test_prose_is_wrapped_after_words() -> None:
    text = "You arrive at drawer 2. The drawer 2 is closed.\n\n- " + "x" * 30
    app = Reader(lambda: TextView(Document.of(text), wrap=True))
    async with app.run_test(size=(21, 8)) as pilot:
        assert app.rows()[:6] == [
            "You arrive at drawer",
            "2. The drawer 2 is",
            "closed.",
            "",
            "-",
            "x" * 20,
        ]
        await pilot.resize_terminal(31, 8)
        assert app.rows()[:2] == ["You arrive at drawer 2. The", "drawer 2 is closed."]
        app.view.wrap = False
        await pilot.pause()
        assert app.rows()[0] == "You arrive at drawer 2. The d⋯"


async def test_a_megabyte_of_prose_opens_at_once_and_its_end_is_one_key_away() -> None:
    text = "you see a soap bar " * 55_000 + "the end"
    app = Reader(lambda: TextView(Document.of(text), wrap=True))
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.rows()[0].startswith("you see a soap bar")
        await pilot.press("end")
        assert app.rows()[-1].endswith("the end")
        app.view.find("the end")
        assert app.view.found == Match(0, len(text) - 7)


class Endless(Sequence[str]):
    """A million lines that are made when they are asked for, and counted."""

    def __init__(self) -> None:
        self.made = 0

    def __len__(self) -> int:
        return 1_000_000

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        assert isinstance(index, int)
        self.made += 1
        return f"line {index}"


async def test_of_a_million_lines_only_those_near_the_view_are_made() -> None:
    lines = Endless()
    app = Reader(lambda: TextView(Document(lines)))
    async with app.run_test(size=(20, 5)) as pilot:
        assert (await keys(app, pilot, "end"))[-1] == "line 999999"
        assert lines.made < 2_000


async def test_showing_the_same_lines_again_stays_where_it_was() -> None:
    document = numbered(100)
    app = Reader(lambda: TextView(document))
    async with app.run_test(size=(20, 5)) as pilot:
        await keys(app, pilot, "pagedown", "pagedown")
        app.view.show(replace(document, marks={9: Glyph("●", "failure")}))
        assert app.rows()[0] == "line 8"
        app.view.show(replace(document, current=60))
        assert "line 60" in app.rows()
        app.view.show(numbered(100))
        assert "line 60" in app.rows()
        app.view.show(numbered(101))
        assert app.rows()[0] == "line 0"


async def test_selected_text_is_copied_across_lines() -> None:
    app = Reader(lambda: TextView(Document(("first line", "second line", "third line"), numbered_from=0)))
    async with app.run_test(size=(30, 5)) as pilot:
        await pilot.mouse_down(TextView, offset=(5 + 6, 0))
        await pilot.hover(TextView, offset=(5 + 4, 2))
        await pilot.mouse_up(TextView, offset=(5 + 4, 2))
        selected = app.screen.get_selected_text()
        assert selected is not None
        assert selected.rstrip("\n") == "line\nsecond line\nthird"
