"""A search in the panel that has the focus: its rows, and which of them one is at."""

from __future__ import annotations

import pytest

from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

ROOMS = {
    "go 0": "A shelf.",
    "go 1": "On the table is a keychain.",
    "go 2": "A shelf.",
    "go 3": "A keychain, again.",
}


@pytest.fixture
def loop(script_run: ScriptRun) -> Open:
    return script_run({ROOT: "for n in range(4):\n    seen = run(f'go {n}')\nlast = 'keychain 3'"}, ROOMS)


def row_of(ui: DebuggerPilot) -> str:
    """The row at the environment's cursor."""
    panel = ui.screen.query_one(EnvironmentPanel)
    return panel.render_line(panel.cursor_line - panel.scroll_offset.y).text.strip()


async def search(ui: DebuggerPilot, text: str) -> None:
    await ui.hit("slash")
    await ui.write(text)
    await ui.press("enter")


async def test_a_search_in_the_environment_goes_from_row_to_row_within_a_loop(
    open_screen: OpenScreen, loop: Open
) -> None:
    async with open_screen(loop) as ui:
        await ui.press("c", "3", "home")
        await search(ui, "keychain")
        assert "#2" in row_of(ui) and "1 of 2" in ui.footer
        assert ui.focus == "environment"
        await ui.press("full_stop")
        assert "#4" in row_of(ui) and "2 of 2" in ui.footer
        await ui.press("full_stop")
        assert "#2" in row_of(ui) and "1 of 2" in ui.footer
        await ui.press("comma")
        assert "#4" in row_of(ui) and "2 of 2" in ui.footer


async def test_rows_that_were_found_are_marked_until_the_search_is_left(
    open_screen: OpenScreen, loop: Open
) -> None:
    async with open_screen(loop) as ui:
        await ui.press("c", "3", "home")
        await search(ui, "shelf")
        panel = ui.screen.query_one(EnvironmentPanel)
        assert [row for row in range(panel.count()) if panel.is_matched(row)] == [1, 3]
        await ui.press("escape")
        assert not any(panel.is_matched(row) for row in range(panel.count()))


async def test_what_no_row_has_is_said_to_be_nowhere(open_screen: OpenScreen, loop: Open) -> None:
    async with open_screen(loop) as ui:
        await ui.press("c", "3")
        await search(ui, "mug")
        assert "'mug' is nowhere here" in ui.footer


@pytest.mark.slow
async def test_variables_are_found_by_name_and_by_value(open_screen: OpenScreen, loop: Open) -> None:
    async with open_screen(loop) as ui:
        await ui.press("c", "4")
        await search(ui, "keychain")
        variables = ui.screen.query_one("#variables")
        assert "1 of 2" in ui.footer and ui.focus == "variables"
        await ui.press("full_stop")
        assert "2 of 2" in ui.footer
        await search(ui, "last")
        assert "1 of 1" in ui.footer
        assert variables.has_focus


async def test_a_hit_of_the_plan_within_a_loop_shows_the_very_row(
    open_screen: OpenScreen, loop: Open
) -> None:
    async with open_screen(loop) as ui:
        await ui.press("c", "home")
        await search(ui, "again")
        assert "for n in range" in ui.row
        assert "#4" in row_of(ui)
