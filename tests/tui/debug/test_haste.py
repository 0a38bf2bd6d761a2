"""Keys that come faster than screens go: nothing falls, and nobody is sent further than they asked."""

from __future__ import annotations

import random

import pytest

from recode_tui.debug import keys
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.debug.drafts import DraftKey
from recode_tui.session_sources import Open
from tests.support.markers import first_quick
from tests.tui.debug.conftest import OpenScreen
from tests.tui.debug.debugger_pilot import DebuggerPilot

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


async def rush(ui: DebuggerPilot, *keys: str) -> None:
    """Press keys so quickly that the last has come before the first has done anything."""
    for key in keys:
        ui.post(key)
    await ui.taken()
    await ui.settle()


async def test_a_second_key_at_the_question_whether_to_leave_the_editor_leaves_no_more(
    open_screen: OpenScreen, expert: Open
) -> None:
    async with open_screen(expert) as ui:
        await ui.press("s", "s", "e")
        await ui.until(lambda: isinstance(ui.app.screen, EditorScreen))
        await ui.hit("x", "escape")
        await ui.until(lambda: "Leave the editor?" in ui.seen)
        await rush(ui, "d", "d")
        await ui.until(lambda: ui.app.screen is ui.screen)


async def test_a_second_no_to_leaving_is_no_second_answer(open_screen: OpenScreen, expert: Open) -> None:
    async with open_screen(expert) as ui:
        ui.screen.controller.drafts[DraftKey("code", "0")] = "a draft"
        await ui.hit("q")
        assert "Leave the debugger?" in ui.seen
        await rush(ui, "n", "n")
        assert ui.app.screen is ui.screen


async def test_the_palette_is_left_once_and_what_was_chosen_in_it_is_done_once(
    open_screen: OpenScreen, expert: Open
) -> None:
    async with open_screen(expert) as ui:
        await ui.hit("ctrl+p")
        await ui.write("help")
        await rush(ui, "enter", "enter")
        await rush(ui, "escape", "escape", "escape")
        assert ui.app.screen is ui.screen


@pytest.mark.slow_variants
@pytest.mark.parametrize("key", ["B", "T", "question_mark", "g", "ctrl+p"])
async def test_a_window_that_is_closed_twice_is_closed_once(
    open_screen: OpenScreen, expert: Open, key: str
) -> None:
    async with open_screen(expert) as ui:
        await ui.press("s")
        await ui.hit(key)
        await ui.until(lambda: ui.has_dialog)
        await rush(ui, "escape", "escape")
        assert ui.app.screen is ui.screen


async def test_who_leaves_twice_from_home_is_at_home(open_screen: OpenScreen, expert: Open) -> None:
    async with open_screen(expert) as ui:
        home = ui.app.screen_stack[0]
        ui.app._open_session = None
        ui.post("q")
        ui.post("q")
        await ui.until(lambda: ui.app.screen is home)
        await ui.taken()
        assert ui.app.screen_stack == [home]


@pytest.mark.slow
@pytest.mark.parametrize("seed", first_quick(range(4)))
async def test_any_keys_in_any_haste_leave_the_screen_as_it_was_or_the_app_ended(
    open_screen: OpenScreen, expert: Open, seed: int
) -> None:
    chance, done = random.Random(seed), []
    async with open_screen(expert) as ui:
        try:
            for _ in range(400):
                key = chance.choice(chance.choice((KEYS, OTHERS, ANSWERS)))
                done.append(key)
                ui.post(key)
                if chance.random() < 0.3:
                    await ui.taken()
                if chance.random() < 0.05:
                    await ui.pilot.pause(0.05)
                if ui.is_over:
                    break
            await ui.taken()
            assert ui.is_over or ui.screen in ui.app.screen_stack
            assert ui.app._exception is None
        except BaseException as error:
            error.add_note(f"after {done}")
            raise
