"""The theme and the layout are remembered."""

from __future__ import annotations

from pathlib import Path

import msgspec
import platformdirs
import pytest

from recode_tui import preferences, session_sources
from recode_tui.app import RecodeApp
from recode_tui.debug.screen import DebugScreen
from recode_tui.preferences import Preferences
from recode_tui.themes import ANSI_DARK, DARK, LIGHT
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.keys import key_event
from tests.tui.themed import shown

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


def stored() -> Path:
    return platformdirs.user_state_path("recode", appauthor=False) / "state.json"


def test_without_a_file_there_are_defaults() -> None:
    assert preferences.load() == Preferences()


def test_the_theme_and_the_layout_are_stored_one_by_one() -> None:
    preferences.save_theme("recode-light")
    preferences.save_layout(Preferences(left=30, is_zoomed=True))
    assert preferences.load() == Preferences("recode-light", 30, is_zoomed=True)
    preferences.save_theme("ansi-dark")
    assert preferences.load() == Preferences("ansi-dark", 30, is_zoomed=True)


def test_that_the_tour_was_offered_is_stored_beside_them() -> None:
    preferences.save_tour_offered()
    preferences.save_layout(Preferences(left=30))
    preferences.save_theme(LIGHT.name)
    assert preferences.load() == Preferences(LIGHT.name, 30, is_tour_offered=True)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"theme": 1}', b'{"left": "wide"}', b"\xff"])
def test_a_broken_file_is_no_error(text: bytes) -> None:
    stored().parent.mkdir(parents=True)
    stored().write_bytes(text)
    assert preferences.load() == Preferences()
    preferences.save_theme(LIGHT.name)
    assert preferences.load() == Preferences(LIGHT.name)


def test_sizes_out_of_range_are_bounded() -> None:
    stored().parent.mkdir(parents=True)
    stored().write_bytes(msgspec.json.encode({"left": 0, "upper": 1000, "unknown": True}))
    assert preferences.load() == Preferences(left=20, upper=65)


def test_a_folder_that_cannot_be_written_is_no_error() -> None:
    stored().parent.parent.mkdir(parents=True)
    stored().parent.write_text("no folder")
    preferences.save_theme(LIGHT.name)
    preferences.save_layout(Preferences(left=30))
    assert preferences.load() == Preferences()


async def test_a_theme_chosen_in_the_palette_is_used_at_the_next_start(tmp_path: Path) -> None:
    app = RecodeApp(tmp_path)
    async with app.run_test() as pilot:
        assert app.theme == DARK.name
        app.search_themes()
        for key in LIGHT.name:
            app.post_message(key_event("minus" if key == "-" else key))
            await pilot.pause(0)
        while LIGHT.name not in shown(app.screen):
            await pilot.pause(0.01)
        while app.theme != LIGHT.name:
            app.post_message(key_event("enter"))
            await pilot.pause(0.01)
        while preferences.load().theme != LIGHT.name:
            await pilot.pause(0.01)
    assert RecodeApp(tmp_path).theme == LIGHT.name


async def test_a_start_stores_nothing(tmp_path: Path) -> None:
    async with RecodeApp(tmp_path).run_test() as pilot:
        await pilot.pause()
    assert not stored().exists()
    preferences.save_theme(ANSI_DARK.name)
    assert RecodeApp(tmp_path).theme == ANSI_DARK.name


def test_a_theme_that_is_gone_is_replaced_by_the_default(tmp_path: Path) -> None:
    preferences.save_theme("of another version")
    assert RecodeApp(tmp_path).theme == DARK.name


async def test_sizes_and_zoom_are_used_at_the_next_start(tmp_path: Path) -> None:
    for is_first in (True, False):
        app = RecodeApp(tmp_path, session_sources.recording(SAMPLE))
        async with app.run_test(size=(120, 40)) as pilot:
            ui = DebuggerPilot(app, pilot)
            await ui.until(lambda app=app: isinstance(app.screen, DebugScreen))  # type: ignore[misc]
            await ui.settle()
            if is_first:
                width = ui.screen.plan.size.width
                await ui.press("greater_than_sign")
                assert (wider := ui.screen.plan.size.width) > width
                await ui.press("plus")
            assert ui.screen.has_class("-zoomed")
            assert ui.screen.plan.size.width > wider
            assert not ui.screen.code.display
            if not is_first:
                await ui.press("plus")
                assert ui.screen.plan.size.width == wider
    assert not preferences.load().is_zoomed
