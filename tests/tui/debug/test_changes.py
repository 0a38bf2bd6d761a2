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
from recode_tui.debug.dialogs.textbox import TextBox
from recode_tui.opening import Open
from tests.tui.debug.conftest import ROOT, Scripting, Sit
from tests.tui.debug.doubles import Slow, reply
from tests.tui.debug.seat import Seat

CODE = "a = run('go')\nb = run('look')\nc = 3"


@pytest.fixture
def walk(scripting: Scripting) -> Open:
    """A run of two actions."""
    return scripting({ROOT: [CODE] * 3}, {"go": "You went.", "look": "A door.", "jump": "You jumped."})


async def edited(seat: Seat, text: str) -> None:
    """Open the editor, put a text in place of what is there, and accept it."""
    await seat.hit("e")
    await seat.until(lambda: isinstance(seat.app.screen, EditorScreen))
    seat.app.screen.query_one(TextBox).replace_all(text)
    await seat.hit("ctrl+s")


async def test_an_edit_of_what_has_run_is_compared_and_starts_a_branch(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c")
        assert seat.at[0] == "end"
        await seat.press("home")
        await edited(seat, CODE.replace("look", "jump"))
        await seat.until(lambda: "jump" in seat.seen and not isinstance(seat.app.screen, EditorScreen))
        await seat.press("enter")
        await seat.until(lambda: not seat.has_dialog)
        await seat.settle()
        assert "▸ edit-1" in seat.status
        assert seat.at == ("statement", "0.1")
        assert "jump" in seat.code
        assert "edit-1" in seat.panel("timeline")
        assert len(seat.events(ExpansionReplied)) == 1
        await seat.press("c")
        assert "You jumped." in seat.panel("environment")


async def test_a_wrong_edit_says_where_and_why_and_is_not_taken(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "home")
        written = len(seat.records)
        await edited(seat, "a = run('go')\ndef f(): pass")
        await seat.until(lambda: "not accepted" in seat.seen)
        assert "not accepted: 2:1  `def` is not allowed" in seat.seen
        assert "2✖ def f(): pass" in seat.seen
        await seat.hit("escape")
        await seat.until(lambda: "Throw away" in seat.seen)
        await seat.press("d")
        await seat.until(lambda: not seat.has_dialog)
        assert len(seat.records) == written


async def test_a_draft_that_is_kept_is_there_again_and_leaving_asks_for_it(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "home", "e")
        await seat.until(lambda: isinstance(seat.app.screen, EditorScreen))
        seat.app.screen.query_one(TextBox).replace_all("a = 'mine'")
        await seat.hit("escape")
        await seat.until(lambda: "Keep as a draft" in seat.seen)
        await seat.hit("k")
        await seat.until(lambda: not seat.has_dialog)
        assert "the draft for 0 is kept" in seat.footer
        await seat.hit("q")
        assert "An edit was not accepted." in seat.seen
        await seat.hit("n")
        assert not seat.has_dialog
        await seat.hit("e")
        await seat.until(lambda: "a = 'mine'" in seat.seen)


async def left_as_draft(seat: Seat, text: str) -> None:
    """Write a text in the editor that is open, and keep it as a draft."""
    await seat.until(lambda: isinstance(seat.app.screen, EditorScreen))
    seat.app.screen.query_one(TextBox).replace_all(text)
    await seat.hit("escape")
    await seat.until(lambda: "Keep as a draft" in seat.seen)
    await seat.hit("k")
    await seat.until(lambda: not seat.has_dialog)


async def test_a_draft_is_seen_at_its_node_and_above_its_code(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "end", "e")
        assert "±" not in seat.plan
        await left_as_draft(seat, "c = 4")
        assert "±" in seat.row
        assert "± draft" in seat.code
        await seat.press("home")
        assert "± draft" not in seat.code


@pytest.mark.parametrize("command", ["s", "n", "c", "f", "t", "x"])
async def test_no_command_runs_past_a_draft_and_each_says_what_to_do(
    sit: Sit, walk: Open, command: str
) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "end", "e")
        await left_as_draft(seat, "c = 4")
        written, node = len(seat.records), seat.screen.plan.node
        await seat.press("home", command)
        assert len(seat.records) == written
        assert f"{node} has an edit that was not accepted: e opens it" in seat.footer
        assert seat.screen.plan.node == node
        await seat.hit("e")
        await seat.until(lambda: "c = 4" in seat.seen)


async def test_once_a_draft_was_thrown_away_the_run_goes_on(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "end", "e")
        await left_as_draft(seat, "c = 4")
        await seat.hit("e")
        await seat.until(lambda: isinstance(seat.app.screen, EditorScreen))
        await seat.hit("escape")
        await seat.until(lambda: "Throw away" in seat.seen)
        await seat.hit("d")
        await seat.until(lambda: not seat.has_dialog)
        assert "±" not in seat.plan
        await seat.press("c")
        assert seat.at[0] == "end"


async def test_a_draft_of_what_is_over_holds_nothing_up(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "n", "n", "home", "down", "e")
        await left_as_draft(seat, "a = 4")
        before = seat.frame.n
        await seat.press("n")
        assert seat.frame.n > before


async def test_what_is_shown_is_edited_whichever_panel_has_the_focus(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "right_square_bracket", "e")
        await seat.until(lambda: isinstance(seat.app.screen, MessagesScreen))
        await seat.hit("escape")
        await seat.until(lambda: not seat.has_dialog)
        await seat.press("right_square_bracket", "e")
        await seat.until(lambda: "The reply for 0" in seat.seen)


async def test_one_statement_is_edited_where_it_stands(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "end")
        await edited(seat, "c = 4")
        await seat.until(lambda: not isinstance(seat.app.screen, EditorScreen))
        await seat.press("enter")
        await seat.until(lambda: not seat.has_dialog)
        await seat.press("c")
        assert "c            int    4" in seat.panel("variables")
        assert not seat.events(BranchStarted)


async def test_the_reply_and_the_prompt_are_edited_in_their_tabs(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "2", "right_square_bracket", "e")
        await seat.until(lambda: "The prompt for 0" in seat.seen)
        await seat.hit("escape")
        await seat.until(lambda: not seat.has_dialog)
        await seat.press("right_square_bracket", "e")
        await seat.until(lambda: "The reply for 0" in seat.seen)
        seat.app.screen.query_one(TextBox).replace_all("<think>mine</think><execute>\nz = 26\n</execute>")
        await seat.hit("ctrl+s")
        await seat.until(lambda: not isinstance(seat.app.screen, EditorScreen))
        await seat.press("enter")
        await seat.until(lambda: not seat.has_dialog)
        await seat.press("s")
        assert "z = 26" in seat.plan
        assert "▸" in seat.status


async def test_the_editor_of_the_user_edits_too(
    sit: Sit, walk: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "edit"
    script.write_text('#!/bin/sh\nsed -i s/look/jump/ "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", os.fspath(script))
    monkeypatch.setenv("EDITOR", os.fspath(script))
    monkeypatch.setattr(RecodeApp, "suspend", lambda app: nullcontext())
    async with sit(walk) as seat:
        await seat.press("s", "s", "home", "ctrl+e")
        assert "jump" in seat.code
        assert "look" not in seat.plan
        assert "by hand" in seat.plan


async def test_skip_leaves_out_the_statement_and_undo_brings_it_back(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "x")
        assert seat.at == ("statement", "0.1")
        assert "↷" in seat.plan
        await seat.press("z")
        assert seat.at == ("statement", "0.0")
        assert "↷" not in seat.plan
        await seat.press("Z")
        assert "↷" in seat.plan


async def test_retry_runs_the_node_under_the_cursor_again(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("c", "home", "down", "down")
        assert "look" in seat.row
        await seat.press("r")
        assert seat.at == ("statement", "0.1")
        assert "▸ retry-1" in seat.status


async def test_a_variable_is_set_by_a_line_that_is_begun(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "s", "s")
        await seat.hit("v")
        assert seat.prompt.startswith("set ")
        await seat.write("a = 'mine'")
        await seat.press("enter")
        assert "'mine'" in seat.panel("variables")
        await seat.press("z")
        assert "'mine'" not in seat.panel("variables")


async def test_another_action_is_taken_in_place_of_the_one_that_was_reached(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("a")
        assert "step there first" in seat.footer
        await seat.press("s", "s", "s")
        assert seat.at == ("action", "0.0")
        await seat.hit("a")
        assert seat.prompt == 'action "go"'
        await seat.hit("backspace", "backspace", "backspace")
        await seat.write('jump"')
        await seat.press("enter")
        assert seat.events(ActionReplaced) == [ActionReplaced("jump")]
        assert "jump" in seat.panel("environment")
        await seat.press("s")
        assert "You jumped." in seat.panel("environment")


async def test_an_action_that_was_replaced_is_marked_as_not_the_codes(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "s")
        await seat.command('action "jump"')
        assert "by hand: jump" in seat.panel("environment")
        await seat.press("s", "s")
        assert "by hand: jump" in seat.panel("environment")
        assert "by hand: look" not in seat.panel("environment")


async def test_an_action_is_answered_by_hand(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "s")
        await seat.command('observe "[Buy Now] is mine"')
        assert "by hand: [Buy Now] is mine" in seat.panel("environment")
        assert seat.events(ActionFinished)[0].by == "user"


async def test_before_a_call_g_asks_again_for_the_placeholder_that_it_is_for(
    sit: Sit, scripting: Scripting
) -> None:
    placeholders = scripting({ROOT: "x = inner()", "x = inner()": "x = 1"})
    async with sit(placeholders) as seat:
        await seat.press("s", "s")
        assert seat.at == ("model", "0.0")
        await seat.hit("g")
        await seat.until(lambda: seat.has_dialog)
        assert "Ask again for 0.0" in seat.seen


async def test_regenerate_asks_first_and_then_asks_the_policy_again(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "home")
        await seat.hit("g")
        await seat.until(lambda: seat.has_dialog)
        assert len(seat.events(ExpansionReplied)) == 1
        await seat.hit("escape")
        await seat.until(lambda: not seat.has_dialog)
        await seat.command("regenerate 0")
        assert seat.at == ("model", "0")
        await seat.press("s")
        assert len(seat.events(ExpansionReplied)) == 2


async def test_undo_and_redo_of_moves_go_back_and_forth(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("z")
        assert "there is nothing to undo" in seat.footer
        await seat.press("s", "s", "c", "z")
        assert seat.at == ("statement", "0.0")
        await seat.press("z")
        assert seat.at == ("model", "0")
        await seat.press("Z", "Z")
        assert seat.at[0] == "end"
        await seat.press("Z")
        assert "there is nothing to redo" in seat.footer


async def test_an_edit_that_cannot_be_taken_is_kept(sit: Sit, scripting: Scripting) -> None:
    worlds = iter([ScriptedWorld({"go": "You went.", "look": "A door."})])

    def world() -> World:
        if (one := next(worlds, None)) is None:
            raise EnvironmentUnavailable("there is no other world")
        return one

    async with sit(scripting(CODE, world=world), size=(240, 40)) as seat:
        await seat.press("c", "home")
        await edited(seat, "mine = 1")
        await seat.until(lambda: not isinstance(seat.app.screen, EditorScreen))
        await seat.press("enter")
        await seat.until(lambda: not seat.has_dialog and not seat.screen.is_working)
        assert "there is no other world" in seat.footer
        assert "the edit is kept: e opens it again" in seat.footer
        await seat.hit("e")
        await seat.until(lambda: "mine = 1" in seat.seen)


async def test_an_edit_that_is_accepted_while_the_model_thinks_is_kept(
    sit: Sit, scripting: Scripting
) -> None:
    model = Slow(Scripted({ROOT: reply(CODE), "d = 4": reply("x = 1")}))
    model.let_go.set()
    async with sit(scripting(policy=model)) as seat:
        await seat.press("s", "s")
        model.let_go.clear()
        model.asked.clear()
        await seat.press("home")
        await seat.command("regenerate 0")
        await seat.hit("c")
        await seat.until(lambda: model.asked.is_set() and "waiting for the model" in seat.status)
        await seat.hit("home")
        await edited(seat, "mine = 1")
        await seat.until(lambda: not isinstance(seat.app.screen, EditorScreen))
        await seat.hit("enter")
        await seat.until(lambda: not seat.has_dialog)
        assert "waiting for the model: p pauses" in seat.footer
        await seat.hit("p", "p")
        await seat.settle()
        await seat.hit("home", "e")
        await seat.until(lambda: "mine = 1" in seat.seen)


async def test_an_edit_that_was_taken_is_no_draft_any_more(sit: Sit, walk: Open) -> None:
    async with sit(walk) as seat:
        await seat.press("s", "s", "end")
        await edited(seat, "c = 4")
        await seat.until(lambda: not isinstance(seat.app.screen, EditorScreen))
        await seat.hit("enter")
        await seat.until(lambda: not seat.has_dialog)
        await seat.settle()
        assert not seat.screen.drafts
        await seat.hit("q")
        await seat.until(lambda: not seat.app.is_running)
