"""Breakpoints, watches and notes: set by keys, seen where they are, kept in the session."""

from __future__ import annotations

import pytest

from recode_core.events import BreakpointDeleted, BreakpointSet, NoteSet
from recode_tui.debug.prompt import Prompt
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun

CODE = {ROOT: "a = 1\nb = first(a)\nc = a + 1", "b = first(a)": "b = a + 1\nb += 1"}


@pytest.fixture
def sums(script_run: ScriptRun) -> Open:
    return script_run(CODE)


async def test_a_breakpoint_on_a_node_is_seen_in_its_line_stops_and_goes_again(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "end", "b")
        assert ui.events(BreakpointSet)[-1].pattern == "0:3"
        assert "● 3  c = a + 1" in ui.code
        await ui.press("c")
        assert ui.at == ("statement", "0.2")
        assert "breakpoint 1" in ui.footer
        await ui.press("end", "f9")
        assert len(ui.events(BreakpointDeleted)) == 1
        assert "●" not in ui.code


async def test_a_breakpoint_is_set_on_the_line_under_the_cursor_of_the_code(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "2", "down", "b")
        assert ui.events(BreakpointSet)[-1].pattern == "0:2"
        await ui.press("c")
        assert ui.at == ("model", "0.1")
        assert "breakpoint 1" in ui.footer


async def test_enter_on_a_line_of_code_sets_a_breakpoint_too(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "2", "end", "enter")
        assert "● 3  c = a + 1" in ui.code
        await ui.press("enter")
        assert "●" not in ui.code


async def test_a_click_beside_a_line_sets_a_breakpoint_there(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s")
        row = next(y for y, line in enumerate(ui.code.split("\n")) if "3  c = a + 1" in line)
        await ui.pilot.click("#page", offset=(0, row - 1))
        await ui.settle()
        assert ui.events(BreakpointSet)[-1].pattern == "0:3"
        assert "● 3  c = a + 1" in ui.code


async def test_the_root_has_no_line_and_b_says_what_to_do(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "b")
        assert "break placeholder NAME" in ui.footer
        assert not ui.events(BreakpointSet)


@pytest.mark.slow
async def test_a_breakpoint_of_another_kind_is_set_by_the_command_line(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.command("break placeholder first")
        await ui.press("c")
        assert ui.at == ("model", "0.1")
        await ui.command("break variable c")
        await ui.press("c")
        assert "breakpoint 2" in ui.footer


async def test_a_breakpoint_that_was_met_is_told_until_the_next_key(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.command("break placeholder first")
        await ui.press("c")
        assert "breakpoint 1: placeholder first" in ui.footer
        await ui.press("up")
        assert "s step" in ui.footer


async def test_the_breakpoints_are_listed_in_a_window(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.command("break placeholder [Buy Now]*")
        await ui.hit("B")
        await ui.until(lambda: "[Buy Now]*" in ui.seen)
        await ui.hit("escape")
        assert not ui.has_dialog


async def test_a_breakpoint_is_kept_if_the_new_one_is_refused(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s")
        await ui.command("break line 0:1")
        await ui.hit("B")
        await ui.until(lambda: "line" in ui.seen and "0:1" in ui.seen)
        await ui.hit("e", "end", *"99", "enter")
        await ui.until(lambda: "no statement starts on line 199" in ui.seen)
        assert not ui.events(BreakpointDeleted)
        await ui.hit("e", "end", "backspace", "2", "enter")
        await ui.until(lambda: bool(ui.events(BreakpointDeleted)))
        assert [point.pattern for point in ui.events(BreakpointSet)] == ["0:1", "0:2"]
        assert ui.events(BreakpointDeleted) == [BreakpointDeleted(1)]


async def test_a_watch_is_shown_with_its_value_at_every_stop(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s")
        await ui.hit("w")
        await ui.write("a * 100")
        await ui.press("enter")
        await ui.until(lambda: "⊙ a * 100" in ui.panel("variables"))
        await ui.press("s")
        await ui.until(lambda: "100" in ui.panel("variables").replace("a * 100", ""))
        await ui.hit("w")
        await ui.write("a * 100")
        await ui.press("enter")
        assert "⊙" not in ui.panel("variables")


async def test_a_watch_that_has_no_value_yet_says_so(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s")
        await ui.command("watch c")
        await ui.until(lambda: "⊙ c" in ui.panel("variables"))
        await ui.press("c")
        await ui.until(lambda: "⊙ c = 2" in ui.panel("variables"))


async def test_a_note_is_seen_at_its_node(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "end")
        await ui.hit("m")
        assert ui.prompt == "note 0.2"
        await ui.write("why?")
        await ui.press("enter")
        assert ui.events(NoteSet) == [NoteSet("0.2", "why?")]
        assert "✎" in ui.plan
        await ui.press("z")
        assert "✎" not in ui.plan


@pytest.mark.slow
async def test_a_note_is_gone_on_with_where_there_is_one(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "end")
        await ui.command('note 0.2 "it is late"')
        await ui.press("end")
        await ui.hit("m")
        await ui.write(", too")
        await ui.press("enter")
        assert ui.events(NoteSet)[-1] == NoteSet("0.2", "it is late, too")


async def test_marks_of_a_recording_are_set_and_forgotten(open_screen: OpenScreen, recording: Open) -> None:
    async with open_screen(recording) as ui:
        await ui.press("C", "s", "s", "b")
        assert "◉  1  import re" in ui.code
        await ui.press("s")
        assert "●  1  import re" in ui.code


async def test_a_breakpoint_where_the_run_stands_is_seen_and_told(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s")
        assert "▶ 1  a = 1" in ui.code
        await ui.press("b")
        assert "◉ 1  a = 1" in ui.code
        assert "breakpoint 1" in ui.footer
        await ui.press("b")
        assert "▶ 1  a = 1" in ui.code


ROOMS = {"go to desk": "On the desk is a mug.\nAnd a pen.", "look?": "A room."}


@pytest.fixture
def rooms(script_run: ScriptRun) -> Open:
    return script_run({ROOT: "seen = run('go to desk')\nroom = run('look?')\nlast = len(room)"}, ROOMS)


async def test_b_on_an_action_sets_a_breakpoint_on_it_and_takes_it_away(
    open_screen: OpenScreen, rooms: Open
) -> None:
    async with open_screen(rooms) as ui:
        await ui.press("c", "3", "home", "down", "b")
        assert ui.events(BreakpointSet)[-1] == BreakpointSet(1, "action", "go to desk")
        assert "● 0.0" in ui.panel("environment")
        await ui.press("b")
        assert ui.events(BreakpointDeleted) == [BreakpointDeleted(1)]
        assert "●" not in ui.panel("environment")
        await ui.press("end", "b", "C", "C", "C", "c")
        assert ui.at == ("action", "0.1") and "breakpoint 1: action" in ui.footer
        assert "◉ 0.1" in ui.panel("environment")


async def test_a_breakpoint_on_the_observation_of_an_action_is_offered_in_the_form(
    open_screen: OpenScreen, rooms: Open
) -> None:
    async with open_screen(rooms) as ui:
        await ui.press("c", "3", "home", "down")
        await ui.hit("B")
        await ui.until(lambda: "n adds one" in ui.seen)
        await ui.hit("n")
        await ui.until(lambda: "A new breakpoint" in ui.seen)
        await ui.hit("ctrl+s")
        await ui.until(lambda: bool(ui.events(BreakpointSet)))
        assert ui.events(BreakpointSet)[-1] == BreakpointSet(1, "observation", "On the desk is a mug.*")
        await ui.hit("escape")
        await ui.press("C", "C", "C", "c")
        assert "breakpoint 1" in ui.footer


async def test_b_and_w_on_a_variable_act_on_it_and_again_undo_that(
    open_screen: OpenScreen, rooms: Open
) -> None:
    async with open_screen(rooms) as ui:
        await ui.press("c", "4", "home", "down", "b")
        assert ui.events(BreakpointSet)[-1] == BreakpointSet(1, "variable", "room")
        assert "room ● " in " ".join(ui.panel("variables").split())
        await ui.press("b")
        assert ui.events(BreakpointDeleted) == [BreakpointDeleted(1)]
        assert "●" not in ui.panel("variables")
        await ui.hit("w")
        await ui.until(lambda: "⊙ room = 'A room.'" in ui.panel("variables"))
        await ui.hit("w")
        await ui.until(lambda: "⊙" not in ui.panel("variables"))
        await ui.press("w")
        await ui.until(lambda: "⊙ room" in ui.panel("variables"))
        await ui.press("home", "w")
        await ui.until(lambda: "⊙" not in ui.panel("variables"))


async def test_w_on_an_action_begins_a_watch_of_what_holds_its_observation(
    open_screen: OpenScreen, rooms: Open
) -> None:
    async with open_screen(rooms) as ui:
        await ui.press("c", "3", "home", "down")
        await ui.hit("w")
        assert ui.prompt == "watch seen"
        await ui.hit("w")
        assert ui.prompt == "watch seenw"
        await ui.hit("escape", "1", "w")
        assert ui.screen.query_one(Prompt).value == "watch "


async def test_the_cursor_of_the_plan_stays_where_a_breakpoint_is_set(
    open_screen: OpenScreen, rooms: Open
) -> None:
    async with open_screen(rooms) as ui:
        await ui.press("s", "s", "end", "b")
        row = ui.row
        await ui.press("b")
        assert ui.row == row and "last = len(room)" in row
        assert ui.events(BreakpointDeleted) == [BreakpointDeleted(1)]
