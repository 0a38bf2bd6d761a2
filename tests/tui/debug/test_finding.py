"""A search in the panel that has the focus: its rows, and which of them one is at."""

from __future__ import annotations

import pytest

from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.session_sources import Open
from recode_tui.widgets.row_list import RowList
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
        assert "'mug' was not found here" in ui.footer


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


CODE = {
    ROOT: "mug = find('mug')\nprint('the mug is', mug)\nfind('mug, again')",
    "mug = find('mug')": "mug = run('look')",
    "find('mug, again')": "run('look at the mug')",
}


@pytest.fixture
def mugs(script_run: ScriptRun) -> Open:
    return script_run(
        CODE, {"look": "A desk.\n" * 30 + "A mug.\n" + "A desk.\n" * 30, "look at the mug": "It is red."}
    )


def found_of(ui: DebuggerPilot) -> tuple[str, int]:
    """The text that is searched in the code panel, and the number of its matches."""
    matches = ui.screen.code.page.matches
    return matches.wanted, len(matches)


async def test_every_tab_is_searched_and_the_search_goes_on_in_the_next_one(
    open_screen: OpenScreen, mugs: Open
) -> None:
    async with open_screen(mugs) as ui:
        await ui.press("c", "home", "2")
        await search(ui, "mug")
        assert found_of(ui) == ("mug", 5) and "1 of 5" in ui.footer
        await ui.press("full_stop", "full_stop")
        assert "3 of 5: . next, , previous" in ui.footer and ui.screen.code.line == ("0", 2)
        await ui.press("comma", "comma", "comma")
        assert "5 of 5" in ui.footer
        await ui.press("right_square_bracket", "right_square_bracket")
        assert found_of(ui) == ("mug", 5) and "5 found in the tab Reply" in ui.footer
        await ui.press("full_stop", "full_stop")
        assert "2 of 5" in ui.footer
        await ui.press("right_square_bracket")
        assert found_of(ui)[1] == 2 and "2 found in the tab Output" in ui.footer
        await ui.press("left_square_bracket", "left_square_bracket")
        prompt = "\n".join(
            ui.screen.code.page.document.text(n) for n in range(len(ui.screen.code.page.document.lines))
        )
        assert found_of(ui) == ("mug", prompt.lower().count("mug"))
        await search(ui, "mug")  # closing the prompt lays the page out again
        place = ui.screen.code.page.found
        assert place is not None and "1 of " in ui.footer
        await ui.press("full_stop")
        assert "2 of " in ui.footer and ui.screen.code.page.found != place
        await search(ui, "household")
        assert ("was not found in this tab" in ui.footer) == ("household" not in prompt.lower())
        await ui.press("escape")
        assert found_of(ui) == ("", 0)


async def test_a_moment_that_is_shown_next_is_searched_too(open_screen: OpenScreen, mugs: Open) -> None:
    async with open_screen(mugs) as ui:
        await ui.press("s", "s", "2")
        await search(ui, "look")
        assert "'look' was not found in this tab" in ui.footer
        plan = ui.screen.plan
        assert not any(plan.is_matched(row) for row in range(plan.count()))
        await ui.press("s", "s")
        assert ui.at == ("action", "0.0.0") and found_of(ui) == ("look", 1)
        assert [row for row in range(plan.count()) if plan.is_matched(row)]
        await ui.press("full_stop")
        assert "1 of 1" in ui.footer
        await ui.press("1", "full_stop")
        assert "1 of 2" in ui.footer and "find('mug')" in ui.row


async def test_a_search_is_shown_in_every_panel_and_goes_on_in_the_focused_one(
    open_screen: OpenScreen, mugs: Open
) -> None:
    async with open_screen(mugs) as ui:
        await ui.press("c", "home")
        await search(ui, "mug")
        assert "1 of " in ui.footer and "& only these" in ui.footer
        for name in ("plan", "environment", "variables"):
            rows = ui.screen.query_one(f"#{name}", RowList)
            assert any(rows.is_matched(row) for row in range(rows.count())), name
        await ui.press("3", "home", "full_stop")
        assert "of 2: . next" in ui.footer
        await ui.press("4", "home", "full_stop")
        assert "1 of 1: . next" in ui.footer
        await ui.press("5")
        await search(ui, "main")
        assert "1 of 1" in ui.footer and ui.focus == "timeline"


async def test_a_match_deep_in_an_observation_is_shown_below_its_row(
    open_screen: OpenScreen, mugs: Open
) -> None:
    async with open_screen(mugs) as ui:
        await ui.press("c", "3", "home")
        await search(ui, "a mug")
        assert "A mug." in ui.panel("environment")


async def test_an_escaped_or_empty_search_is_no_search(open_screen: OpenScreen, mugs: Open) -> None:
    async with open_screen(mugs) as ui:
        await ui.press("c", "1", "home", "2", "full_stop")
        assert "no text is searched for: / begins a search" in ui.footer
        await ui.hit("slash")
        await ui.write("mug")
        assert found_of(ui)[1] == 5
        await ui.press("escape")
        assert found_of(ui) == ("", 0)
        await search(ui, "mug")
        await search(ui, "")
        assert found_of(ui) == ("", 0)
