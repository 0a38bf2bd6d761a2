"""Looking around: following, failures, search, filter, folds, copies."""

from __future__ import annotations

import pytest

from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun

CODE = {
    ROOT: "a = first()\nb = run('look')\nprint('soap')\nassert 0, 'never'",
    "a = first()": "x = 'soap'\na = run('go')",
}


@pytest.fixture
def walk(script_run: ScriptRun) -> Open:
    return script_run(CODE, {"go": "You went to the SOAP bar.", "look": "A door."})


async def test_the_cursor_follows_the_run_until_it_is_moved_and_again_after_f(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s")
        assert "x = 'soap'" in ui.row
        await ui.press("home")
        assert "solve" in ui.row
        await ui.press("F")
        assert "x = 'soap'" in ui.row
        await ui.press("s")
        assert "run('go')" in ui.row


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_thumb_of_the_plan_is_where_the_view_is_from_the_beginning(
    open_screen: OpenScreen, recording: Open, size: tuple[int, int]
) -> None:
    async with open_screen(recording, size) as ui:
        plan = ui.screen.plan
        assert plan.scroll_y > 0
        assert plan.vertical_scrollbar.position == plan.scroll_y


async def test_the_code_of_the_node_under_the_cursor_is_shown(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home")
        assert "0 solve" in ui.code
        assert "1  a = first()" in ui.code
        await ui.press("down")
        assert "0.0 first" in ui.code
        assert "1  x = 'soap'" in ui.code
        await ui.press("up")
        assert "1  a = first()" in ui.code


async def test_a_failure_is_jumped_to_and_the_next_one_too(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("exclamation_mark")
        assert "nothing has failed on this branch" in ui.footer
        await ui.press("c", "C", "C")
        assert ui.at == ("start", "0")
        await ui.press("exclamation_mark")
        assert ui.at == ("failure", "0.3")
        assert "✖" in ui.code


async def test_a_search_finds_statements_code_actions_and_observations(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home")
        await ui.hit("slash")
        await ui.write("soap")
        assert "5 found" in ui.footer
        await ui.press("enter")
        rows = [ui.row]
        for _ in range(5):
            await ui.press("full_stop")
            rows.append(ui.row)
        wanted = ("solve", "a = first()", "x = 'soap'", "run('go')", "print('soap')", "solve")
        assert all(text in row for text, row in zip(wanted, rows, strict=True))
        await ui.press("comma")
        assert ui.row == rows[-2]


async def test_capitals_count_where_there_are_any(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home")
        await ui.hit("slash")
        await ui.write("SOAP")
        await ui.press("enter")
        assert "run('go')" in ui.row
        await ui.press("full_stop")
        assert "run('go')" in ui.row


async def test_only_the_found_are_kept_and_all_come_back(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home")
        await ui.hit("slash")
        await ui.write("look")
        await ui.press("enter", "ampersand")
        assert "run('look')" in ui.plan
        assert "print('soap')" not in ui.plan
        await ui.press("ampersand")
        assert "print('soap')" in ui.plan
        await ui.press("ampersand", "escape")
        assert "print('soap')" in ui.plan


async def test_what_is_nowhere_is_said_to_be(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        await ui.hit("slash")
        await ui.write("[Buy Now]")
        await ui.press("enter")
        assert "'[Buy Now]' was not found in this branch" in ui.footer


async def test_a_search_in_the_code_stays_there(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "2")
        await ui.hit("slash")
        await ui.write("look")
        await ui.press("enter")
        assert "1 of 1: . next" in ui.footer
        assert ui.focus == "code"
        line = ui.screen.code.line
        assert line == ("0", 2)


async def test_escape_leaves_a_search_and_gives_back_the_focus(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "3")
        await ui.hit("slash")
        await ui.write("q")
        assert not ui.has_dialog
        await ui.hit("escape")
        assert ui.focus == "environment"
        assert not ui.screen.query_one("#prompt").display


async def test_nodes_are_folded_and_unfolded_by_every_key(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "down")
        assert "a = first()" in ui.row
        for fold, unfold in (("left", "right"), ("h", "l"), ("space", "space")):
            await ui.press(fold)
            assert "x = 'soap'" not in ui.plan
            assert "▸" in ui.row
            await ui.press(unfold)
            assert "x = 'soap'" in ui.plan
        await ui.press("right")
        assert "x = 'soap'" in ui.row
        await ui.press("h")
        assert "a = first()" in ui.row


async def test_a_found_node_that_is_folded_away_is_shown(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "left")
        assert "first" not in ui.plan
        await ui.hit("slash")
        await ui.write("x =")
        await ui.press("enter", "full_stop")
        assert "x = 'soap'" in ui.plan


async def test_the_cursor_moves_by_every_key(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        await ui.press("home")
        top = ui.row
        await ui.press("down", "j", "up", "k")
        assert ui.row == top
        await ui.press("end")
        assert "assert 0" in ui.row
        await ui.press("pageup")
        assert ui.row == top
        await ui.press("pagedown")
        assert "assert 0" in ui.row


@pytest.mark.slow
async def test_what_has_the_focus_is_copied(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s", "c", "home", "end", "y")
        assert ui.app.clipboard == "assert 0, 'never'"
        assert "copied the statement 0.3" in ui.footer
        await ui.press("home", "2", "y")
        assert ui.app.clipboard == CODE[ROOT]
        assert "copied the code of 0 solve" in ui.footer
        await ui.press("right_square_bracket", "y")
        assert "copied the prompt (2 messages)" in ui.footer
        assert ROOT in ui.app.clipboard and "[user]" not in ui.app.clipboard
        await ui.press("right_square_bracket", "y")
        assert "copied the reply for 0 solve" in ui.footer
        assert CODE[ROOT] in ui.app.clipboard and "tokens" not in ui.app.clipboard
        await ui.press("right_square_bracket", "y")
        assert "copied the output of 0 solve" in ui.footer
        assert ui.app.clipboard.startswith("soap\n")
        await ui.press("3", "end", "y")
        assert ui.app.clipboard == "A door."
        assert "copied the observation of look" in ui.footer
        await ui.press("4", "home", "y")
        assert ui.app.clipboard == "'A door.'"
        assert "copied the value of b" in ui.footer
        await ui.press("5", "y")
        assert ui.app.clipboard == "main"
        assert "copied the name of the branch main" in ui.footer


async def test_a_value_is_copied_whole(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("n = list(range(5000))\nm = 1")) as ui:
        await ui.press("c", "4", "home", "down")
        await ui.hit("y")
        await ui.until(lambda: "copied the value of n" in ui.footer)
        assert ui.app.clipboard == repr(list(range(5000)))


async def test_a_node_and_its_first_action_are_shown_together(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "down", "down")
        environment = ui.screen.query_one("#environment")
        assert "You went to the SOAP bar." in ui.panel("environment")
        await ui.press("3", "end")
        assert "run('look')" in ui.row
        assert environment.has_focus


async def test_an_observation_is_read_whole(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    long = "\n".join(f"line {number}" for number in range(200))
    async with open_screen(script_run("run('read')", {"read": long})) as ui:
        await ui.press("c", "3", "end")
        assert "enter reads the other" in ui.panel("environment")
        await ui.hit("enter")
        await ui.until(lambda: ui.has_dialog and "line 20" in ui.seen)
        await ui.hit("escape")
        assert not ui.has_dialog


async def test_every_change_of_a_variable_is_shown(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("n = 1\nn = 22\nn = 333")) as ui:
        await ui.press("c", "4", "home")
        await ui.hit("enter")
        await ui.until(lambda: ui.has_dialog and "333" in ui.seen)
        assert "22" in ui.seen
        await ui.hit("escape")
        assert not ui.has_dialog
        await ui.press("o")
        assert "n = 333" in ui.seen


async def test_a_variable_opens_as_a_tree_above_its_changes(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    code = "n = {'desk': ['mug 1']}\nn = {'many': list(range(20000)), 'note': 'a\\nb'}"
    async with open_screen(script_run(code)) as ui:
        await ui.press("c", "4", "home")
        await ui.hit("enter")
        await ui.until(lambda: "▾ n  dict · 2 items" in ui.seen)
        await ui.until(lambda: "▸ 'many'  list · 20,000 items" in ui.seen)  # the engine gave the whole
        await ui.hit("down", "enter", "down", "enter", "down")
        assert "▾ [0 … 999]" in ui.seen and "999" in ui.seen
        await ui.hit("slash", *"desk", "enter")
        assert "nowhere" in ui.seen
        await ui.hit("escape", "tab", "up")
        await ui.until(lambda: "▸ 'desk'  list · 1 item  ['mug 1']" in ui.seen)
        await ui.press("enter")
        timeline = ui.frame.timeline
        assert (
            ui.frame.n == timeline.stop_showing(timeline.variables.bindings["n"][0].n).n and not ui.has_dialog
        )


@pytest.mark.slow
async def test_the_branches_are_listed(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "down", "down", "down", "r", "T")
        await ui.until(lambda: ui.has_dialog and "retry-1" in ui.seen)
        await ui.hit("escape")
        await ui.until(lambda: not ui.has_dialog)


async def test_help_names_the_keys(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.hit("question_mark")
        await ui.until(lambda: "to the next stop point" in ui.seen)
