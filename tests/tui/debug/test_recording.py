"""A recording that is opened to be looked at: said on top, and what would change it is refused at once."""

from __future__ import annotations

import pytest

from recode_tui.session_sources import Open
from tests.tui.debug.conftest import OpenScreen


async def test_the_bar_says_that_it_is_a_recording(
    open_screen: OpenScreen, recording: Open, expert: Open
) -> None:
    async with open_screen(recording, (80, 24)) as ui:
        assert "recording" in ui.status
    async with open_screen(expert) as ui:
        assert "recording" not in ui.status


@pytest.mark.slow_variants
@pytest.mark.parametrize("key", ["e", "ctrl+e", "g", "v", "a", "r", "x"])
async def test_what_would_change_it_is_refused_at_once_with_the_way_to_go_on(
    open_screen: OpenScreen, recording: Open, key: str
) -> None:
    async with open_screen(recording, (160, 40)) as ui:
        await ui.press("C", "s", "s", key)
        assert ui.app.screen is ui.screen and ui.focus == "plan"
        assert "read-only" in ui.footer and "recode debug" in ui.footer


async def test_an_edit_that_is_typed_is_refused_too(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording, (160, 40)) as ui:
        await ui.command("edit 0")
        assert ui.app.screen is ui.screen
        assert "recode debug" in ui.footer


async def test_its_history_is_moved_through_as_any(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording) as ui:
        await ui.press("C", "s")
        assert "recode debug" not in ui.footer
