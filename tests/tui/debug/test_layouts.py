"""Panels and how they share the screen: by size, by key, by mouse, and remembered."""

from __future__ import annotations

import pytest

from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, Scripting, Sit
from tests.tui.debug.seat import Seat

NAMES = {
    "plan": "1 Plan",
    "code": "2 Code",
    "environment": "3 Environment",
    "variables": "4 Variables",
    "timeline": "5 Timeline",
}


@pytest.fixture
def walk(scripting: Scripting) -> Open:
    """A run with a placeholder, actions and output."""
    code = {ROOT: "a = first()\nb = run('look')\nprint(b)", "a = first()": "x = 1\na = run('go')"}
    return scripting(code, {"go": "You went.", "look": "A door."})


def shown(seat: Seat) -> list[str]:
    """The panels that are seen."""
    return [name for name, title in NAMES.items() if title in seat.seen]


@pytest.mark.parametrize("size", [(100, 30), (169, 50), (170, 40)])
async def test_from_100_columns_on_every_panel_is_seen(sit: Sit, walk: Open, size: tuple[int, int]) -> None:
    async with sit(walk, size) as seat:
        await seat.press("s", "s", "s")
        assert shown(seat) == list(NAMES)
        assert max(map(len, seat.seen.split("\n"))) <= size[0]
        code, plan = seat.screen.query_one("#code").region, seat.screen.query_one("#plan").region
        assert code.x == plan.right
        is_wide = size[0] >= 170
        assert (seat.screen.query_one("#variables").region.x >= code.right) == is_wide


async def test_at_80_columns_there_is_the_plan_and_the_panel_that_is_asked_for(sit: Sit, walk: Open) -> None:
    async with sit(walk, (80, 24)) as seat:
        await seat.press("s", "s", "s", "c")
        assert shown(seat) == ["plan", "code"]
        for key, name in (("3", "environment"), ("4", "variables"), ("2", "code")):
            await seat.press(key)
            assert shown(seat) == ["plan", name]
            assert seat.focus == name
        await seat.press("5")
        assert "5 Timeline" in seat.seen
        assert seat.focus == "timeline"
        await seat.press("1")
        assert seat.focus == "plan"
        assert "s step" in seat.footer


async def test_tab_goes_round_the_panels_both_ways(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        names = []
        for _ in range(6):
            names.append(seat.focus)
            await seat.press("tab")
        assert names == [*NAMES, "plan"]
        await seat.press("shift+tab", "shift+tab")
        assert seat.focus == "timeline"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_panel_is_seen_alone_and_all_again(sit: Sit, walk: Open, size: tuple[int, int]) -> None:
    async with sit(walk, size) as seat:
        await seat.press("s", "s", "s")
        before = shown(seat)
        for key, name in zip("12345", NAMES, strict=True):
            await seat.press(key, "plus")
            assert shown(seat) == [name]
            region = seat.screen.query_one(f"#{name}").region
            assert (region.width, region.height) == (size[0], size[1] - 2)
            await seat.press("escape")
        await seat.press("2", "1")
        assert shown(seat) == before
        await seat.press("plus", "3")
        assert shown(seat) == ["environment"]
        await seat.press("plus")
        assert len(shown(seat)) == len(before)


async def test_the_sizes_of_panels_are_changed_by_keys_and_remembered(
    sit: Sit, walk: Open, recording: Open
) -> None:
    async with sit(walk) as seat:
        plan = seat.screen.query_one("#plan")
        before = plan.region
        await seat.press("greater_than_sign", "greater_than_sign", "ctrl+down")
        wider = plan.region
        assert wider.width > before.width
        assert wider.height > before.height
    async with sit(recording) as seat:
        assert seat.screen.query_one("#plan").region == wider


async def test_sizes_are_bounded_and_come_back(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        plan = seat.screen.query_one("#plan")
        await seat.press(*["less_than_sign"] * 6, *["ctrl+up"] * 8)
        assert plan.region.width >= 20
        assert plan.region.height >= 5
        await seat.press(*["greater_than_sign"] * 13, *["ctrl+down"] * 13)
        assert seat.screen.query_one("#code").region.width >= 20
        assert seat.screen.query_one("#environment").region.height >= 5


async def test_a_resize_while_running_keeps_everything(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "s", "c", "home", "down")
        row = seat.row
        for size in ((80, 24), (200, 60), (40, 10), (20, 5), (100, 30), (120, 40)):
            await seat.pilot.resize_terminal(*size)
            await seat.taken()
        assert seat.row == row
        assert shown(seat) == list(NAMES)


@pytest.mark.parametrize("size", [(40, 12), (3, 2)])
async def test_a_very_small_terminal_breaks_nothing(sit: Sit, walk: Open, size: tuple[int, int]) -> None:
    async with sit(walk, size) as seat:
        await seat.press("s", "s", "s", "2", "3", "4", "5", "plus", "1", "plus", "slash", "escape", "c")
        assert seat.at[0] == "end"


async def test_tabs_of_the_code_are_turned_by_keys(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home")
        titles = []
        for _ in range(5):
            titles.append(seat.code.split("\n")[0])
            await seat.press("right_square_bracket")
        assert [
            next(word for word in ("Code ·", "Prompt ·", "Reply ·", "Output ·") if word in title)
            for title in titles
        ] == ["Code ·", "Prompt ·", "Reply ·", "Output ·", "Code ·"]
        await seat.press("left_square_bracket", "left_square_bracket")
        assert "Output" in seat.code
        assert "A door." in seat.code


async def test_a_loop_says_in_which_pass_it_is(sit: Sit, scripting: Scripting) -> None:
    async with sit(scripting("for x in 'ab':\n    run(x)")) as seat:
        await seat.command("break action b")
        await seat.press("c")
        assert "pass 2" in seat.code


# the mouse


async def test_a_click_on_a_row_of_the_plan_looks_at_it_and_a_second_goes_there(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c")
        row = next(y for y, line in enumerate(seat.plan.split("\n")) if "run('look')" in line)
        await seat.pilot.click("#plan", offset=(10, row))
        await seat.settle()
        assert "run('look')" in seat.row
        assert seat.at[0] == "end"
        await seat.pilot.click("#plan", offset=(10, row), times=2)
        await seat.settle()
        assert seat.at == ("statement", "0.1")


async def test_a_click_on_a_title_turns_to_that_tab(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home")
        for name in ("Prompt", "Reply", "Output", "Code"):
            x = seat.code.split("\n")[0].index(name)
            await seat.pilot.click("#code", offset=(x + 1, 0))
            await seat.taken()
            assert f"{name} ·" in seat.code.split("\n")[0]


async def test_a_click_on_the_timeline_goes_to_that_moment(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c")
        await seat.pilot.click("#timeline", offset=(17, 1))
        await seat.settle()
        assert "◀" in seat.status
        assert seat.at[0] in ("start", "model")


async def test_a_click_on_a_key_of_the_footer_presses_it(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.pilot.click("#last-line", offset=(seat.footer.index("s step") + 3, 0))
        await seat.settle()
        assert seat.at == ("model", "0")
        await seat.pilot.click("#last-line", offset=(seat.footer.index(": command") + 2, 0))
        await seat.taken()
        assert seat.screen.query_one("#prompt").has_focus


async def test_a_click_on_an_action_shows_the_node_that_took_it(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c")
        row = next(y for y, line in enumerate(seat.panel("environment").split("\n")) if " go " in line)
        await seat.pilot.click("#environment", offset=(20, row))
        await seat.settle()
        assert "a = run('go')" in seat.row
        assert seat.focus == "environment"


# the timeline by keys


async def test_the_timeline_is_scrubbed_by_keys(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "5", *["left"] * 25)
        assert "┃" in seat.panel("timeline")
        await seat.press("enter")
        assert "◀" in seat.status
        at = seat.frame.n
        await seat.press(*["l"] * 12, "enter")
        assert seat.frame.n > at


async def test_the_timeline_goes_to_another_branch(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home", "end", "r", "c")
        assert "retry-1" in seat.panel("timeline")
        assert "▸ retry-1" in seat.status
        await seat.press("5", "up", "left", "enter")
        assert "▸" not in seat.status
