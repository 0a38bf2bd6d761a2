"""Questions, the comparison before an edit is accepted, and the messages of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recode_core.values import Message
from recode_tui.debug.dialogs.confirm import ConfirmScreen
from recode_tui.debug.dialogs.diff_confirm import DiffConfirmScreen
from recode_tui.debug.dialogs.messages import MessagesScreen
from recode_tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from tests.tui.dialogs.conftest import Opener


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["y"], True),
        (["n"], False),
        (["escape"], False),
        (["enter"], False),
        (["down", "enter"], True),
    ],
)
async def test_a_question_is_answered_by_keys_and_no_has_the_focus(
    opened: Opener, keys: list[str], answer: bool
) -> None:
    async with opened(ConfirmScreen("Delete [a]?", "Its 3 branches are lost.")) as (app, pilot):
        assert "Delete [a]?" in app.seen() and "Its 3 branches are lost." in app.seen()
        await pilot.press(*keys)
        await pilot.pause()

    assert app.answers == [answer]


async def test_a_question_is_answered_by_the_mouse(opened: Opener) -> None:
    async with opened(ConfirmScreen("Leave?", yes="Leave", no="Stay")) as (app, pilot):
        rows = app.seen().split("\n")
        row = next(y for y, line in enumerate(rows) if " y Leave" in line)
        await pilot.click(offset=(rows[row].index("Leave"), row))
        await pilot.pause()

    assert app.answers == [True]


@pytest.mark.parametrize(("key", "answer"), [("enter", True), ("ctrl+s", True), ("escape", False)])
async def test_a_comparison_is_accepted_or_left(opened: Opener, key: str, answer: bool) -> None:
    async with opened(DiffConfirmScreen("a = 1", "a = 2")) as (app, pilot):
        assert "+1 -1" in app.seen()
        await pilot.press(key)
        await pilot.pause()

    assert app.answers == [answer]


@pytest.mark.parametrize("width", [80, 130])
async def test_a_comparison_stands_as_the_width_allows_and_can_be_turned(opened: Opener, width: int) -> None:
    async with opened(DiffConfirmScreen("a = 1", "a = 2"), (width, 24)) as (app, pilot):
        await pilot.pause()
        assert any("1 -" in line and "1 +" in line for line in app.seen().split("\n")) == (width == 130)
        await pilot.press("v")
        await pilot.pause()
        assert any("1 -" in line and "1 +" in line for line in app.seen().split("\n")) == (width == 80)


@pytest.mark.parametrize("size", [(80, 24), (130, 40)])
async def test_a_change_far_to_the_right_is_seen_at_once_in_no_more_room_than_it_takes(
    opened: Opener, size: tuple[int, int]
) -> None:
    before = f"places = [{', '.join(repr(f'cabinet {n}') for n in range(12))}]"
    async with opened(DiffConfirmScreen(before, before.replace("cabinet 9", "cabinet 77")), size) as (
        app,
        pilot,
    ):
        await pilot.pause()
        assert "cabinet 77" in app.seen()
        assert app.screen.query_one("#box").size.height < 14


MESSAGES = (
    Message("system", "Plan by code.\x0c"),
    Message("assistant", "I do."),
    Message("user", "Expand f()"),
)


@pytest.mark.slow
async def test_each_message_can_be_edited(opened: Opener) -> None:
    async with opened(MessagesScreen("The prompt", MESSAGES)) as (app, pilot):
        assert "3 user" in app.seen() and "Expand f()" in app.seen()
        await pilot.press("end", "!", "f2", "f2")
        await pilot.pause()
        assert "Plan by code." in app.seen()
        await pilot.press("f3")
        await pilot.pause()
        await pilot.press("end", "!", "ctrl+s")
        await pilot.pause(0.1)
        assert "I do.!" in app.seen() and "Expand f()!" in app.seen()
        await pilot.press("enter")
        await pilot.pause()

    assert app.answers == [(MESSAGES[0], Message("assistant", "I do.!"), Message("user", "Expand f()!"))]


@pytest.mark.slow
async def test_messages_that_were_only_looked_at_stay_as_they_are(opened: Opener) -> None:
    async with opened(MessagesScreen("The prompt", MESSAGES)) as (app, pilot):
        await pilot.press("f2", "f2", "f2", "ctrl+s")
        await pilot.pause(0.1)

    assert app.answers == [MESSAGES]


@pytest.mark.slow
async def test_messages_that_are_left_can_be_gone_on_with(opened: Opener) -> None:
    screen = MessagesScreen("The prompt", MESSAGES)
    async with opened(screen) as (_, pilot):
        await pilot.press("?", "escape", "k")
        await pilot.pause()
    again = MessagesScreen("The prompt", MESSAGES, draft=screen.draft)
    async with opened(again) as (app, pilot):
        assert app.screen.query_one(TextBox).text == "?Expand f()"
        assert again.is_changed
