"""Every change of a variable, with its value below."""

from __future__ import annotations

import asyncio

import pytest

from recode_core.events import Place
from recode_core.timeline.variables import Binding
from recode_core.values import Span, Variable
from recode_tui.debug.dialogs.variable_history import VariableHistoryScreen
from tests.tui.themed import DialogApp

PLACE = Place("0.3.1", (2,), Span(1, 0, 1, 5))


def changes() -> list[Binding]:
    return [
        Binding(0, 0, None, Variable("obs", "str", "'at the start'")),
        Binding(7, 0, PLACE, Variable("obs", "str", "'[Buy Now] " + "long " * 40, 20_000)),
        Binding(14, 0, PLACE, None),
        Binding(21, 0, PLACE, Variable("obs", "int", "3")),
    ]


async def test_the_change_that_holds_now_is_marked_and_its_value_shown() -> None:
    app = DialogApp(VariableHistoryScreen("obs", changes(), 16))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "obs · 4 changes" in app.seen
        assert "▶ 14  0.3.1" in app.seen and "record 14 · 0.3.1 · deleted here" in app.seen
        assert "0  the world's reset  str  'at the start'" in app.seen
        await pilot.press("down")
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
        await pilot.press("home", "down")
        assert asked == [7]
        assert "the first 211 of 20000 characters" in app.seen
        found.set()
        await pilot.pause()
        assert "'the whole of it'" in app.seen and "characters" not in app.seen
        await pilot.press("tab", "y")
        assert app.clipboard == "'the whole of it'"
        await pilot.press("shift+tab", "up", "down")
        assert asked == [7]


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
