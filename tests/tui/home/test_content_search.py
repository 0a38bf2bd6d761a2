"""The search in the contents of all sessions, from the key to the session at the hit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Static

from recode_core.session import read
from recode_core.session.search import TextHit, search_file
from recode_tui import session_sources
from recode_tui.home import content_search
from recode_tui.home.content_search import HitList
from tests.support.waiting import PATIENCE
from tests.tui.home.home_pilot import SAMPLES, HomePilot, open_home, text_of, write_session, write_solved

ALL = len(list(SAMPLES.glob("*.jsonl")))
"""The number of samples, which are searched too."""


def progress(ui: HomePilot) -> str:
    return text_of(ui.app.screen.query_one("#progress", Static))


def rows(ui: HomePilot) -> list[str]:
    hits = ui.app.screen.query_one(HitList)
    return [hits.render_line(y).text.rstrip() for y in range(min(len(hits.items), hits.size.height))]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hits_are_listed_below_their_session_and_open_it_there(
    folder: Path, size: tuple[int, int]
) -> None:
    path = write_solved(folder, "solved")
    write_session(folder, "empty")
    expected = search_file(path, "desk 1")
    async with open_home(folder, size) as ui:
        await ui.press("c")
        await ui.write("DESK 1")
        await ui.press("enter")
        assert f"of {ALL + 2} sessions searched" in progress(ui) and "stops" not in progress(ui)
        shown = rows(ui)
        at = next(row for row, text in enumerate(shown) if "solved: put a cd" in text)
        assert shown[at].endswith(f"{len(expected)} hits") or shown[at].endswith(f"{len(expected)} hits ")
        assert f"{expected[0].kind} at {expected[0].n}" in shown[at + 1]
        await ui.press(*["down"] * (at + 1), "enter")
        assert ui.app.opened == [(path, "replay")]
        assert ui.app.opened_at == (expected[0].branch, expected[0].n)


def test_a_recording_is_opened_at_a_record_of_a_branch(folder: Path) -> None:
    path = write_solved(folder, "solved")
    hit = next(hit for hit in search_file(path, "run(") if hit.branch != read(path).branch())
    with session_sources.recording(path, at=(hit.branch, hit.n))() as opened:
        debugger = opened.debugger
        assert debugger.branch == hit.branch
        assert debugger.cursor == debugger.timeline.stop_at(hit.n).n


async def test_nothing_found_is_said(folder: Path) -> None:
    write_solved(folder, "solved")
    async with open_home(folder) as ui:
        await ui.press("c")
        await ui.write("zzzz")
        await ui.press("enter")
        assert f"{ALL + 1} of {ALL + 1} sessions searched · 0 hits" in progress(ui)
        await ui.press("escape")
        assert not ui.has_dialog()


async def test_escape_stops_a_search_first_and_keeps_what_was_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write_solved(folder, f"s{number}", hour=number)
    waits = threading.Event()

    def slow(path: Path, text: str, is_cancelled: Callable[[], bool]) -> tuple[TextHit, ...]:
        if path.stem == "s0":
            while not is_cancelled():
                assert not waits.wait(0.01), "it was not cancelled"
        return search_file(path, text, is_cancelled)

    monkeypatch.setattr(content_search, "search_file", slow)
    monkeypatch.setattr(content_search, "_INTERVAL", 0)
    async with open_home(folder) as ui:
        await ui.press("c")
        for key in "desk":
            await ui.pilot.press(key)
        await ui.pilot.press("enter")
        for _ in range(int(PATIENCE / 0.01)):
            if f"2 of {ALL + 3}" in progress(ui):
                break
            await ui.pilot.pause(0.01)
        assert "esc stops" in progress(ui)
        await ui.press("escape")
        assert ui.has_dialog() and progress(ui).endswith("stopped")
        assert rows(ui)
        await ui.press("escape")
        assert not ui.has_dialog()
