"""The help tells every key, command and glyph, and searches as one types."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.binding import Binding, BindingType
from textual.screen import Screen

from recode_core.debugger.commands import COMMANDS
from recode_tui.help_screen import HelpScreen
from recode_tui.statuses import LEGEND
from recode_tui.widgets.text_view import TextView
from tests.tui.themed import ThemedApp


class Under(Screen[None]):
    """A screen with keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "bell", "ring the bell", group=Binding.Group("Changes")),
        Binding("s,f11", "bell", "to the next stop", group=Binding.Group("Moves")),
    ]


class HelpApp(ThemedApp):
    """A screen with its help over it."""

    def on_mount(self) -> None:
        self.push_screen(Under())

    async def help(self) -> HelpScreen:
        screen = HelpScreen(self.screen.active_bindings, LEGEND, ("Moves", "Changes"), COMMANDS.values())
        await self.push_screen(screen)
        return screen

    @property
    def told(self) -> str:
        return self.screen.query_one(TextView).copied()


async def test_every_key_command_and_glyph_is_told_in_order() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.help()
        await pilot.pause()
        lines = app.told.split("\n")
        assert lines[:6] == [
            "Moves",
            f"  {'s f11':<18}to the next stop",
            "",
            "Changes",
            f"  {'x':<18}ring the bell",
            "",
        ]
        for command in COMMANDS.values():
            assert f"  {command.usage}" in app.told
        for meaning, look in LEGEND:
            assert f"  {look.glyph:<18}{meaning}" in lines
        assert all(len(line) <= 74 or line.startswith("  ") for line in lines)


@pytest.mark.slow
async def test_typing_searches_and_escape_backs_out_step_by_step() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.press(*"bell")
        assert app.told == f"Changes\n  {'x':<18}ring the bell"
        await pilot.press(*"zzz")
        assert "nothing is called 'bellzzz'" in app.told
        await pilot.press("escape")
        assert "to the next stop" in app.told
        await pilot.press("escape")
        assert app.screen is not screen


@pytest.mark.parametrize("key", ["q", "question_mark", "escape"])
async def test_the_help_closes_as_it_was_opened(key: str) -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.press(key)
        assert app.screen is not screen


async def test_a_q_in_a_search_is_a_letter() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.press("slash", "s", "q")
        assert app.screen is screen


async def test_the_arrows_scroll_while_one_types() -> None:
    app = HelpApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await app.help()
        await pilot.pause()
        view = screen.query_one(TextView)
        seen = []
        for key in ("down", "pagedown", "ctrl+end", "up", "pageup", "ctrl+home"):
            await pilot.press(key)
            seen.append(view.scroll_offset.y)
        page = view.size.height - 1
        last = view.max_scroll_y
        assert seen == [1, 1 + page, last, last - 1, last - 1 - page, 0]
