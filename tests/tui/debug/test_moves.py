"""Moving through a run: forward by asking, back through what is recorded, by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.events import ExpansionReplied
from recode_core.log import Record
from recode_core.timeline import Timeline
from recode_core.values import Observation
from recode_tui import session_sources
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, SAMPLES, OpenScreen, ScriptRun

NESTED = {ROOT: "a = first()\nb = run('look')\nprint(b)", "a = first()": "x = 1\na = run('go')"}
STOPS = [
    ("start", "0"),
    ("model", "0"),
    ("model", "0.0"),
    ("statement", "0.0.0"),
    ("statement", "0.0.1"),
    ("action", "0.0.1"),
    ("statement", "0.1"),
    ("action", "0.1"),
    ("statement", "0.2"),
    ("end", "0"),
]


@pytest.fixture
def nested(script_run: ScriptRun) -> Open:
    """A run of three statements, the first of which is a placeholder of two."""
    return script_run(NESTED, {"go": "You went.", "look": "A door."})


@pytest.mark.slow
async def test_step_goes_to_every_stop_and_back_to_each_of_them(
    open_screen: OpenScreen, nested: Open
) -> None:
    async with open_screen(nested) as ui:
        for stop in STOPS:
            assert ui.at == stop
            if stop != STOPS[-1]:
                await ui.press("s")
        written = len(ui.records)
        for stop in reversed(STOPS[:-1]):
            await ui.press("S")
            assert ui.at == stop
        assert "at the start" in ui.status
        assert len(ui.records) == written


async def test_each_stop_is_named_in_the_status_bar(open_screen: OpenScreen, nested: Open) -> None:
    async with open_screen(nested) as ui:
        names = []
        for _ in STOPS:
            names.append(ui.status)
            await ui.press("s")
        wanted = ["at the start", "before the model", "before the model", "before a statement"]
        assert all(name in status for name, status in zip(wanted, names, strict=False))
        assert "before an action" in names[5]
        assert "2 steps" in names[-1]
        assert "2 calls" in names[-1]


async def test_next_runs_a_placeholder_whole(open_screen: OpenScreen, nested: Open) -> None:
    async with open_screen(nested) as ui:
        await ui.press("s", "s")
        stops = []
        for key in ("n", "f10", "n"):
            await ui.press(key)
            stops.append(ui.at)
        assert stops == [("statement", "0.1"), ("statement", "0.2"), ("end", "0")]


@pytest.mark.slow
async def test_finish_leaves_the_placeholder_that_the_run_is_in(
    open_screen: OpenScreen, nested: Open
) -> None:
    async with open_screen(nested) as ui:
        await ui.press("s", "s", "s")
        assert ui.at == ("statement", "0.0.0")
        await ui.press("f")
        assert ui.at == ("statement", "0.1")


async def test_continue_goes_to_the_end_and_says_so_where_it_is(
    open_screen: OpenScreen, nested: Open
) -> None:
    async with open_screen(nested) as ui:
        await ui.press("f11", "f5")
        assert ui.at == ("end", "0")
        assert "not solved: the code is over" in ui.status
        await ui.press("c")
        assert "the run has ended: go back, or start it again" in ui.footer


async def test_backwards_the_same_moves_lead_to_the_same_stops(open_screen: OpenScreen, nested: Open) -> None:
    async with open_screen(nested) as ui:
        await ui.press("c", "S")
        assert ui.at == ("statement", "0.2")
        await ui.press("N")
        assert ui.at == ("statement", "0.1")
        await ui.press("C")
        assert ui.at == ("start", "0")
        await ui.press("S")
        assert "already at the start of the run" in ui.footer


async def test_forward_through_what_is_recorded_asks_nobody(open_screen: OpenScreen, nested: Open) -> None:
    async with open_screen(nested) as ui:
        await ui.press("c", "C")
        written = len(ui.records)
        await ui.press("n", "s", "s", "f", "c")
        assert ui.at == ("end", "0")
        assert len(ui.records) == written
        assert len(ui.events(ExpansionReplied)) == 2


async def test_until_goes_to_the_node_under_the_cursor(open_screen: OpenScreen, nested: Open) -> None:
    async with open_screen(nested) as ui:
        await ui.press("s", "s", "end")
        assert "print(b)" in ui.row
        await ui.press("t")
        assert ui.at == ("statement", "0.2")


async def test_until_goes_to_the_line_under_the_cursor_of_the_code(
    open_screen: OpenScreen, nested: Open
) -> None:
    async with open_screen(nested) as ui:
        await ui.press("s", "s", "home", "2", "down")
        line = ui.screen.code.line
        assert line is not None
        while line != ("0", 2):
            await ui.press("down")
            line = ui.screen.code.line
        await ui.press("t")
        assert ui.at == ("statement", "0.1")


async def test_enter_on_a_node_goes_where_it_began(open_screen: OpenScreen, nested: Open) -> None:
    async with open_screen(nested) as ui:
        await ui.press("c", "home", "down", "down")
        assert "x = 1" in ui.row
        await ui.press("enter")
        assert ui.at == ("statement", "0.0.0")


async def test_stepping_a_recording_both_ways_writes_nothing(
    open_screen: OpenScreen, recording: Open
) -> None:
    files = {path: path.read_bytes() for path in SAMPLES.iterdir()}
    async with open_screen(recording) as ui:
        assert "✔ solved" in ui.status
        written = len(ui.records)
        await ui.press("S", "S", "s", "N", "C", "n", "s", "f", "c")
        assert "✔ solved" in ui.status
        assert len(ui.records) == written
    assert {path: path.read_bytes() for path in SAMPLES.iterdir()} == files


async def test_a_recording_says_that_it_is_to_be_looked_at_and_how_to_go_on(
    open_screen: OpenScreen, recording: Open
) -> None:
    async with open_screen(recording, size=(200, 40)) as ui:
        for keys in (("N", "x"), ("s", "S", "r")):
            await ui.press(*keys)
            assert "this session is read-only" in ui.footer
            assert "recode debug" in ui.footer


async def test_a_copy_of_a_sample_is_gone_on_with_where_it_stands(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    sample = SAMPLES / "household-mended.jsonl"
    async with open_screen(session_sources.session(sample, tmp_path / "mine")) as ui:
        await ui.press("S")
        assert "◀" in ui.status
        await ui.press("s")
        assert "✔ solved" in ui.status
    assert [file.name for file in (tmp_path / "mine").iterdir()]


async def test_a_failure_stops_continue_and_the_next_one_repairs(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    bad, good = "a = run('go')\nassert 0, 'no way'", "b = run('win')"
    won = Observation("Won.", 1.0, True, True)
    async with open_screen(script_run({ROOT: [bad, good]}, {"go": "You went.", "win": won})) as ui:
        await ui.press("c")
        assert ui.at == ("failure", "0.1")
        assert "at a failure" in ui.status
        assert "AssertionError: no way" in ui.footer
        assert "✖" in ui.code
        assert ui.row.startswith(("├ ✖", "└ ✖"))
        await ui.press("left_square_bracket")
        assert "assert 0, 'no way'" in ui.code and "AssertionError: no way" in ui.code
        await ui.press("c")
        assert "✔ solved" in ui.status
        assert "@2" in ui.plan
        await ui.press("C")
        assert ui.at == ("failure", "0.1")


async def test_a_record_is_indexed_once_on_its_way_to_the_screen(
    open_screen: OpenScreen, nested: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed: list[int] = []
    add = Timeline.add

    def counting(timeline: Timeline, record: Record) -> None:
        indexed.append(record.n)
        add(timeline, record)

    monkeypatch.setattr(Timeline, "add", counting)
    async with open_screen(nested) as ui:
        for _ in STOPS[1:]:
            await ui.press("s")
        assert ui.at == STOPS[-1]
        assert indexed == [record.n for record in ui.records]
