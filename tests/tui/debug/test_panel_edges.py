"""The edges between panels are dragged with the mouse, in each layout, and remembered."""

from __future__ import annotations

import pytest
from textual.geometry import Region

from recode_tui import preferences
from recode_tui.debug.panel_edges import Drag, Edge, Size, columns, edge_at
from recode_tui.preferences import Preferences
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import OpenScreen
from tests.tui.debug.debugger_pilot import DebuggerPilot

TWO = {
    "body": Region(0, 1, 120, 35),
    "plan": Region(0, 1, 50, 35),
    "code": Region(50, 1, 70, 14),
    "environment": Region(50, 15, 70, 12),
    "variables": Region(50, 27, 70, 9),
    "timeline": Region(0, 36, 120, 3),
}
THREE = {
    "body": Region(0, 1, 180, 40),
    "plan": Region(0, 1, 53, 40),
    "code": Region(53, 1, 73, 40),
    "environment": Region(126, 1, 54, 22),
    "variables": Region(126, 23, 54, 18),
    "timeline": Region(0, 41, 180, 3),
}
ONE = {"body": Region(0, 1, 80, 22), "plan": Region(0, 1, 80, 8), "code": Region(0, 9, 80, 14)}
LAYOUTS = {1: ONE, 2: TWO, 3: THREE}
SIZES = {1: (80, 24), 2: (120, 40), 3: (180, 45)}


@pytest.mark.parametrize(("width", "count"), [(40, 1), (99, 1), (100, 2), (169, 2), (170, 3), (300, 3)])
def test_a_wider_screen_has_more_columns(width: int, count: int) -> None:
    assert columns(width) == count


@pytest.mark.parametrize(
    ("count", "x", "y", "size"),
    [
        (2, 49, 9, "left"),
        (2, 50, 9, "left"),
        (2, 60, 14, "upper"),
        (2, 60, 15, "upper"),
        (2, 60, 26, "environment"),
        (2, 60, 36, "lines"),
        (2, 20, 35, "lines"),
        (2, 20, 20, None),
        (2, 60, 20, None),
        (2, 20, 14, None),
        (3, 52, 9, "left"),
        (3, 126, 9, "right"),
        (3, 130, 23, "environment"),
        (3, 60, 15, None),
        (3, 60, 40, "lines"),
        (1, 20, 8, "plan"),
        (1, 20, 9, "plan"),
        (1, 20, 12, None),
    ],
)
def test_both_borders_belong_to_an_edge(count: int, x: int, y: int, size: Size | None) -> None:
    edge = edge_at(LAYOUTS[count], count, x, y)
    assert (edge.size if edge is not None else None) == size


@pytest.mark.parametrize(
    ("count", "start", "end", "expected"),
    [
        (2, (49, 9), (59, 20), {"left": 50}),
        (2, (49, 9), (0, 9), {"left": 20}),
        (2, (49, 9), (119, 9), {"left": 80}),
        (2, (60, 15), (60, 22), {"upper": 60}),
        (2, (60, 27), (60, 25), {"environment": 48}),
        (2, (60, 36), (60, 30), {"lines": 9}),
        (2, (60, 36), (60, 39), {"lines": 3}),
        (3, (53, 9), (71, 9), {"left": 56}),
        (3, (126, 9), (108, 9), {"right": 67, "left": 49}),
        (1, (20, 8), (20, 12), {"plan": 55}),
    ],
)
def test_an_edge_follows_the_mouse_within_limits(
    count: int, start: tuple[int, int], end: tuple[int, int], expected: dict[str, int]
) -> None:
    edge = edge_at(LAYOUTS[count], count, *start)
    assert isinstance(edge, Edge)
    layout = Drag(edge, LAYOUTS[count], Preferences(), count, *start).to(*end)
    default = Preferences()
    changed = {
        name: getattr(layout, name)
        for name in Preferences.__struct_fields__
        if getattr(layout, name) != getattr(default, name)
    }
    assert changed == expected


async def drag(ui: DebuggerPilot, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag from a cell to another one, over a cell between."""
    await ui.pilot.mouse_down(offset=start)
    for at in (((start[0] + end[0]) // 2, (start[1] + end[1]) // 2), end):
        await ui.pilot.hover(offset=at)
    await ui.pilot.mouse_up(offset=end)
    await ui.settle()


@pytest.mark.parametrize(
    ("count", "panel", "by", "side"),
    [
        (2, "plan", (12, 0), "width"),
        (2, "code", (0, 5), "height"),
        (2, "environment", (0, -4), "height"),
        (3, "plan", (9, 0), "width"),
        (3, "environment", (0, 6), "height"),
        (1, "plan", (0, 4), "height"),
    ],
)
async def test_a_panel_is_as_large_as_it_was_dragged_and_keeps_that(
    open_screen: OpenScreen, recording: Open, count: int, panel: str, by: tuple[int, int], side: str
) -> None:
    first, size = 0, SIZES[count]
    for is_first in (True, False):
        async with open_screen(recording, size=size) as ui:
            region = ui.screen.query_one(f"#{panel}").region
            if is_first:
                first = getattr(region, side)
                start = (region.right - 1, region.y + 3) if by[0] else (region.x + 5, region.bottom - 1)
                await drag(ui, start, (start[0] + by[0], start[1] + by[1]))
                region = ui.screen.query_one(f"#{panel}").region
                assert ui.app.mouse_captured is None and not ui.screen.selections
            assert abs(getattr(region, side) - (first + by[0] + by[1])) <= 1
    async with open_screen(recording, size=size) as ui:
        await ui.press("equals_sign")
        assert getattr(ui.screen.query_one(f"#{panel}").region, side) == first
        assert "the panels have the sizes" in ui.footer
    assert preferences.load() == Preferences(hints=preferences.load().hints)


async def test_the_timeline_is_dragged_and_is_as_before_while_it_is_alone(
    open_screen: OpenScreen, recording: Open
) -> None:
    async with open_screen(recording) as ui:
        top = ui.screen.query_one("#timeline").region.y
        await drag(ui, (30, top), (30, top - 6))
        assert ui.screen.query_one("#timeline").size.height == 7
        await ui.press("5", "plus")
        assert ui.screen.query_one("#timeline").size.height > 30
        await ui.press("plus")
        assert ui.screen.query_one("#timeline").size.height == 7


async def test_a_click_on_a_tab_in_the_border_is_no_drag(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording, size=(80, 24)) as ui:
        at = ui.code.split("\n")[0].index("Prompt")
        await ui.pilot.click("#code", offset=(at + 1, 0))
        await ui.settle()
        assert ui.screen.code.tab == "prompt"
        assert preferences.remembered().plan == Preferences().plan


async def test_text_is_still_selected_in_panels(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording) as ui:
        code = ui.screen.code.region
        await drag(ui, (code.x + 8, code.y + 2), (code.x + 20, code.y + 3))
        assert ui.screen.get_selected_text()
