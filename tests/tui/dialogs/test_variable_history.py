"""Every change of a variable, with its value below."""

from __future__ import annotations

import asyncio

import pytest

from recode_core.errors import RecodeError
from recode_core.events import Place
from recode_core.timeline.variables import Binding
from recode_core.values import Span, Variable
from recode_tui.debug.dialogs.variable_history import VariableHistoryScreen
from tests.support.waiting import wait_until
from tests.tui.themed import DialogApp

PLACE = Place("0.3.1", (2,), Span(1, 0, 1, 5))


def changes() -> list[Binding]:
    return [
        Binding(0, 0, None, Variable("obs", "str", "'at the start'")),
        Binding(7, 0, PLACE, Variable("obs", "str", "'[Buy Now] " + "long " * 40, 20_000)),
        Binding(14, 0, PLACE, None),
        Binding(21, 0, PLACE, Variable("obs", "int", "3")),
    ]


async def until(app: DialogApp, text: str) -> None:
    """Wait until a text is on the terminal."""
    await asyncio.to_thread(wait_until, lambda: text in app.seen)


async def test_the_change_that_holds_now_is_marked_and_its_value_shown() -> None:
    app = DialogApp(VariableHistoryScreen("obs", changes(), 16))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "obs · 4 changes" in app.seen
        assert "▶ 14  0.3.1" in app.seen and "record 14 · 0.3.1 · deleted here" in app.seen
        assert "0  the world's reset  str  'at the start'" in app.seen
        await pilot.press("tab", "down")
        assert "record 21 · 0.3.1" in app.seen
        await pilot.press("enter")
        assert app.answers == [21]


@pytest.mark.slow
async def test_a_shortened_value_is_asked_for_and_shown_when_it_comes() -> None:
    asked: list[int] = []
    found = asyncio.Event()

    async def full_value(n: int) -> str:
        asked.append(n)
        await found.wait()
        return "'the whole of it'"

    screen = VariableHistoryScreen("obs", changes(), 21, full_value)
    app = DialogApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "home", "down")
        assert asked == [7]
        assert "the first 211 characters" in app.seen
        found.set()
        await until(app, "'the whole of it'")
        assert "characters" not in app.seen
        await pilot.press("shift+tab", "y")
        assert app.clipboard == "'the whole of it'"
        await pilot.press("tab", "up", "down")
        assert asked == [7]


async def test_why_a_whole_value_cannot_be_read_is_said_beside_its_beginning() -> None:
    async def full_value(n: int) -> str:
        raise RecodeError("the replay took too long")

    app = DialogApp(VariableHistoryScreen("obs", changes(), 21, full_value))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("tab", "home", "down")
        await until(app, "the first 211 characters; the whole could not be read: the replay took too long")


async def test_a_value_that_comes_after_the_dialog_was_left_is_no_matter() -> None:
    found = asyncio.Event()

    async def full_value(n: int) -> str:
        await found.wait()
        return "'late'"

    screen = VariableHistoryScreen("obs", changes(), 9, full_value)
    app = DialogApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        await pilot.pause()
        found.set()
        await pilot.pause()
        assert app.answers == [None]


async def test_a_double_click_goes_to_a_record_and_escape_nowhere() -> None:
    app = DialogApp(VariableHistoryScreen("obs", changes(), 21))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click("ChangeList", offset=(10, 1), times=2)
        assert app.answers == [7]
    app = DialogApp(VariableHistoryScreen("obs", changes(), 21))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_variable_that_was_never_set_is_said_to_be_so() -> None:
    app = DialogApp(VariableHistoryScreen("obs", [], 21))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "down")
        assert "it was never set on this branch" in app.seen and app.answers == []


NESTED = {
    "desk": ["mug 1", "pen 2"],
    "note": "first line\nsecond line " + "long " * 40,
    "n": {"deep": (1, 2)},
}


def of(value: object) -> VariableHistoryScreen:
    """The dialog of a variable with one value."""
    return VariableHistoryScreen("seen", [Binding(7, 7, PLACE, Variable("seen", "dict", repr(value)))], 7)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_value_is_a_tree_that_is_folded_and_unfolded(size: tuple[int, int]) -> None:
    app = DialogApp(of(NESTED))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "▾ seen  dict · 3 items" in app.seen
        assert "▸ 'desk'  list · 2 items  ['mug 1', 'pen 2']" in app.seen
        await pilot.press("down", "enter")
        assert "▾ 'desk'" in app.seen and "0  'mug 1'" in app.seen
        await pilot.press("down", "left")
        assert "0  'mug 1'" in app.seen
        await pilot.press("left")
        assert "0  'mug 1'" not in app.seen
        await pilot.press("right", "right", "down", "down", "space")
        assert "1  first line" in app.seen and "2  second line long" in app.seen
        await pilot.press("down", "down")
        assert app.seen.count("long") > 40  # the whole line, below its row


async def test_a_part_of_a_value_is_copied_and_read() -> None:
    app = DialogApp(of(NESTED))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("down", "y")
        assert app.clipboard == "['mug 1', 'pen 2']"
        await until(app, "copied seen['desk']")
        await pilot.press("down", "t")
        await until(app, "first line")
        await pilot.press("y")
        assert app.clipboard == repr(NESTED["note"])
        await pilot.press("escape", "home", "y")
        assert app.clipboard == repr(NESTED)


async def test_a_search_in_a_value_unfolds_what_it_finds() -> None:
    app = DialogApp(of({**NESTED, "more": list(range(3000))}))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("slash", *"deep", "enter")
        assert "▾ 'n'" in app.seen and "'deep'" in app.seen and "1 of 1" in app.seen
        await pilot.press("slash", *["backspace"] * 4, *"2999", "enter")
        assert "2999  2999" in app.seen and "1 of 1" in app.seen
        await pilot.press("slash", *["backspace"] * 4, *"line", "enter", "full_stop")
        assert "2 of 2" in app.seen
        await pilot.press("y")
        assert app.clipboard.startswith("second line")
        await pilot.press("slash", "x")
        assert "nowhere" in app.seen
        await pilot.press("escape", "escape")
        assert app.answers == [None]


async def test_another_value_of_the_variable_is_unfolded_alike() -> None:
    values = [Variable("seen", "dict", repr({"a": {"b": n}})) for n in (111, 222)]
    changes = [Binding(7 + n, 7, PLACE, value) for n, value in enumerate(values)]
    app = DialogApp(VariableHistoryScreen("seen", changes, 8))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter")
        assert "'b'  222" in app.seen
        await pilot.press("tab", "up")
        assert "'b'  111" in app.seen
        await pilot.press("enter")
        assert app.answers == [7]


async def test_the_known_part_of_a_value_is_named_so() -> None:
    cut = Binding(7, 7, PLACE, Variable("seen", "list", "[1, 2, 'beg", 20_000))
    app = DialogApp(VariableHistoryScreen("seen", [cut], 7))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("y")
        assert app.clipboard == "[1, 2, 'beg"
        await until(app, "copied the known part of seen")
