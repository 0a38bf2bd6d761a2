"""Nothing that is read keeps the screen from answering."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from recode_core.session.catalog import SessionEntry, load_result
from recode_tui.home import load_incrementally as loading
from recode_tui.home.sessions import Sessions
from tests.support.waiting import PATIENCE
from tests.tui.home.home_pilot import SAMPLES, HomeApp, HomePilot, made, open_home, solved

MANY = 300


@pytest.fixture
def many(folder: Path) -> Path:
    """Sessions of which every tenth is damaged."""
    for number in range(MANY):
        path = solved(folder, f"s{number:03}", hour=number % 24)
        if not number % 10:
            path.write_bytes(path.read_bytes()[: 20 + number])
    return folder


async def test_hundreds_of_sessions_are_all_read_and_the_damaged_ones_say_so(many: Path) -> None:
    async with open_home(many) as ui:
        assert len(ui.names()) == MANY
        assert all(entry.is_read for entry in ui.listing().items)
        assert sum(bool(entry.error) for entry in ui.listing().items) == MANY // 10


@pytest.mark.slow
async def test_the_event_loop_takes_turns_while_hundreds_of_sessions_are_read(many: Path) -> None:
    turns = 0

    async def beat() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with open_home(many) as ui:
        ui.app.home.query_one(Sessions).entries = None  # as if nothing had been read yet
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
    solved(folder, "long", hour=10)
    made(folder, "short", "heat:3", hour=9)
    may_read = threading.Event()

    def slowly(entry: SessionEntry) -> SessionEntry:
        if entry.path.parent == folder:
            assert may_read.wait(PATIENCE)
        return load_result(entry)

    monkeypatch.setattr(loading, "load_result", slowly)
    app = HomeApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        ui = HomePilot(app, pilot)
        while len(ui.names()) < 2:
            await pilot.pause(0.01)
        assert ui.rows()[0].startswith("…  put:7")
        assert "reading…" in ui.detail
        await pilot.press("down", "R")
        await pilot.pause()
        assert [settings.task for settings in app.runs] == ["heat:3"]
        may_read.set()
        await ui.settle()
        assert ui.rows()[0].startswith("✔  put:7")
        assert ui.name == "short"


async def test_results_appear_as_they_come(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        solved(folder, f"s{number}", hour=number)
    monkeypatch.setattr(loading, "_OFTEN", 0)
    steps = [[entry.is_read for entry in entries] for entries in loading.arriving(folder)]
    assert steps[0] == [False, False, False]
    assert steps[1] == [True, False, False]
    assert steps[-1] == [True, True, True]


def test_a_large_file_is_read_after_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(folder, "small", hour=1)
    solved(folder, "large", hour=2)
    monkeypatch.setattr(loading, "_LARGE", 10_000)
    monkeypatch.setattr(loading, "_OFTEN", 0)
    assert SAMPLES.is_dir()
    steps = [[entry.path.stem for entry in entries if entry.is_read] for entries in loading.arriving(folder)]
    assert steps[1] == ["small"]


def test_what_is_known_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solved(folder, "a")
    *_, known = loading.arriving(folder)

    def never(entry: SessionEntry) -> SessionEntry:
        raise AssertionError(entry.path)

    monkeypatch.setattr(loading, "load_result", never)
    assert list(loading.arriving(folder, known)) == [known]
