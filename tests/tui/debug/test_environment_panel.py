"""The environment panel: each observation is shown once, and what there is room for is not cut."""

from __future__ import annotations

import pytest

from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

SIZES = [(120, 40), (80, 24)]
LONG = "You are in the kitchen, and see a fridge, a stove, a table with four chairs, a shelf and a soap bar."


def lines(ui: DebuggerPilot) -> list[str]:
    """The lines of the panel without its border."""
    return [line[1:-1].strip() for line in ui.panel("environment").split("\n")[1:-1]]


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", SIZES)
async def test_the_first_observation_is_shown_once(
    open_screen: OpenScreen, expert: Open, size: tuple[int, int]
) -> None:
    async with open_screen(expert, size) as ui:
        await ui.press("3", "s", "s")
        assert lines(ui)[0] == "-= Welcome to TextWorld, ALFRED! =-"
        assert ui.panel("environment").count("Welcome") == 1
        assert "Your task is to: put a cd in shelf." in lines(ui)
        await ui.press("c", "end")
        assert ui.panel("environment").count("Welcome") <= 1


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", SIZES)
async def test_an_observation_is_in_its_row_or_below_it(
    open_screen: OpenScreen, script_run: ScriptRun, size: tuple[int, int]
) -> None:
    answers = {"wait": "Time passes.", "look": LONG, "read": "One.\nTwo."}
    async with open_screen(script_run("run('wait')\nrun('look')\nrun('read')", answers), size) as ui:
        await ui.press("3", "c", "home", "down")
        assert ui.panel("environment").count("Time passes.") == 1
        assert lines(ui)[1].split() == ["0.0", "wait", "Time", "passes."]
        await ui.press("down")
        assert ui.panel("environment").count("You are in the kitchen") == 1
        assert lines(ui)[2].split() == ["0.1", "look"]
        assert " ".join(lines(ui)[3:5]) == LONG
        await ui.press("down")
        assert lines(ui)[2].startswith("0.1 look         You are in the kitchen, and")
        assert lines(ui)[3:6] == ["0.2 read", "One.", "Two."]


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", SIZES)
async def test_an_action_is_not_cut_while_there_is_room(
    open_screen: OpenScreen, expert: Open, size: tuple[int, int]
) -> None:
    async with open_screen(expert, size) as ui:
        await ui.press("3", "c")
        for action in ("take cd 2 from sidetable 1 You pick up the cd 2", "move cd 2 to shelf 2"):
            assert action in ui.panel("environment")


async def test_a_long_action_leaves_room_for_observations(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    long = f"say {'hello ' * 20}".strip()
    code = f"run({long!r})\nrun('look')\nrun('look')"
    async with open_screen(
        script_run(code, {long: "Nobody answers you, since you are alone.", "look": LONG})
    ) as ui:
        await ui.press("3", "c")
        assert any("… Nobody answers you" in line for line in lines(ui))
        await ui.press("up", "up")
        assert "hello hello hello hello hello hello hello hello hello" in ui.panel("environment")


async def test_columns_fit_what_is_in_sight(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    code = "run('take the soap bar from the sink')\nfor n in range(30):\n    run('look')"
    async with open_screen(script_run(code, {"look": LONG})) as ui:
        await ui.press("3", "c", "home")
        assert "take the soap bar from the sink" in ui.panel("environment")
        await ui.press("end")
        assert "look         You are in the kitchen, and see a fr" in ui.panel("environment")


async def test_a_long_observation_has_the_lines_that_are_free(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    letter = "\n".join(f"line {number}" for number in range(1, 40))
    code = "run('read')\nfor n in range(12):\n    run('look')\nrun('read')"
    async with open_screen(script_run(code, {"read": letter, "look": LONG})) as ui:
        panel = ui.screen.query_one(EnvironmentPanel)
        await ui.command("break action look once")
        await ui.press("c")
        height = panel.scrollable_content_region.height
        free = height - 3  # rows: the reset, the action, and the one that waits
        assert free > 6
        hidden = 39 - free + 1
        reads = f"… enter reads the other {hidden} lines"
        expected = ["0.0    read", *(f"line {n}" for n in range(1, free)), reads, "▶ 0.1#1  look"]
        assert [line.split() for line in lines(ui)[1:]] == [line.split() for line in expected]
        await ui.press("c", "3", "end")
        assert sum(line.startswith("line ") for line in lines(ui)) == 5
        assert "… enter reads the other 34 lines" in lines(ui)
        await ui.press("plus")
        assert sum(line.startswith("line ") for line in lines(ui)) == panel.size.height - 15 - 1


async def test_an_observation_stays_where_it_is_while_the_next_action_waits(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    code = "a = run('look')\nb = run('wait')"
    async with open_screen(script_run(code, {"look": LONG, "wait": "Time passes."})) as ui:
        await ui.command("until 0.1")
        before = lines(ui)
        assert ui.at == ("statement", "0.1")
        assert " ".join(before[2:4]) == LONG
        await ui.press("s")
        assert ui.at == ("action", "0.1")
        assert lines(ui)[:4] == before[:4]
        assert lines(ui)[4].split() == ["▶", "0.1", "wait"]
        await ui.pilot.click("#environment", offset=(5, 5))
        assert ui.screen.query_one(EnvironmentPanel).cursor == 2
        await ui.pilot.click("#environment", offset=(5, 3))
        assert ui.screen.query_one(EnvironmentPanel).cursor == 1


async def test_the_action_stays_that_waits_while_code_behind_it_is_edited(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    opened = script_run({ROOT: "find()\nc = 3", "find()": "b = run('look')"}, {"look": "A door."})
    async with open_screen(opened) as ui:
        await ui.command("break action look")
        await ui.press("c")
        await ui.press("colon")
        await ui.paste("edit 0.1 <<END\nc = 4\nEND")
        await ui.until(lambda: "c = 4" in ui.plan)
        assert ui.at == ("action", "0.0.0")
        assert "◉ 0.0.0 look" in ui.panel("environment")
        assert "0.0.0 · look" in ui.panel("timeline")
        await ui.press("a")
        assert 'action "look"' in ui.prompt


async def test_a_past_action_is_replaced_from_its_row(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    answers = {"look": "A door.", "go": "You went.", "jump": "You jumped."}
    opened = script_run({ROOT: ["a = run('look')\nb = run('go')"] * 2}, answers)
    async with open_screen(opened) as ui:
        await ui.press("c", "3", "home", "down", "a")
        assert 'action "look"' in ui.prompt
        await ui.settle()
        assert ui.at == ("action", "0.0")
        await ui.press("ctrl+u")
        await ui.write('action "jump"')
        await ui.press("enter")
        await ui.until(lambda: ui.frame.branch == "action-1")
        assert "jump" in ui.panel("environment")
