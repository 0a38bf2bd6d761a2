"""Keys that come faster than screens go: nothing falls, and nobody is sent further than they asked."""

from __future__ import annotations

import random

import pytest

from recode_tui.debug import keys
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.opening import Open
from tests.tui.debug.conftest import Sit
from tests.tui.debug.seat import Seat

KEYS = sorted(
    {name for group in keys.GROUPS.values() for key in group for name in key.keys.split(",")}
    - {"q", "ctrl+q", "ctrl+c"}  # which leave
)
OTHERS = ["up", "down", "enter", "enter", "escape", "escape", "escape", "space", "ctrl+p", "ctrl+s", "home"]
ANSWERS = ["y", "n", "k", "d", "x", "w", "o", "u", "1", "f1", "f2"]


@pytest.fixture(autouse=True)
def without_an_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


async def rush(seat: Seat, *keys: str) -> None:
    """Press keys so quickly that the last has come before the first has done anything."""
    for key in keys:
        seat.post(key)
    await seat.taken()
    await seat.settle()


async def test_a_second_key_at_the_question_whether_to_leave_the_editor_leaves_no_more(
    sit: Sit, expert: Open
) -> None:
    async with sit(expert) as seat:
        await seat.press("s", "s", "e")
        await seat.until(lambda: isinstance(seat.app.screen, EditorScreen))
        await seat.hit("x", "escape")
        await seat.until(lambda: "Leave the editor?" in seat.seen)
        await rush(seat, "d", "d")
        await seat.until(lambda: seat.app.screen is seat.screen)


async def test_a_second_no_to_leaving_is_no_second_answer(sit: Sit, expert: Open) -> None:
    async with sit(expert) as seat:
        seat.screen.drafts["edit 0"] = "a draft"
        await seat.hit("q")
        assert "Leave the debugger?" in seat.seen
        await rush(seat, "n", "n")
        assert seat.app.screen is seat.screen


async def test_the_palette_is_left_once_and_what_was_chosen_in_it_is_done_once(
    sit: Sit, expert: Open
) -> None:
    async with sit(expert) as seat:
        await seat.hit("ctrl+p")
        await seat.write("help")
        await rush(seat, "enter", "enter")
        await rush(seat, "escape", "escape", "escape")
        assert seat.app.screen is seat.screen


@pytest.mark.parametrize("key", ["B", "T", "question_mark", "g", "ctrl+p"])
async def test_a_window_that_is_closed_twice_is_closed_once(sit: Sit, expert: Open, key: str) -> None:
    async with sit(expert) as seat:
        await seat.press("s")
        await seat.hit(key)
        await seat.until(lambda: seat.has_dialog)
        await rush(seat, "escape", "escape")
        assert seat.app.screen is seat.screen


async def test_who_leaves_twice_from_home_is_at_home(sit: Sit, expert: Open) -> None:
    async with sit(expert) as seat:
        home = seat.app.screen_stack[0]
        seat.app._open_session = None
        seat.post("q")
        seat.post("q")
        await seat.until(lambda: seat.app.screen is home)
        await seat.taken()
        assert seat.app.screen_stack == [home]


@pytest.mark.parametrize("seed", range(4))
async def test_any_keys_in_any_haste_leave_the_screen_as_it_was_or_the_app_ended(
    sit: Sit, expert: Open, seed: int
) -> None:
    chance, done = random.Random(seed), []
    async with sit(expert) as seat:
        try:
            for _ in range(400):
                key = chance.choice(chance.choice((KEYS, OTHERS, ANSWERS)))
                done.append(key)
                seat.post(key)
                if chance.random() < 0.3:
                    await seat.taken()
                if chance.random() < 0.05:
                    await seat.pilot.pause(0.05)
                if seat.is_over:
                    break
            await seat.taken()
            assert seat.is_over or seat.screen in seat.app.screen_stack
            assert seat.app._exception is None
        except BaseException as error:
            error.add_note(f"after {done}")
            raise
