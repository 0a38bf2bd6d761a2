"""Loading many sessions, during which the screen stays responsive."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from recode_core.session.catalog import SessionEntry, load_result
from recode_tui.home import session_loader
from recode_tui.home.panels import SessionsPanel
from recode_tui.home.session_loader import load_incrementally
from tests.support.waiting import PATIENCE
from tests.tui.home.home_pilot import SAMPLES, HomeApp, HomePilot, open_home, write_session, write_solved

MANY = 300


@pytest.fixture
def many(folder: Path) -> Path:
    """Sessions of which every tenth is damaged."""
    for number in range(MANY):
        path = write_solved(folder, f"s{number:03}", hour=number % 24)
        if not number % 10:
            path.write_bytes(path.read_bytes()[: 20 + number])
    return folder


async def test_hundreds_of_sessions_are_all_read_and_the_damaged_ones_say_so(many: Path) -> None:
    async with open_home(many) as ui:
        assert len(ui.names()) == MANY
        assert all(entry.is_read for entry in ui.listing().shown)
        assert sum(bool(entry.error) for entry in ui.listing().shown) == MANY // 10


@pytest.mark.slow
async def test_the_event_loop_takes_turns_while_hundreds_of_sessions_are_read(many: Path) -> None:
    turns = 0

    async def beat() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with open_home(many) as ui:
        ui.app.home.query_one(SessionsPanel).entries = None  # as if nothing had been read yet
        beating = asyncio.create_task(beat())
        await ui.pilot.press("f5")
        await ui.settle()
        beating.cancel()
        assert len(ui.names()) == MANY
    assert turns > 10


async def test_rows_are_there_before_their_files_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that takes long holds up neither the list nor the keys."""
    write_solved(folder, "long", hour=10)
    write_session(folder, "short", "heat:3", hour=9)
    may_read = threading.Event()

    def slowly(entry: SessionEntry) -> SessionEntry:
        if entry.path.parent == folder:
            assert may_read.wait(PATIENCE)
        return load_result(entry)

    monkeypatch.setattr(session_loader, "load_result", slowly)
    app = HomeApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        ui = HomePilot(app, pilot)
        try:
            while "reading…" not in ui.detail:
                await pilot.pause(0.01)
            assert ui.rows()[0].startswith("…  long: put:7")
            await pilot.press("down", "R")
            await pilot.pause()
            assert [settings.task for settings in app.runs] == ["heat:3"]
        finally:
            may_read.set()
        await ui.settle()
        assert ui.rows()[0].startswith("✔  long: put a cd in shelf")
        assert ui.name == "short"


async def test_results_appear_as_they_come(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write_solved(folder, f"s{number}", hour=number)
    monkeypatch.setattr(session_loader, "_INTERVAL", 0)
    steps = [[entry.is_read for entry in entries] for entries in load_incrementally(folder)]
    assert steps[0] == [False, False, False]
    assert steps[1] == [True, False, False]
    assert steps[-1] == [True, True, True]


def test_a_large_file_is_read_after_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_session(folder, "small", hour=1)
    write_solved(folder, "large", hour=2)
    monkeypatch.setattr(session_loader, "_LARGE", 10_000)
    monkeypatch.setattr(session_loader, "_INTERVAL", 0)
    assert SAMPLES.is_dir()
    steps = [
        [entry.path.stem for entry in entries if entry.is_read] for entries in load_incrementally(folder)
    ]
    assert steps[1] == ["small"]


def test_what_is_known_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_solved(folder, "a")
    *_, known = load_incrementally(folder)

    def never(entry: SessionEntry) -> SessionEntry:
        raise AssertionError(entry.path)

    monkeypatch.setattr(session_loader, "load_result", never)
    assert list(load_incrementally(folder, known)) == [known]
