"""Looking around: following, failures, search, filter, folds, copies."""

from __future__ import annotations

import pytest

from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, Scripting, Sit

CODE = {
    ROOT: "a = first()\nb = run('look')\nprint('soap')\nassert 0, 'never'",
    "a = first()": "x = 'soap'\na = run('go')",
}


@pytest.fixture
def walk(scripting: Scripting) -> Open:
    return scripting(CODE, {"go": "You went to the SOAP bar.", "look": "A door."})


async def test_the_cursor_follows_the_run_until_it_is_moved_and_again_after_f(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "s")
        assert "x = 'soap'" in seat.row
        await seat.press("home")
        assert "solve" in seat.row
        await seat.press("F")
        assert "x = 'soap'" in seat.row
        await seat.press("s")
        assert "run('go')" in seat.row


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_thumb_of_the_plan_is_where_the_view_is_from_the_beginning(
    sit: Sit, recording: Open, size: tuple[int, int]
) -> None:
    async with sit(recording, size) as seat:
        plan = seat.screen.plan
        assert plan.scroll_y > 0
        assert plan.vertical_scrollbar.position == plan.scroll_y


async def test_the_code_of_the_node_under_the_cursor_is_shown(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home")
        assert "0 solve" in seat.code
        assert "1  a = first()" in seat.code
        await seat.press("down")
        assert "0.0 first" in seat.code
        assert "1  x = 'soap'" in seat.code
        await seat.press("up")
        assert "1  a = first()" in seat.code


async def test_a_failure_is_jumped_to_and_the_next_one_too(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("exclamation_mark")
        assert "nothing has failed on this branch" in seat.footer
        await seat.press("c", "C", "C")
        assert seat.at == ("start", "0")
        await seat.press("exclamation_mark")
        assert seat.at == ("failure", "0.3")
        assert "✖" in seat.code


async def test_a_search_finds_statements_code_actions_and_observations(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home")
        await seat.hit("slash")
        await seat.write("soap")
        assert "5 found" in seat.footer
        await seat.press("enter")
        rows = [seat.row]
        for _ in range(5):
            await seat.press("full_stop")
            rows.append(seat.row)
        wanted = ("solve", "a = first()", "x = 'soap'", "run('go')", "print('soap')", "solve")
        assert all(text in row for text, row in zip(wanted, rows, strict=True))
        await seat.press("comma")
        assert seat.row == rows[-2]


async def test_capitals_count_where_there_are_any(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home")
        await seat.hit("slash")
        await seat.write("SOAP")
        await seat.press("enter")
        assert "run('go')" in seat.row
        await seat.press("full_stop")
        assert "run('go')" in seat.row


async def test_only_the_found_are_kept_and_all_come_back(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home")
        await seat.hit("slash")
        await seat.write("look")
        await seat.press("enter", "ampersand")
        assert "run('look')" in seat.plan
        assert "print('soap')" not in seat.plan
        await seat.press("ampersand")
        assert "print('soap')" in seat.plan
        await seat.press("ampersand", "escape")
        assert "print('soap')" in seat.plan


async def test_what_is_nowhere_is_said_to_be(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c")
        await seat.hit("slash")
        await seat.write("[Buy Now]")
        await seat.press("enter")
        assert "'[Buy Now]' is nowhere in this branch" in seat.footer


async def test_a_search_in_the_code_stays_there(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home", "2")
        await seat.hit("slash")
        await seat.write("look")
        await seat.press("enter")
        assert "1 found" in seat.footer
        assert seat.focus == "code"
        line = seat.screen.code.line
        assert line == ("0", 2)


async def test_escape_leaves_a_search_and_gives_back_the_focus(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "3")
        await seat.hit("slash")
        await seat.write("q")
        assert not seat.has_dialog
        await seat.hit("escape")
        assert seat.focus == "environment"
        assert not seat.screen.query_one("#prompt").display


async def test_nodes_are_folded_and_unfolded_by_every_key(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home", "down")
        assert "a = first()" in seat.row
        for fold, unfold in (("left", "right"), ("h", "l"), ("space", "space")):
            await seat.press(fold)
            assert "x = 'soap'" not in seat.plan
            assert "▸" in seat.row
            await seat.press(unfold)
            assert "x = 'soap'" in seat.plan
        await seat.press("right")
        assert "x = 'soap'" in seat.row
        await seat.press("h")
        assert "a = first()" in seat.row


async def test_a_found_node_that_is_folded_away_is_shown(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home", "left")
        assert "first" not in seat.plan
        await seat.hit("slash")
        await seat.write("x =")
        await seat.press("enter", "full_stop")
        assert "x = 'soap'" in seat.plan


async def test_the_cursor_moves_by_every_key(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c")
        await seat.press("home")
        top = seat.row
        await seat.press("down", "j", "up", "k")
        assert seat.row == top
        await seat.press("end")
        assert "assert 0" in seat.row
        await seat.press("pageup")
        assert seat.row == top
        await seat.press("pagedown")
        assert "assert 0" in seat.row


async def test_what_has_the_focus_is_copied(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "s", "c", "home", "end", "y")
        assert seat.app.clipboard == "assert 0, 'never'"
        assert "copied: assert 0" in seat.footer
        await seat.press("home", "2", "y")
        assert "a = first()\nb = run('look')" in seat.app.clipboard
        await seat.press("3", "end", "y")
        assert seat.app.clipboard == "A door."
        await seat.press("4", "home", "y")
        assert seat.app.clipboard in ("'A door.'", "A door.")


async def test_a_node_and_its_first_action_are_shown_together(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home", "down", "down")
        environment = seat.screen.query_one("#environment")
        assert "You went to the SOAP bar." in seat.panel("environment")
        await seat.press("3", "end")
        assert "run('look')" in seat.row
        assert environment.has_focus


async def test_an_observation_is_read_whole(sit: Sit, scripting: Scripting) -> None:
    long = "\n".join(f"line {number}" for number in range(200))
    async with sit(scripting("run('read')", {"read": long})) as seat:
        await seat.press("c", "3", "end")
        assert "enter reads the other" in seat.panel("environment")
        await seat.hit("enter")
        await seat.until(lambda: seat.has_dialog and "line 20" in seat.seen)
        await seat.hit("escape")
        assert not seat.has_dialog


async def test_every_change_of_a_variable_is_shown(sit: Sit, scripting: Scripting) -> None:
    async with sit(scripting("n = 1\nn = 22\nn = 333")) as seat:
        await seat.press("c", "4", "home")
        await seat.hit("enter")
        await seat.until(lambda: seat.has_dialog and "333" in seat.seen)
        assert "22" in seat.seen
        await seat.hit("escape")
        assert not seat.has_dialog
        await seat.press("o")
        assert "n = 333" in seat.seen


async def test_the_branches_are_listed(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home", "down", "down", "down", "r", "T")
        await seat.until(lambda: seat.has_dialog and "retry-1" in seat.seen)
        await seat.hit("escape")
        await seat.until(lambda: not seat.has_dialog)


async def test_help_names_the_keys(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.hit("question_mark")
        await seat.until(lambda: "to the next stop point" in seat.seen)
