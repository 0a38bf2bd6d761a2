"""The footer begins with the keys of the panel that has the focus."""

from __future__ import annotations

import pytest

from recode_tui.debug.keys import FOCUSED, SHOWN
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun

FIRST = {
    "1": "⏎ go there  space fold  t run to here  │  s step",
    "2": "] next tab  t run to here  │  s step",
    "3": "⏎ read  a another action  │  s step",
    "4": "⏎ value  o origin  w watch  v set  │  s step",
    "5": "← → preview  ⏎ go there  i zoom in  │  s step",
    "6": "⏎ follow  ← → choose  esc hide  │  s step",
}


@pytest.fixture
def sums(script_run: ScriptRun) -> Open:
    return script_run({ROOT: "a = 1\nc = other(a)\nd = 4", "c = other(a)": "b = 2\nc = a + b"})


def test_every_panel_has_keys() -> None:
    assert FOCUSED.keys() == SHOWN.keys()


async def test_the_keys_of_the_panel_come_before_the_general_ones(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums, (120, 40)) as ui:
        await ui.press("s", "s", "s")
        for key, shown in FIRST.items():
            await ui.press(key)
            assert ui.footer.strip().startswith(shown)
            assert ui.footer.strip().endswith(": command  ? help")
        await ui.press("escape")
        assert ui.footer.strip().startswith(FIRST["5"])
        await ui.press("colon", "escape")  # the prompt is no panel
        assert ui.footer.strip().startswith(FIRST["5"])


async def test_in_80_columns_they_leave_room_for_the_moves(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums, (80, 24)) as ui:
        assert ui.footer.strip() == (
            "⏎ go there  │  s step  n next  f finish  c continue  S back  : command  ? help"
        )


async def test_a_recording_offers_no_change(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording) as ui:
        await ui.press("4")
        assert ui.footer.strip().startswith("⏎ value  o origin  w watch  │  s step")


async def test_a_click_on_a_key_of_a_panel_presses_it(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c", "escape", "1", "home", "down")
        await ui.pilot.click("#status-line", offset=(ui.footer.index("⏎ go there") + 3, 0))
        await ui.settle()
        assert ui.at == ("statement", "0.0")
        await ui.press("5")
        await ui.pilot.click("#status-line", offset=(ui.footer.index("preview") + 3, 0))
        await ui.settle()
        assert "preview" in ui.panel("timeline")
