"""A recording that is opened to be looked at: said on top, and what would change it is refused at once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from recode_core.debugger import debug_session
from recode_core.errors import EnvironmentUnavailable
from recode_tui import session_sources
from recode_tui.app import RecodeApp
from recode_tui.debug.screen import DebugScreen
from recode_tui.home.screen import HomeScreen
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import SAMPLES, OpenScreen
from tests.tui.debug.debugger_pilot import DebuggerPilot

REFUSAL = "this is a recording: G goes on from here in a copy"


async def test_the_bar_says_that_it_is_a_recording(
    open_screen: OpenScreen, recording: Open, expert: Open
) -> None:
    async with open_screen(recording, (80, 24)) as ui:
        assert "recording" in ui.status
    async with open_screen(expert) as ui:
        assert "recording" not in ui.status


@pytest.mark.slow_variants
@pytest.mark.parametrize("key", ["e", "ctrl+e", "g", "v", "a", "r", "x", "m"])
async def test_what_would_change_it_is_refused_at_once_with_the_way_to_go_on(
    open_screen: OpenScreen, recording: Open, key: str
) -> None:
    async with open_screen(recording, (160, 40)) as ui:
        await ui.press("C", "s", "s", key)
        assert ui.app.screen is ui.screen and ui.focus == "plan"
        assert ui.footer.strip() == REFUSAL


async def test_an_edit_that_is_typed_is_refused_too(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording, (160, 40)) as ui:
        for line in ("edit 0", "skip", 'note 0 "mine"'):
            await ui.command(line)
            assert ui.app.screen is ui.screen
            assert ui.footer.strip() == REFUSAL


async def test_its_history_is_moved_through_as_any(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording) as ui:
        await ui.press("C", "s")
        assert REFUSAL not in ui.footer


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_footer_and_the_help_name_the_key_that_goes_on(
    open_screen: OpenScreen, recording: Open, size: tuple[int, int]
) -> None:
    async with open_screen(recording, size) as ui:
        assert "G go on in a copy" in ui.footer and "edit" not in ui.footer
        await ui.hit("question_mark")
        await ui.write("copy of a recording")
        await ui.until(lambda: "go on from here with a copy" in ui.seen)


async def test_a_copy_of_it_is_gone_on_with_from_the_moment_that_is_shown(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    sample = SAMPLES / "household-mended.jsonl"
    before = sample.read_bytes()
    async with open_screen(session_sources.recording(sample)) as ui:
        await ui.press("C", "s", "s", "s")
        recording, shown = ui.screen, (ui.frame.branch, ui.frame.n)
        await ui.hit("G")
        await ui.until(lambda: not ui.is_over and ui.screen is not recording)
        await ui.settle()
        assert (ui.frame.branch, ui.frame.n) == shown
        assert "recording" not in ui.status and "household-mended.jsonl is a copy" in ui.footer
        await ui.press("x")
        assert ui.frame.branch == "skip-1"
        assert ui.screen.path == tmp_path / "sessions" / "household-mended.jsonl"
    assert sample.read_bytes() == before


async def test_a_recording_on_another_branch_is_gone_on_with_there(open_screen: OpenScreen) -> None:
    async with open_screen(session_sources.recording(SAMPLES / "household-mended.jsonl")) as ui:
        other = next(name for name in ui.frame.log.branches if name != ui.frame.branch)
        await ui.command(f"switch {other}")
        recording = ui.screen
        await ui.hit("G")
        await ui.until(lambda: not ui.is_over and ui.screen is not recording)
        await ui.settle()
        assert ui.frame.branch == other


async def test_what_cannot_be_gone_on_with_stays_a_recording_and_leaves_no_copy(
    open_screen: OpenScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise EnvironmentUnavailable("the world is not installed")

    monkeypatch.setattr(debug_session, "open_live", refuse)
    async with open_screen(session_sources.recording(SAMPLES / "household-puttwo.jsonl")) as ui:
        await ui.press("C", "s", "s")
        recording, shown = ui.screen, ui.frame.n
        await ui.hit("G")
        await ui.until(lambda: not ui.is_over and ui.screen is not recording)
        await ui.settle()
        assert "recording" in ui.status and ui.frame.n == shown
        assert "cannot be continued: the world is not installed" in ui.footer
    assert not list((tmp_path / "sessions").iterdir())


async def test_a_session_that_is_no_recording_needs_no_copy(open_screen: OpenScreen, expert: Open) -> None:
    async with open_screen(expert, (80, 24)) as ui:
        screen = ui.screen
        await ui.press("G")
        assert ui.screen is screen and "not a recording" in ui.footer
        assert "end goes to the last row" in ui.footer


async def test_a_recording_from_home_is_gone_on_with_and_left_for_home(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    shutil.copy(SAMPLES / "household-puttwo.jsonl", folder / "mine.jsonl")
    app = RecodeApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: isinstance(app.screen, HomeScreen) and "mine" in ui.seen)
        await ui.hit("r")
        await ui.until(lambda: isinstance(app.screen, DebugScreen))
        await ui.settle()
        recording = ui.screen
        await ui.hit("G", "G")
        await ui.until(lambda: not ui.is_over and ui.screen is not recording)
        await ui.settle()
        assert ui.screen.path == folder / "mine-2.jsonl"
        assert sum(isinstance(screen, DebugScreen) for screen in app.screen_stack) == 1
        await ui.hit("q")
        await ui.until(lambda: isinstance(app.screen, HomeScreen))
        await ui.until(lambda: "mine-2" in ui.seen)
