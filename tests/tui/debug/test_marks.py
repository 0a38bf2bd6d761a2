"""Breakpoints, watches and notes: set by keys, seen where they are, kept in the session."""

from __future__ import annotations

import pytest

from recode_core.events import BreakpointDeleted, BreakpointSet, NoteSet
from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, Scripting, Sit

CODE = {ROOT: "a = 1\nb = first(a)\nc = a + 1", "b = first(a)": "b = a + 1\nb += 1"}


@pytest.fixture
def sums(scripting: Scripting) -> Open:
    return scripting(CODE)


async def test_a_breakpoint_on_a_node_is_seen_in_its_line_stops_and_goes_again(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s", "end", "b")
        assert seat.events(BreakpointSet)[-1].pattern == "0:3"
        assert "● 3  c = a + 1" in seat.code
        await seat.press("c")
        assert seat.at == ("statement", "0.2")
        assert "breakpoint 1" in seat.footer
        await seat.press("end", "f9")
        assert len(seat.events(BreakpointDeleted)) == 1
        assert "●" not in seat.code


async def test_a_breakpoint_is_set_on_the_line_under_the_cursor_of_the_code(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s", "2", "down", "b")
        assert seat.events(BreakpointSet)[-1].pattern == "0:2"
        await seat.press("c")
        assert seat.at == ("model", "0.1")
        assert "breakpoint 1" in seat.footer


async def test_enter_on_a_line_of_code_sets_a_breakpoint_too(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s", "2", "end", "enter")
        assert "● 3  c = a + 1" in seat.code
        await seat.press("enter")
        assert "●" not in seat.code


async def test_a_click_beside_a_line_sets_a_breakpoint_there(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s")
        row = next(y for y, line in enumerate(seat.code.split("\n")) if "3  c = a + 1" in line)
        await seat.pilot.click("#page", offset=(0, row - 1))
        await seat.settle()
        assert seat.events(BreakpointSet)[-1].pattern == "0:3"
        assert "● 3  c = a + 1" in seat.code


async def test_the_root_has_no_line_and_b_says_what_to_do(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "b")
        assert "break placeholder NAME" in seat.footer
        assert not seat.events(BreakpointSet)


async def test_a_breakpoint_of_another_kind_is_set_by_the_command_line(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.command("break placeholder first")
        await seat.press("c")
        assert seat.at == ("model", "0.1")
        await seat.command("break variable c")
        await seat.press("c")
        assert "breakpoint 2" in seat.footer


async def test_a_breakpoint_that_was_met_is_told_until_the_next_key(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.command("break placeholder first")
        await seat.press("c")
        assert "breakpoint 1: placeholder first" in seat.footer
        await seat.press("up")
        assert "s step" in seat.footer


async def test_the_breakpoints_are_listed_in_a_window(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.command("break placeholder [Buy Now]*")
        await seat.hit("B")
        await seat.until(lambda: "[Buy Now]*" in seat.seen)
        await seat.hit("escape")
        assert not seat.has_dialog


async def test_a_watch_is_shown_with_its_value_at_every_stop(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s")
        await seat.hit("w")
        await seat.write("a * 100")
        await seat.press("enter")
        await seat.until(lambda: "⊙ a * 100" in seat.panel("variables"))
        await seat.press("s")
        await seat.until(lambda: "100" in seat.panel("variables").replace("a * 100", ""))
        await seat.hit("w")
        await seat.write("a * 100")
        await seat.press("enter")
        assert "⊙" not in seat.panel("variables")


async def test_a_watch_that_has_no_value_yet_says_so(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s")
        await seat.command("watch c")
        await seat.until(lambda: "⊙ c" in seat.panel("variables"))
        await seat.press("c")
        await seat.until(lambda: "⊙ c = 2" in seat.panel("variables"))


async def test_a_note_is_seen_at_its_node(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s", "end")
        await seat.hit("m")
        assert seat.prompt == "note 0.2"
        await seat.write("why?")
        await seat.press("enter")
        assert seat.events(NoteSet) == [NoteSet("0.2", "why?")]
        assert "✎" in seat.plan
        await seat.press("z")
        assert "✎" not in seat.plan


async def test_a_note_is_gone_on_with_where_there_is_one(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s", "end")
        await seat.command('note 0.2 "it is late"')
        await seat.press("end")
        await seat.hit("m")
        await seat.write(", too")
        await seat.press("enter")
        assert seat.events(NoteSet)[-1] == NoteSet("0.2", "it is late, too")


async def test_marks_of_a_recording_are_set_and_forgotten(sit: Sit, recording: Open) -> None:
    async with sit(recording) as seat:
        await seat.press("C", "s", "s", "b")
        assert "◉  1  import re" in seat.code
        await seat.press("s")
        assert "●  1  import re" in seat.code


async def test_a_breakpoint_where_the_run_stands_is_seen_and_told(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s")
        assert "▶ 1  a = 1" in seat.code
        await seat.press("b")
        assert "◉ 1  a = 1" in seat.code
        assert "breakpoint 1" in seat.footer
        await seat.press("b")
        assert "▶ 1  a = 1" in seat.code
