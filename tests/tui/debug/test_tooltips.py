"""The mouse over a glyph, a mark or a count shows what it means."""

from __future__ import annotations

import pytest

from recode_tui.session_sources import Open
from recode_tui.statuses import ACTION, CALL, CURSOR, FOLD, GLYPHS, LEGEND, WORDS, meaning_at, meaning_of
from tests.tui.debug.conftest import OpenScreen
from tests.tui.debug.debugger_pilot import DebuggerPilot


async def tip(ui: DebuggerPilot, panel: str, sign: str, line: int = 0) -> str:
    """Move the mouse over the first such sign in a panel's line; return the tooltip."""
    region = ui.screen.query_one(f"#{panel}").region
    x = ui.panel(panel).split("\n")[line].index(sign)
    await ui.pilot.hover(offset=(region.x + x, region.y + line))
    await ui.taken()
    widget, _ = ui.screen.get_widget_at(region.x + x, region.y + line)
    return str(widget.tooltip or "")


async def test_glyphs_marks_and_counts_are_explained(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording) as ui:
        await ui.press("home")
        assert await tip(ui, "plan", GLYPHS["done"].text, 1) == meaning_of(GLYPHS["done"].text)
        assert await tip(ui, "plan", "solve", 1) == ""
        assert await tip(ui, "plan", "Plan") == ""
        for glyph in (CALL, ACTION, CURSOR, FOLD):
            assert await tip(ui, "timeline", glyph.text, 1) == meaning_of(glyph.text)
        assert await tip(ui, "timeline", "main", 1) == ""
        assert await tip(ui, "status", GLYPHS["done"].text) == meaning_of(GLYPHS["done"].text)
        for name, text in WORDS:
            assert (await tip(ui, "status", name)).endswith(text)
        assert await tip(ui, "status", "expert") == await tip(ui, "status", "·") == ""


@pytest.mark.parametrize(("meaning", "sign"), [(meaning, glyph.text) for meaning, glyph in LEGEND])
def test_every_glyph_has_its_meaning(meaning: str, sign: str) -> None:
    assert meaning_of(sign) == f"{sign} {meaning}"


def test_text_that_contains_a_glyph_is_not_explained() -> None:
    assert meaning_at("a ✔b ✔ 3 steps", 2) == ""
    assert meaning_at("a ✔b ✔ 3 steps", 5) == meaning_of("✔")
    assert meaning_at("a ✔b ✔ 1 step", 12).startswith("step: actions")
    assert meaning_at("a", 7) == ""
