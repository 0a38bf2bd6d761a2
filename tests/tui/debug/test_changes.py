"""Changing a run: edits, other actions, variables, another try, and taking it all back."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from recode_core.environments.environment import World
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import ActionFinished, ActionReplaced, BranchStarted, ExpansionReplied
from recode_core.policies.scripted import Scripted
from recode_tui.app import RecodeApp
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.debug.dialogs.messages import MessagesScreen
from recode_tui.session_sources import Open
from recode_tui.widgets.text_box import TextBox
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.doubles import BlockingPolicy, reply

CODE = "a = run('go')\nb = run('look')\nc = 3"


@pytest.fixture
def walk(script_run: ScriptRun) -> Open:
    """A run of two actions."""
    return script_run({ROOT: [CODE] * 3}, {"go": "You went.", "look": "A door.", "jump": "You jumped."})


async def edited(ui: DebuggerPilot, text: str) -> None:
    """Open the editor, put a text in place of what is there, and accept it."""
    await ui.hit("e")
    await ui.until(lambda: isinstance(ui.app.screen, EditorScreen))
    ui.app.screen.query_one(TextBox).replace_all(text)
    await ui.hit("ctrl+s")


async def test_an_edit_of_what_has_run_is_compared_and_starts_a_branch(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c")
        assert ui.at[0] == "end"
        await ui.press("home")
        await edited(ui, CODE.replace("look", "jump"))
        await ui.until(lambda: "jump" in ui.seen and not isinstance(ui.app.screen, EditorScreen))
        await ui.press("enter")
        await ui.until(lambda: not ui.has_dialog)
        await ui.settle()
        assert "▸ edit-1" in ui.status
        assert ui.at == ("statement", "0.1")
        assert "jump" in ui.code
        assert "edit-1" in ui.panel("timeline")
        assert len(ui.events(ExpansionReplied)) == 1
        await ui.press("c")
        assert "You jumped." in ui.panel("environment")


async def test_a_wrong_edit_says_where_and_why_and_is_not_taken(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "home")
        written = len(ui.records)
        await edited(ui, "a = run('go')\ndef f(): pass")
        await ui.until(lambda: "not accepted" in ui.seen)
        assert "not accepted: 2:1  `def` is not allowed" in ui.seen
        assert "2✖ def f(): pass" in ui.seen
        await ui.hit("escape")
        await ui.until(lambda: "Throw away" in ui.seen)
        await ui.press("d")
        await ui.until(lambda: not ui.has_dialog)
        assert len(ui.records) == written


@pytest.mark.slow
async def test_a_draft_that_is_kept_is_there_again_and_leaving_asks_for_it(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "home", "e")
        await ui.until(lambda: isinstance(ui.app.screen, EditorScreen))
        ui.app.screen.query_one(TextBox).replace_all("a = 'mine'")
        await ui.hit("escape")
        await ui.until(lambda: "Keep as a draft" in ui.seen)
        await ui.hit("k")
        await ui.until(lambda: not ui.has_dialog)
        assert "the draft for 0 is kept" in ui.footer
        await ui.hit("q")
        assert "An edit was not accepted." in ui.seen
        await ui.hit("n")
        assert not ui.has_dialog
        await ui.hit("e")
        await ui.until(lambda: "a = 'mine'" in ui.seen)


async def left_as_draft(ui: DebuggerPilot, text: str) -> None:
    """Write a text in the editor that is open, and keep it as a draft."""
    await ui.until(lambda: isinstance(ui.app.screen, EditorScreen))
    ui.app.screen.query_one(TextBox).replace_all(text)
    await ui.hit("escape")
    await ui.until(lambda: "Keep as a draft" in ui.seen)
    await ui.hit("k")
    await ui.until(lambda: not ui.has_dialog)


async def test_a_draft_is_seen_at_its_node_and_above_its_code(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "end", "e")
        assert "±" not in ui.plan
        await left_as_draft(ui, "c = 4")
        assert "±" in ui.row
        assert "± draft" in ui.code
        await ui.press("home")
        assert "± draft" not in ui.code


@pytest.mark.slow_variants
@pytest.mark.parametrize("command", ["s", "n", "c", "f", "t", "x"])
async def test_no_command_runs_past_a_draft_and_each_says_what_to_do(
    open_screen: OpenScreen, walk: Open, command: str
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "end", "e")
        await left_as_draft(ui, "c = 4")
        written, node = len(ui.records), ui.screen.plan.node
        await ui.press("home", command)
        assert len(ui.records) == written
        assert f"{node} has an edit that was not accepted: e opens it" in ui.footer
        assert ui.screen.plan.node == node
        await ui.hit("e")
        await ui.until(lambda: "c = 4" in ui.seen)


@pytest.mark.slow
async def test_once_a_draft_was_thrown_away_the_run_goes_on(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "end", "e")
        await left_as_draft(ui, "c = 4")
        await ui.hit("e")
        await ui.until(lambda: isinstance(ui.app.screen, EditorScreen))
        await ui.hit("escape")
        await ui.until(lambda: "Throw away" in ui.seen)
        await ui.hit("d")
        await ui.until(lambda: not ui.has_dialog)
        assert "±" not in ui.plan
        await ui.press("c")
        assert ui.at[0] == "end"


@pytest.mark.slow
async def test_a_draft_of_what_is_over_holds_nothing_up(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "n", "n", "home", "down", "e")
        await left_as_draft(ui, "a = 4")
        before = ui.frame.n
        await ui.press("n")
        assert ui.frame.n > before


@pytest.mark.slow
async def test_what_is_shown_is_edited_whichever_panel_has_the_focus(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "right_square_bracket", "e")
        await ui.until(lambda: isinstance(ui.app.screen, MessagesScreen))
        await ui.hit("escape")
        await ui.until(lambda: not ui.has_dialog)
        await ui.press("right_square_bracket", "e")
        await ui.until(lambda: "The reply for 0" in ui.seen)


async def test_one_statement_is_edited_where_it_stands(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "end")
        await edited(ui, "c = 4")
        await ui.until(lambda: not isinstance(ui.app.screen, EditorScreen))
        await ui.press("enter")
        await ui.until(lambda: not ui.has_dialog)
        await ui.press("c")
        assert "c           int        4" in ui.panel("variables")
        assert not ui.events(BranchStarted)


async def test_the_reply_and_the_prompt_are_edited_in_their_tabs(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "2", "right_square_bracket", "e")
        await ui.until(lambda: "The prompt for 0" in ui.seen)
        await ui.hit("escape")
        await ui.until(lambda: not ui.has_dialog)
        await ui.press("right_square_bracket", "e")
        await ui.until(lambda: "The reply for 0" in ui.seen)
        ui.app.screen.query_one(TextBox).replace_all("<think>mine</think><execute>\nz = 26\n</execute>")
        await ui.hit("ctrl+s")
        await ui.until(lambda: not isinstance(ui.app.screen, EditorScreen))
        await ui.press("enter")
        await ui.until(lambda: not ui.has_dialog)
        await ui.press("s")
        assert "z = 26" in ui.plan
        assert "▸" in ui.status


async def test_the_editor_of_the_user_edits_too(
    open_screen: OpenScreen, walk: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "edit"
    script.write_text('#!/bin/sh\nsed -i s/look/jump/ "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", os.fspath(script))
    monkeypatch.setenv("EDITOR", os.fspath(script))
    monkeypatch.setattr(RecodeApp, "suspend", lambda app: nullcontext())
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "home", "ctrl+e")
        assert "jump" in ui.code
        assert "look" not in ui.plan
        assert "by hand" in ui.plan


async def test_skip_leaves_out_the_statement_and_undo_brings_it_back(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "x")
        assert ui.at == ("statement", "0.1")
        assert "↷" in ui.plan
        await ui.press("z")
        assert ui.at == ("statement", "0.0")
        assert "↷" not in ui.plan
        await ui.press("Z")
        assert "↷" in ui.plan


async def test_retry_runs_the_node_under_the_cursor_again(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("c", "home", "down", "down")
        assert "look" in ui.row
        await ui.press("r")
        assert ui.at == ("statement", "0.1")
        assert "▸ retry-1" in ui.status


@pytest.mark.slow
async def test_a_variable_is_set_by_a_line_that_is_begun(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s", "s")
        await ui.hit("v")
        assert ui.prompt.startswith("set ")
        await ui.write("a = 'mine'")
        await ui.press("enter")
        assert "'mine'" in ui.panel("variables")
        await ui.press("z")
        assert "'mine'" not in ui.panel("variables")


async def test_another_action_is_taken_in_place_of_the_one_that_was_reached(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("a")
        assert "step there first" in ui.footer
        await ui.press("s", "s", "s")
        assert ui.at == ("action", "0.0")
        await ui.hit("a")
        assert ui.prompt == 'action "go"'
        await ui.hit("backspace", "backspace", "backspace")
        await ui.write('jump"')
        await ui.press("enter")
        assert ui.events(ActionReplaced) == [ActionReplaced("jump")]
        assert "jump" in ui.panel("environment")
        await ui.press("s")
        assert "You jumped." in ui.panel("environment")


async def test_an_action_that_was_replaced_is_marked_as_not_the_codes(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s")
        await ui.command('action "jump"')
        assert "by hand: jump" in ui.panel("environment")
        await ui.press("s", "s")
        assert "by hand: jump" in ui.panel("environment")
        assert "by hand: look" not in ui.panel("environment")


@pytest.mark.slow
async def test_an_action_is_answered_by_hand(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "s")
        await ui.command('observe "[Buy Now] is mine"')
        assert "by hand: [Buy Now] is mine" in ui.panel("environment")
        assert ui.events(ActionFinished)[0].by == "user"


async def test_before_a_call_g_asks_again_for_the_placeholder_that_it_is_for(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    placeholders = script_run({ROOT: "x = inner()", "x = inner()": "x = 1"})
    async with open_screen(placeholders) as ui:
        await ui.press("s", "s")
        assert ui.at == ("model", "0.0")
        await ui.hit("g")
        await ui.until(lambda: ui.has_dialog)
        assert "Ask again for 0.0" in ui.seen


@pytest.mark.slow
async def test_regenerate_asks_first_and_then_asks_the_policy_again(
    open_screen: OpenScreen, walk: Open
) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "home")
        await ui.hit("g")
        await ui.until(lambda: ui.has_dialog)
        assert len(ui.events(ExpansionReplied)) == 1
        await ui.hit("escape")
        await ui.until(lambda: not ui.has_dialog)
        await ui.command("regenerate 0")
        assert ui.at == ("model", "0")
        await ui.press("s")
        assert len(ui.events(ExpansionReplied)) == 2


async def test_undo_and_redo_of_moves_go_back_and_forth(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("z")
        assert "nothing to undo" in ui.footer
        await ui.press("s", "s", "c", "z")
        assert ui.at == ("statement", "0.0")
        await ui.press("z")
        assert ui.at == ("model", "0")
        await ui.press("Z", "Z")
        assert ui.at[0] == "end"
        await ui.press("Z")
        assert "nothing to redo" in ui.footer


@pytest.mark.slow
async def test_an_edit_that_cannot_be_taken_is_kept(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    worlds = iter([ScriptedWorld({"go": "You went.", "look": "A door."})])

    def world() -> World:
        if (one := next(worlds, None)) is None:
            raise EnvironmentUnavailable("there is no other world")
        return one

    async with open_screen(script_run(CODE, world=world), size=(240, 40)) as ui:
        await ui.press("c", "home")
        await edited(ui, "mine = 1")
        await ui.until(lambda: not isinstance(ui.app.screen, EditorScreen))
        await ui.press("enter")
        await ui.until(lambda: not ui.has_dialog and not ui.screen.is_working)
        assert "there is no other world" in ui.footer
        assert "the edit is kept: e opens it again" in ui.footer
        await ui.hit("e")
        await ui.until(lambda: "mine = 1" in ui.seen)


@pytest.mark.slow
async def test_an_edit_that_is_accepted_while_the_model_thinks_is_kept(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    model = BlockingPolicy(Scripted({ROOT: reply(CODE), "d = 4": reply("x = 1")}))
    model.let_go.set()
    async with open_screen(script_run(policy=model)) as ui:
        await ui.press("s", "s")
        model.let_go.clear()
        model.asked.clear()
        await ui.press("home")
        await ui.command("regenerate 0")
        await ui.hit("c")
        await ui.until(lambda: model.asked.is_set() and "waiting for the model" in ui.status)
        await ui.hit("home")
        await edited(ui, "mine = 1")
        await ui.until(lambda: not isinstance(ui.app.screen, EditorScreen))
        await ui.hit("enter")
        await ui.until(lambda: not ui.has_dialog)
        assert "waiting for the model: p pauses" in ui.footer
        await ui.hit("p", "p")
        await ui.settle()
        await ui.hit("home", "e")
        await ui.until(lambda: "mine = 1" in ui.seen)


@pytest.mark.slow
async def test_an_edit_that_was_taken_is_no_draft_any_more(open_screen: OpenScreen, walk: Open) -> None:
    async with open_screen(walk) as ui:
        await ui.press("s", "s", "end")
        await edited(ui, "c = 4")
        await ui.until(lambda: not isinstance(ui.app.screen, EditorScreen))
        await ui.hit("enter")
        await ui.until(lambda: not ui.has_dialog)
        await ui.settle()
        assert not ui.screen.controller.drafts
        await ui.hit("q")
        await ui.until(lambda: not ui.app.is_running)
