"""The plan at a moment of the past: its nodes have the statements that they had then."""

from __future__ import annotations

import pytest

from recode_core.debugger.commands import EditCode
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot


@pytest.fixture
def sums(script_run: ScriptRun) -> Open:
    return script_run({ROOT: "a = 1\nc = other(a)\nd = 4", "c = other(a)": "b = 2\nc = a + b"})


def rows(ui: DebuggerPilot) -> list[str]:
    """What the rows of the plan show, without their borders and guides."""
    return [row for line in ui.plan.split("\n")[1:-1] if (row := line.strip("│├└ "))]


async def test_before_an_edit_the_plan_has_only_the_code_of_that_time(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        ui.screen.controller.execute(EditCode("0.1", "b = 20\nc = a + b\nc = c * 2"))
        await ui.settle()
        assert ui.frame.branch == "edit-1"
        assert [row for row in rows(ui) if "b = 2" in row] == ["▶ b = 20"]
        await ui.press("S", "S")
        assert ui.frame.branch == "edit-1"
        assert [row.split(" ", 1)[1] for row in rows(ui)][1:] == [
            "a = 1", "c = other(a)", "b = 2", "c = a + b", "d = 4"
        ]  # fmt: skip
        await ui.press("c", "C")
        assert not any("b = 20" in row for row in rows(ui))
        assert any("b = 2" in row for row in rows(ui))


async def test_before_a_repair_the_plan_has_only_the_code_that_failed(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    run = script_run({ROOT: "c = other()", "c = other()": ["c = 1 / 0", "c = 2"]})
    async with open_screen(run) as ui:
        await ui.press("c", "c")
        assert ui.at[0] == "end"
        assert [row[0] for row in rows(ui) if "c = 1 / 0" in row or "c = 2" in row] == ["↺", "✔"]
        await ui.press("C")
        assert ui.at[0] == "failure"
        assert [row.split("  ")[0] for row in rows(ui)][1:] == ["◐ c = other()", "✖ c = 1 / 0"]
        await ui.press("C")
        assert not any("c = 2" in row for row in rows(ui))


async def test_a_node_of_a_later_version_gives_the_cursor_to_its_parent(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        ui.screen.controller.execute(EditCode("0.1", "b = 20\nc = a + b"))
        await ui.settle()
        assert ui.row.endswith("b = 20")
        await ui.press("down")  # the plan no longer follows
        assert ui.row.endswith("c = a + b")
        await ui.command("goto 0.0")
        assert not any("b = 20" in row for row in rows(ui))


async def test_what_an_edit_in_place_takes_away_is_shown_before_it(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "s")
        assert ui.at == ("model", "0.1")
        ui.screen.controller.execute(EditCode("0", "a = 1\nc = other(a)"))
        await ui.settle()
        assert not any("d = 4" in row for row in rows(ui))
        await ui.press("S")
        assert any("d = 4" in row for row in rows(ui))


async def test_the_root_has_its_statement_at_the_start(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c", "C")
        assert ui.at == ("start", "0")
        assert ui.row == f"▶ {ROOT}"


async def test_a_search_finds_what_the_plan_shows_at_the_moment(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        ui.screen.controller.execute(EditCode("0.1", "b = 20\nc = a + b"))
        await ui.settle()
        await ui.press("C", "slash")
        await ui.write("b = 20")
        await ui.press("enter")
        assert "was not found in this branch" in ui.footer
