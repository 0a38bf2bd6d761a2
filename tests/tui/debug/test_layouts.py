"""Panels and how they share the screen: by size, by key, by mouse, and remembered."""

from __future__ import annotations

import pytest

from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

NAMES = {
    "plan": "1 Plan",
    "code": "2 Code",
    "environment": "3 Environment",
    "variables": "4 Variables",
    "timeline": "5 Timeline",
}


@pytest.fixture
def walk(script_run: ScriptRun) -> Open:
    """A run with a placeholder, actions and output."""
    code = {ROOT: "a = first()\nb = run('look')\nprint(b)", "a = first()": "x = 1\na = run('go')"}
    return script_run(code, {"go": "You went.", "look": "A door."})


def shown(ui: DebuggerPilot) -> list[str]:
    """The panels that are seen."""
    return [name for name, title in NAMES.items() if f"╭─ {title}" in ui.seen]


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(100, 30), (169, 50), (170, 40)])
async def test_from_100_columns_on_every_panel_is_seen(
    open_screen: OpenScreen, walk: Open, size: tuple[int, int]
) -> None:
    async with open_screen(walk, size) as ui:
        await ui.press("s", "s", "s")
        assert shown(ui) == list(NAMES)
        assert max(map(len, ui.seen.split("\n"))) <= size[0]
        code, plan = ui.screen.query_one("#code").region, ui.screen.query_one("#plan").region
        assert code.x == plan.right
        is_wide = size[0] >= 170
        assert (ui.screen.query_one("#variables").region.x >= code.right) == is_wide


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(120, 40), (100, 30), (170, 40)])
async def test_the_panels_follow_each_other_in_the_order_of_their_numbers(
    open_screen: OpenScreen, walk: Open, size: tuple[int, int]
) -> None:
    async with open_screen(walk, size) as ui:
        regions = [ui.screen.query_one(f"#{name}").region for name in NAMES]
        plan, code, environment, variables, timeline = regions
        assert sorted(regions[:4], key=lambda region: (region.x, region.y)) == regions[:4]
        assert (plan.x, plan.y, plan.bottom) == (0, 1, timeline.y)
        assert (code.x, code.y) == (plan.right, plan.y)
        if size[0] < 170:
            assert (environment.x, environment.y) == (code.x, code.bottom)
        else:
            assert (environment.x, environment.y) == (code.right, code.y)
        assert (variables.x, variables.y) == (environment.x, environment.bottom)
        assert variables.bottom == timeline.y


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_panels_keep_their_places_while_one_steps(
    open_screen: OpenScreen, expert: Open, size: tuple[int, int]
) -> None:
    async with open_screen(expert, size) as ui:
        places = set()
        for key in ("s", "s", "s", "s", "n", "n", "n", "n", "n", "s", "s", "s", "s", "s", "f", "S", "N", "c"):
            await ui.press(key)
            places.add(tuple(ui.screen.query_one(f"#{name}").region for name in NAMES))
        assert ui.at[0] == "end"
        assert len(places) == 1


@pytest.mark.slow
async def test_at_80_columns_there_is_the_plan_and_the_panel_that_is_asked_for(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk, (80, 24)) as ui:
        await ui.press("s", "s", "s", "c")
        assert shown(ui) == ["plan", "code"]
        for key, name in (("3", "environment"), ("4", "variables"), ("2", "code")):
            await ui.press(key)
            assert shown(ui) == ["plan", name]
            assert ui.focus == name
        await ui.press("5")
        assert "5 Timeline" in ui.seen
        assert ui.focus == "timeline"
        await ui.press("1", "escape")
        assert ui.focus == "plan"
        assert "s step" in ui.footer


async def test_tab_goes_round_the_panels_both_ways(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        names = []
        for _ in range(6):
            names.append(ui.focus)
            await ui.press("tab")
        assert names == [*NAMES, "plan"]
        await ui.press("shift+tab", "shift+tab")
        assert ui.focus == "timeline"


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_panel_is_seen_alone_and_all_again(
    open_screen: OpenScreen, walk: Open, size: tuple[int, int]
) -> None:
    async with open_screen(walk, size) as ui:
        await ui.press("s", "s", "s")
        before = shown(ui)
        for key, name in zip("12345", NAMES, strict=True):
            await ui.press(key, "plus")
            assert shown(ui) == [name]
            region = ui.screen.query_one(f"#{name}").region
            assert (region.width, region.height) == (size[0], size[1] - 2)
            await ui.press("escape")
        await ui.press("2", "1")
        assert shown(ui) == before
        await ui.press("plus", "3")
        assert shown(ui) == ["environment"]
        await ui.press("plus")
        assert len(shown(ui)) == len(before)


@pytest.mark.slow
async def test_the_sizes_of_panels_are_changed_by_keys_and_remembered(
    open_screen: OpenScreen, walk: Open, recording: Open
) -> None:
    async with open_screen(walk) as ui:
        plan, code = ui.screen.query_one("#plan"), ui.screen.query_one("#code")
        before = plan.region.width, code.region.height
        await ui.press("greater_than_sign", "greater_than_sign", "ctrl+down")
        larger = plan.region.width, code.region.height
        assert larger > before
        assert larger[1] > before[1]
    async with open_screen(recording) as ui:
        regions = [ui.screen.query_one(name).region for name in ("#plan", "#code")]
        assert (regions[0].width, regions[1].height) == larger


@pytest.mark.slow
async def test_sizes_are_bounded_and_come_back(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        plan, code = ui.screen.query_one("#plan"), ui.screen.query_one("#code")
        await ui.press(*["less_than_sign"] * 6, *["ctrl+up"] * 8)
        assert plan.region.width >= 20
        assert code.region.height >= 5
        await ui.press(*["greater_than_sign"] * 13, *["ctrl+down"] * 13)
        assert code.region.width >= 20
        for name in ("environment", "variables"):
            assert ui.screen.query_one(f"#{name}").region.height >= 5


@pytest.mark.slow
async def test_a_resize_while_running_keeps_everything(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s", "c", "home", "down")
        row = ui.row
        for size in ((80, 24), (200, 60), (40, 10), (20, 5), (100, 30), (120, 40)):
            await ui.pilot.resize_terminal(*size)
            await ui.taken()
        assert ui.row == row
        assert shown(ui) == list(NAMES)


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(40, 12), (3, 2)])
async def test_a_very_small_terminal_breaks_nothing(
    open_screen: OpenScreen, walk: Open, size: tuple[int, int]
) -> None:
    async with open_screen(walk, size) as ui:
        await ui.press("s", "s", "s", "2", "3", "4", "5", "plus", "1", "plus", "slash", "escape", "c")
        assert ui.at[0] == ("end" if size[0] >= 40 else "start")  # where nothing is seen no key acts


async def test_tabs_of_the_code_are_turned_by_keys(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home")
        titles = []
        for _ in range(5):
            titles.append(ui.code.split("\n")[0])
            await ui.press("right_square_bracket")
        assert [
            next(word for word in ("Code ·", "Prompt ·", "Reply ·", "Output ·") if word in title)
            for title in titles
        ] == ["Code ·", "Prompt ·", "Reply ·", "Output ·", "Code ·"]
        await ui.press("left_square_bracket", "left_square_bracket")
        assert "Output" in ui.code
        assert "A door." in ui.code


async def test_a_loop_says_in_which_pass_it_is(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("for x in 'ab':\n    run(x)")) as ui:
        await ui.command("break action b")
        await ui.press("c")
        assert "pass 2" in ui.code


# the mouse


async def test_a_click_on_a_row_of_the_plan_looks_at_it_and_a_second_goes_there(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        row = next(y for y, line in enumerate(ui.plan.split("\n")) if "run('look')" in line)
        await ui.pilot.click("#plan", offset=(10, row))
        await ui.settle()
        assert "run('look')" in ui.row
        assert ui.at[0] == "end"
        await ui.pilot.click("#plan", offset=(10, row), times=2)
        await ui.settle()
        assert ui.at == ("statement", "0.1")


@pytest.mark.slow
async def test_a_click_on_a_title_turns_to_that_tab(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home")
        for name in ("Prompt", "Reply", "Output", "Code"):
            x = ui.code.split("\n")[0].index(name)
            await ui.pilot.click("#code", offset=(x + 1, 0))
            await ui.taken()
            assert f"{name} ·" in ui.code.split("\n")[0]


@pytest.mark.slow
async def test_a_click_on_the_timeline_goes_to_that_moment(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        await ui.pilot.click("#timeline", offset=(17, 1))
        await ui.settle()
        assert "◀" in ui.status
        assert ui.at[0] in ("start", "model")


async def test_a_click_on_a_key_of_the_footer_presses_it(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.pilot.click("#status-line", offset=(ui.footer.index("s step") + 3, 0))
        await ui.settle()
        assert ui.at == ("model", "0")
        await ui.pilot.click("#status-line", offset=(ui.footer.index(": command") + 2, 0))
        await ui.taken()
        assert ui.screen.query_one("#prompt").has_focus


async def test_a_click_on_an_action_shows_the_node_that_took_it(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        row = next(y for y, line in enumerate(ui.panel("environment").split("\n")) if " go " in line)
        await ui.pilot.click("#environment", offset=(20, row))
        await ui.settle()
        assert "a = run('go')" in ui.row
        assert ui.focus == "environment"


# the timeline by keys


@pytest.mark.slow
async def test_the_timeline_is_scrubbed_by_keys(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "5", *["left"] * 25)
        assert "┃" in ui.panel("timeline")
        await ui.press("enter")
        assert "◀" in ui.status
        at = ui.frame.n
        await ui.press(*["l"] * 12, "enter")
        assert ui.frame.n > at


async def test_the_timeline_goes_to_another_branch(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "end", "r", "c")
        assert "retry-1" in ui.panel("timeline")
        assert "▸ retry-1" in ui.status
        await ui.press("5", "up", "left", "enter")
        assert "▸" not in ui.status


async def test_no_key_acts_unseen_on_a_terminal_that_is_too_small(
    open_screen: OpenScreen, expert: Open
) -> None:
    async with open_screen(expert) as ui:
        await ui.command("where")
        await ui.press("s", "6")
        written = len(ui.records)
        await ui.pilot.resize_terminal(30, 8)
        await ui.until(lambda: "make the" in ui.seen)
        await ui.press("s", "s", "e", "colon")
        assert len(ui.records) == written and not ui.has_dialog
        assert "Console" not in ui.seen
        await ui.pilot.resize_terminal(120, 40)
        await ui.until(lambda: "1 Plan" in ui.seen)
        await ui.press("s")
        assert len(ui.records) > written
