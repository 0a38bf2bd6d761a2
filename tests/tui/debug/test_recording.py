"""A recording that is opened to be looked at: said on top, and what would change it is refused at once."""

from __future__ import annotations

import pytest

from recode_tui.opening import Open
from tests.tui.debug.conftest import Sit


async def test_the_bar_says_that_it_is_a_recording(sit: Sit, recording: Open, expert: Open) -> None:
    async with sit(recording, (80, 24)) as seat:
        assert "recording" in seat.status
    async with sit(expert) as seat:
        assert "recording" not in seat.status


@pytest.mark.parametrize("key", ["e", "ctrl+e", "g", "v", "a", "r", "x"])
async def test_what_would_change_it_is_refused_at_once_with_the_way_to_go_on(
    sit: Sit, recording: Open, key: str
) -> None:
    async with sit(recording, (160, 40)) as seat:
        await seat.press("C", "s", "s", key)
        assert seat.app.screen is seat.screen and seat.focus == "plan"
        assert "recording" in seat.footer and "recode debug" in seat.footer


async def test_an_edit_that_is_typed_is_refused_too(sit: Sit, recording: Open) -> None:
    async with sit(recording, (160, 40)) as seat:
        await seat.command("edit 0")
        assert seat.app.screen is seat.screen
        assert "recode debug" in seat.footer


async def test_its_history_is_moved_through_as_any(sit: Sit, recording: Open) -> None:
    async with sit(recording) as seat:
        await seat.press("C", "s")
        assert "recode debug" not in seat.footer
