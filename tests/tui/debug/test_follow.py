"""A run that another process writes, on the screen while it goes on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recode_core.debugger.debug_session import start
from recode_core.session import Settings
from recode_tui import session_sources
from tests.support.gated_run import GatedRun
from tests.tui.debug.conftest import OpenScreen
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.terminal import Terminal


def last_stop(ui: DebuggerPilot) -> int:
    return ui.frame.timeline.stops[-1].n


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_run_is_followed_to_its_end(
    open_screen: OpenScreen, path: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    with GatedRun(tmp_path, path) as run:
        async with open_screen(session_sources.following(path), size) as ui:
            await ui.until(lambda: "following" in ui.status and "waiting for gated" in ui.status)
            before = ui.frame.n
            run.let()
            await ui.until(lambda: ui.frame.n > before)
            run.finish()
            await ui.until(lambda: "run ended" in ui.status and "solved" in ui.status)
            assert "the run has ended: solved" in ui.footer
            assert ui.frame.n == last_stop(ui)
            assert "✔" in ui.plan


async def test_the_cursor_stays_where_it_was_put_until_f(
    open_screen: OpenScreen, path: Path, tmp_path: Path
) -> None:
    with GatedRun(tmp_path, path) as run:
        async with open_screen(session_sources.following(path)) as ui:
            await ui.press("S")
            here, known = ui.frame.n, ui.frame.known
            run.let()
            await ui.until(lambda: ui.frame.known > known)
            assert ui.frame.n == here
            assert "following" in ui.status and "◀" in ui.status
            await ui.press("F")
            await ui.until(lambda: ui.frame.n == last_stop(ui))
            assert "F to the end" in ui.footer


async def test_a_killed_run_says_so_and_how_to_go_on(
    open_screen: OpenScreen, path: Path, tmp_path: Path
) -> None:
    with GatedRun(tmp_path, path) as run:
        async with open_screen(session_sources.following(path), (200, 40)) as ui:
            run.kill()
            await ui.until(lambda: "run stopped" in ui.status)
            assert f"no process writes it: recode debug {path} goes on with it" in ui.footer
            await ui.until(lambda: "◐" not in ui.status)


async def test_what_would_change_it_is_refused_and_a_copy_goes_on(
    open_screen: OpenScreen, path: Path, tmp_path: Path
) -> None:
    with GatedRun(tmp_path, path):
        before = path.read_bytes()
        async with open_screen(session_sources.following(path)) as ui:
            await ui.press("x")
            assert "another process writes this run: G goes on from here in a copy" in ui.footer
            await ui.command("skip")
            assert "another process writes this run" in ui.footer
            assert path.read_bytes() == before


async def test_a_file_that_is_deleted_is_told_in_words(open_screen: OpenScreen, path: Path) -> None:
    with start(Settings("household", "put:7"), path) as writing:
        writing.debugger.step()
        async with open_screen(session_sources.following(path), (200, 40)) as ui:
            shown = ui.frame.n
            path.unlink()
            await ui.until(lambda: "not followed" in ui.status)
            assert "was moved or deleted: what was read stays" in ui.footer
            assert ui.frame.n == shown


async def test_to_open_a_session_that_another_process_writes_is_to_follow_it(
    open_screen: OpenScreen, path: Path, tmp_path: Path
) -> None:
    with GatedRun(tmp_path, path) as run:
        async with open_screen(session_sources.session(path, tmp_path)) as ui:
            await ui.until(lambda: "following" in ui.status)
            run.finish()
            await ui.until(lambda: "run ended" in ui.status)


def test_in_a_real_terminal_a_run_is_followed_and_left_without_a_trace(path: Path, tmp_path: Path) -> None:
    env = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    command = (sys.executable, "-c", "from recode_tui.cli import main; main()", "replay", "--follow")
    with GatedRun(tmp_path, path) as run, Terminal([*command, str(path)], env=env) as terminal:
        terminal.wait_for("following", "waiting for gated")
        run.finish()
        terminal.wait_for("run ended", "✔ solved")
        after = path.read_bytes()
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert path.read_bytes() == after
