"""A screen that was left, and one whose app is shutting down, answer nothing."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult
from textual.widgets import Static

from recode_tui.widgets.dismissable import DismissableScreen


class Waiting(DismissableScreen[None]):
    """A screen with work that goes on beside the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = asyncio.Event()
        self.was_left: bool | None = None

    def compose(self) -> ComposeResult:
        yield Static()

    async def until_the_end(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.was_left = self.is_dismissed


async def test_a_screen_counts_as_left_once_it_was_dismissed() -> None:
    screen = Waiting()
    assert screen.is_dismissed
    async with App[None]().run_test() as pilot:
        await pilot.app.push_screen(screen)
        assert not screen.is_dismissed
        await screen.dismiss()
        assert screen.is_dismissed


async def test_a_screen_counts_as_left_while_its_app_shuts_down() -> None:
    screen = Waiting()
    async with App[None]().run_test() as pilot:
        await pilot.app.push_screen(screen)
        screen.run_in_background(screen.until_the_end)
        await pilot.pause()
    assert screen.was_left is True
