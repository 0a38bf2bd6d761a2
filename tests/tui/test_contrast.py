"""Whatever is drawn can be read: in our themes, in those of the terminal's colours, and with 256 colours.

In our themes, and with 256 colours, all scenes are measured where they are compared, in `test_screenshots`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from rich.color import Color, ColorSystem
from rich.terminal_theme import TerminalTheme
from textual.theme import Theme
from textual.widgets import Input, TextArea

from recode_tui.themes import ANSI_DARK, ANSI_LIGHT, DARK, LIGHT
from tests.screenshots import SIZES, staged, use_theme
from tests.tui.contrast import DECORATION, LEAST, Pair, check, pairs
from tests.tui.debug.debugger_pilot import DebuggerPilot

LEAST_APPROXIMATE = 3.0
"""Where the terminal chooses the colours: still told from its ground."""

_XTERM = [
    *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205)),
    (229, 229, 229),
]
_BRIGHT = [
    *((127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255)),
    (255, 255, 255),
]
XTERM_DARK = TerminalTheme((0, 0, 0), (229, 229, 229), _XTERM, _BRIGHT)
XTERM_LIGHT = TerminalTheme((255, 255, 255), (0, 0, 0), _XTERM, _BRIGHT)

Change = Callable[[DebuggerPilot], Awaitable[object]]


async def _found(ui: DebuggerPilot) -> None:
    """Search in every panel: what is found, and the row of the cursor, are marked."""
    for panel in "1342":
        await ui.press(panel)
        await ui.hit("slash")
        await ui.write("i" if panel == "4" else "location")
        await ui.press("enter")


async def _selected(ui: DebuggerPilot) -> None:
    """Select all of what is edited, with a fault in it."""
    ui.app.screen.query_one(TextArea).select_all()
    await ui.taken()


async def _typed(ui: DebuggerPilot) -> None:
    """An empty field, which says what it is for, and one that is selected."""
    await ui.hit("slash", "x", "ctrl+shift+a")
    for field in ui.app.screen.query(Input).results():
        field.cursor_blink = False


async def _nothing(ui: DebuggerPilot) -> None:
    pass


STATES: list[tuple[str, Change]] = [
    ("loop", _found),
    ("failure", _nothing),
    ("editor", _selected),
    ("compare", _nothing),
    ("home", _typed),
]
"""A few scenes that have most colours between them, and what is done there."""


@asynccontextmanager
async def in_state(name: str, change: Change) -> AsyncIterator[DebuggerPilot]:
    async with staged(name, SIZES[0]) as ui:
        await change(ui)
        yield ui


async def check_all(ui: DebuggerPilot) -> None:
    """Check what is on the screen in every theme."""
    for theme in (DARK, LIGHT):
        await use_theme(ui, theme.name)
        check([*pairs(ui.app, XTERM_DARK)], LEAST)
        check([*pairs(ui.app, XTERM_DARK, ColorSystem.EIGHT_BIT)], LEAST)
    for theme, palette in ((ANSI_DARK, XTERM_DARK), (ANSI_LIGHT, XTERM_LIGHT)):
        await use_theme(ui, theme.name)
        check([*pairs(ui.app, palette)], LEAST_APPROXIMATE)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_with_256_colours_backgrounds_stay_apart_and_neutral_ones_neutral(theme: Theme) -> None:
    backgrounds = {name: theme.variables[name] for name in ("row", "row-blurred", "current")}
    backgrounds |= {"surface": str(theme.surface), "panel": str(theme.panel)}
    nearest = {
        name: Color.parse(color).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        for name, color in backgrounds.items()
    }
    assert all(len({*nearest[name]}) == 1 for name in ("surface", "panel", "row-blurred"))
    assert len({nearest[name] for name in ("surface", "row", "row-blurred")}) == 3
    assert nearest["surface"] not in (nearest["panel"], nearest["current"])


@pytest.mark.parametrize("theme", [ANSI_DARK, ANSI_LIGHT], ids=lambda theme: theme.name)
def test_frames_are_seen_in_the_colours_of_the_terminal(theme: Theme) -> None:
    palette = XTERM_DARK if theme.dark else XTERM_LIGHT
    for name in ("border", "border-blurred", "scrollbar"):
        color = Color.parse(theme.variables[name].removeprefix("ansi_"))
        assert Pair(color.get_truecolor(palette), palette.background_color, name).contrast >= 3


@pytest.mark.parametrize("theme", [ANSI_DARK, ANSI_LIGHT], ids=lambda theme: theme.name)
async def test_the_row_of_the_cursor_is_reversed_in_one_colour(theme: Theme) -> None:
    async with staged("loop", SIZES[0]) as ui:
        await use_theme(ui, theme.name)
        for panel in "12":
            await ui.press(panel)
            strips = ui.screen._compositor.render_strips(ui.screen.size)
            texts = [each for strip in strips for each in strip if {*each.text} - DECORATION]
            styles = [each.style for each in texts if each.style and each.style.reverse]
            assert styles
            assert {(style.color, style.bgcolor) for style in styles} == {(Color.default(), Color.default())}


@pytest.mark.slow_variants
@pytest.mark.parametrize(("name", "change"), STATES, ids=[name for name, _ in STATES])
async def test_every_text_has_enough_contrast(name: str, change: Change) -> None:
    async with in_state(name, change) as ui:
        await check_all(ui)
