"""Moving through a run: forward by asking, back through what is recorded, by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.events import ExpansionReplied
from recode_core.values import Observation
from recode_tui import opening
from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, SAMPLES, Scripting, Sit

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
def nested(scripting: Scripting) -> Open:
    """A run of three statements, the first of which is a placeholder of two."""
    return scripting(NESTED, {"go": "You went.", "look": "A door."})


async def test_step_goes_to_every_stop_and_back_to_each_of_them(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        for stop in STOPS:
            assert seat.at == stop
            if stop != STOPS[-1]:
                await seat.press("s")
        written = len(seat.records)
        for stop in reversed(STOPS[:-1]):
            await seat.press("S")
            assert seat.at == stop
        assert "at the start" in seat.status
        assert len(seat.records) == written


async def test_each_stop_is_named_in_the_status_bar(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        names = []
        for _ in STOPS:
            names.append(seat.status)
            await seat.press("s")
        wanted = ["at the start", "before the model", "before the model", "before a statement"]
        assert all(name in status for name, status in zip(wanted, names, strict=False))
        assert "before an action" in names[5]
        assert "2 steps" in names[-1]
        assert "2 calls" in names[-1]


async def test_next_runs_a_placeholder_whole(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("s", "s")
        stops = []
        for key in ("n", "f10", "n"):
            await seat.press(key)
            stops.append(seat.at)
        assert stops == [("statement", "0.1"), ("statement", "0.2"), ("end", "0")]


async def test_finish_leaves_the_placeholder_that_the_run_is_in(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("s", "s", "s")
        assert seat.at == ("statement", "0.0.0")
        await seat.press("f")
        assert seat.at == ("statement", "0.1")


async def test_continue_goes_to_the_end_and_says_so_where_it_is(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("f11", "f5")
        assert seat.at == ("end", "0")
        assert "the code is over, not solved" in seat.status
        await seat.press("c")
        assert "the run is over: go back, or start it again" in seat.footer


async def test_backwards_the_same_moves_lead_to_the_same_stops(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("c", "S")
        assert seat.at == ("statement", "0.2")
        await seat.press("N")
        assert seat.at == ("statement", "0.1")
        await seat.press("C")
        assert seat.at == ("start", "0")
        await seat.press("S")
        assert "this is the beginning" in seat.footer


async def test_forward_through_what_is_recorded_asks_nobody(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("c", "C")
        written = len(seat.records)
        await seat.press("n", "s", "s", "f", "c")
        assert seat.at == ("end", "0")
        assert len(seat.records) == written
        assert len(seat.events(ExpansionReplied)) == 2


async def test_until_goes_to_the_node_under_the_cursor(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("s", "s", "end")
        assert "print(b)" in seat.row
        await seat.press("t")
        assert seat.at == ("statement", "0.2")


async def test_until_goes_to_the_line_under_the_cursor_of_the_code(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("s", "s", "home", "2", "down")
        line = seat.screen.code.line
        assert line is not None
        while line != ("0", 2):
            await seat.press("down")
            line = seat.screen.code.line
        await seat.press("t")
        assert seat.at == ("statement", "0.1")


async def test_enter_on_a_node_goes_where_it_began(sit: Sit, nested: Open) -> None:
    async with sit(nested) as seat:
        await seat.press("c", "home", "down", "down")
        assert "x = 1" in seat.row
        await seat.press("enter")
        assert seat.at == ("statement", "0.0.0")


async def test_stepping_a_recording_both_ways_writes_nothing(sit: Sit, recording: Open) -> None:
    files = {path: path.read_bytes() for path in SAMPLES.iterdir()}
    async with sit(recording) as seat:
        assert "✔ solved" in seat.status
        written = len(seat.records)
        await seat.press("S", "S", "s", "N", "C", "n", "s", "f", "c")
        assert "✔ solved" in seat.status
        assert len(seat.records) == written
    assert {path: path.read_bytes() for path in SAMPLES.iterdir()} == files


async def test_a_recording_says_that_it_is_to_be_looked_at_and_how_to_go_on(
    sit: Sit, recording: Open
) -> None:
    async with sit(recording, size=(200, 40)) as seat:
        for keys in (("N", "x"), ("s", "S", "r")):
            await seat.press(*keys)
            assert "this is a recording, to be looked at only" in seat.footer
            assert "recode debug" in seat.footer


async def test_a_copy_of_a_sample_is_gone_on_with_where_it_stands(sit: Sit, tmp_path: Path) -> None:
    sample = SAMPLES / "household-mended.jsonl"
    async with sit(opening.session(sample, tmp_path / "mine")) as seat:
        await seat.press("S")
        assert "◀" in seat.status
        await seat.press("s")
        assert "✔ solved" in seat.status
    assert [file.name for file in (tmp_path / "mine").iterdir()]


async def test_a_failure_stops_continue_and_the_next_one_repairs(sit: Sit, scripting: Scripting) -> None:
    bad, good = "a = run('go')\nassert 0, 'no way'", "b = run('win')"
    won = Observation("Won.", 1.0, True, True)
    async with sit(scripting({ROOT: [bad, good]}, {"go": "You went.", "win": won})) as seat:
        await seat.press("c")
        assert seat.at == ("failure", "0.1")
        assert "at a failure" in seat.status
        assert "AssertionError: no way" in seat.footer
        assert "✖" in seat.code
        assert seat.row.startswith(("├ ✖", "└ ✖"))
        await seat.press("left_square_bracket")
        assert "assert 0, 'no way'" in seat.code and "AssertionError: no way" in seat.code
        await seat.press("c")
        assert "✔ solved" in seat.status
        assert "@2" in seat.plan
        await seat.press("C")
        assert seat.at == ("failure", "0.1")
