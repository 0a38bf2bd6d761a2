"""A search in the panel that has the focus: its rows, and which of them one is at."""

from __future__ import annotations

import pytest

from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, Scripting, Sit
from tests.tui.debug.seat import Seat

ROOMS = {
    "go 0": "A shelf.",
    "go 1": "On the table is a keychain.",
    "go 2": "A shelf.",
    "go 3": "A keychain, again.",
}


@pytest.fixture
def loop(scripting: Scripting) -> Open:
    return scripting({ROOT: "for n in range(4):\n    seen = run(f'go {n}')\nlast = 'keychain 3'"}, ROOMS)


def row_of(seat: Seat) -> str:
    """The row at the environment's cursor."""
    panel = seat.screen.query_one(EnvironmentPanel)
    return panel.render_line(panel.cursor - panel.scroll_offset.y).text.strip()


async def search(seat: Seat, text: str) -> None:
    await seat.hit("slash")
    await seat.write(text)
    await seat.press("enter")


async def test_a_search_in_the_environment_goes_from_row_to_row_within_a_loop(sit: Sit, loop: Open) -> None:
    async with sit(loop) as seat:
        await seat.press("c", "3", "home")
        await search(seat, "keychain")
        assert "#2" in row_of(seat) and "1 of 2" in seat.footer
        assert seat.focus == "environment"
        await seat.press("full_stop")
        assert "#4" in row_of(seat) and "2 of 2" in seat.footer
        await seat.press("full_stop")
        assert "#2" in row_of(seat) and "1 of 2" in seat.footer
        await seat.press("comma")
        assert "#4" in row_of(seat) and "2 of 2" in seat.footer


async def test_rows_that_were_found_are_marked_until_the_search_is_left(sit: Sit, loop: Open) -> None:
    async with sit(loop) as seat:
        await seat.press("c", "3", "home")
        await search(seat, "shelf")
        panel = seat.screen.query_one(EnvironmentPanel)
        assert [row for row in range(panel.count()) if panel.is_matched(row)] == [1, 3]
        await seat.press("escape")
        assert not any(panel.is_matched(row) for row in range(panel.count()))


async def test_what_no_row_has_is_said_to_be_nowhere(sit: Sit, loop: Open) -> None:
    async with sit(loop) as seat:
        await seat.press("c", "3")
        await search(seat, "mug")
        assert "'mug' is nowhere here" in seat.footer


async def test_variables_are_found_by_name_and_by_value(sit: Sit, loop: Open) -> None:
    async with sit(loop) as seat:
        await seat.press("c", "4")
        await search(seat, "keychain")
        variables = seat.screen.query_one("#variables")
        assert "1 of 2" in seat.footer and seat.focus == "variables"
        await seat.press("full_stop")
        assert "2 of 2" in seat.footer
        await search(seat, "last")
        assert "1 of 1" in seat.footer
        assert variables.has_focus


async def test_a_hit_of_the_plan_within_a_loop_shows_the_very_row(sit: Sit, loop: Open) -> None:
    async with sit(loop) as seat:
        await seat.press("c", "home")
        await search(seat, "again")
        assert "for n in range" in seat.row
        assert "#4" in row_of(seat)
