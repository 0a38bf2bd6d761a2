"""The row that the cursor is on stays in sight, whatever changes the height of its panel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.scroll_view import ScrollView
from textual.widgets import TextArea

from recode_tui.widgets.row_list import RowList
from recode_tui.widgets.text_view import TextView
from tests.screenshots import LARGE, SIZES, SMALL, staged
from tests.tui.debug.debugger_pilot import DebuggerPilot


def unseen(ui: DebuggerPilot) -> list[str]:
    """The panels on the screen whose current row is not in sight."""
    panels = [panel for panel in ui.screen.query(RowList).results() if panel.region.height and panel.count()]
    rows: dict[str, tuple[int, ScrollView]] = {
        panel.id or "": (panel.cursor_line - panel.scroll_offset.y, panel) for panel in panels
    }
    page = ui.screen.code.page
    if page.region.height:
        rows["code"] = page.rows.first_of(page.cursor) - page.scroll_offset.y, page
    return [
        name for name, (row, panel) in rows.items() if not 0 <= row < panel.scrollable_content_region.height
    ]


async def _resized(ui: DebuggerPilot) -> None:
    for size in ((100, 16), SMALL, LARGE, (120, 14), (60, 13)):
        await ui.pilot.resize_terminal(*size)
        await ui.settle()
        assert not unseen(ui), size


async def _zoomed(ui: DebuggerPilot) -> None:
    for panel in "124":
        await ui.press(panel, "plus")
        assert not unseen(ui), panel
        await ui.press("plus")
        assert not unseen(ui), panel


async def _split(ui: DebuggerPilot) -> None:
    for key in ("ctrl+up", "ctrl+down", "ctrl+down"):
        await ui.hit(key, key, key, key)
        await ui.settle()
        assert not unseen(ui)


async def _prompted(ui: DebuggerPilot) -> None:
    for key in ("colon", "slash", "a"):
        await ui.hit(key)
        await ui.taken()
        assert not unseen(ui), key
        await ui.hit("escape", "escape")
        await ui.taken()
        assert not unseen(ui), key


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("change", [_resized, _zoomed, _split, _prompted])
async def test_the_current_row_of_every_panel_stays_in_sight(
    change: Callable[[DebuggerPilot], Awaitable[None]], size: tuple[int, int]
) -> None:
    async with staged("loop", size) as ui:
        await ui.press("1", "end", "2", "end", "4", "end", "3", "end", "1")
        assert not unseen(ui)
        await change(ui)


@pytest.mark.slow
async def test_the_cursor_of_an_editor_stays_in_sight() -> None:
    async with staged("editor", LARGE) as ui:
        box = ui.app.screen.query_one(TextArea)
        await ui.hit("ctrl+end")
        for size in ((100, 14), LARGE, SMALL):
            await ui.pilot.resize_terminal(*size)
            await ui.taken()
            assert box.scroll_offset.y <= box.cursor_location[0] < box.scroll_offset.y + box.size.height


@pytest.mark.slow
async def test_what_was_found_in_a_text_stays_in_sight() -> None:
    async with staged("read-household", LARGE) as ui:
        view = ui.app.screen.query_one(TextView)
        view.find("a")
        view.find_previous()
        for size in ((100, 14), SMALL, LARGE):
            await ui.pilot.resize_terminal(*size)
            await ui.taken()
            assert view.found is not None
            row = view.rows.first_of(view.found.line, view.found.column) - view.scroll_offset.y
            assert 0 <= row < view.size.height
