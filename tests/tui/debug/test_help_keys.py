"""F1 shows help wherever the user is, F2 edits, and ctrl+q asks before something is lost."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.widgets import HelpPanel

from recode_core.policies.human import Human
from recode_tui.debug.dialogs.confirm import ConfirmScreen, DraftDecisionScreen
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.debug.drafts import DraftKey
from recode_tui.help_screen import HelpScreen
from recode_tui.widgets.text_box import TextBox
from tests.tui.debug.conftest import OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

CODE = "a = 1\nb = 2"


async def helped(ui: DebuggerPilot) -> str:
    """Press F1, and F1 again, and leave; return what was seen."""
    before = ui.app.screen
    await ui.hit("f1")
    await ui.until(lambda: isinstance(ui.app.screen, HelpScreen))
    await ui.taken()
    await ui.hit("f1")
    seen = ui.seen
    await ui.hit("escape")
    await ui.until(lambda: ui.app.screen is before)
    return seen


@pytest.mark.parametrize(
    ("keys", "seen"),
    [
        ("", "to the next stop point"),
        ("e", "accept"),
        ("g", "ask the model"),
        ("B", "back"),
        ("T", "back"),
        ("ctrl+p", "bottom"),
    ],
)
async def test_f1_shows_the_keys_of_whatever_is_on_top(
    open_screen: OpenScreen, script_run: ScriptRun, keys: str, seen: str
) -> None:
    async with open_screen(script_run(CODE)) as ui:
        await ui.press("s", "s")
        if keys:
            await ui.hit("home", keys)
            await ui.until(lambda: ui.has_dialog)
            await ui.taken()
        assert seen in await helped(ui)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize(
    ("key", "first"),
    [("e", "check the text, and accept it"), ("g", "ask the model")],
)
async def test_in_a_text_field_our_own_keys_come_first_and_in_words(
    open_screen: OpenScreen, script_run: ScriptRun, key: str, first: str, size: tuple[int, int]
) -> None:
    async with open_screen(script_run(CODE), size) as ui:
        await ui.press("s", "s", "home")
        await ui.hit(key)
        await ui.until(lambda: ui.has_dialog)
        await ui.taken()
        await ui.hit("f1")
        await ui.until(lambda: isinstance(ui.app.screen, HelpScreen))
        await ui.taken()
        assert first in ui.seen
        assert isinstance(ui.app.screen, HelpScreen)
        texts = [(entry.group, entry.text) for entry in ui.app.screen.entries if entry.group != "Glyphs"]
        at = texts.index(("Dialog", first))
        typing = [number for number, (group, _) in enumerate(texts) if group == "While typing"]
        assert at < typing[0] and typing == list(range(typing[0], len(texts)))
        assert ("While typing", "Delete character left") in texts


async def test_f1_in_the_command_line_keeps_what_is_typed(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE)) as ui:
        await ui.hit("colon")
        await ui.write("print 1")
        assert "the line before" in await helped(ui)
        assert ui.prompt == "print 1"


async def test_f1_helps_in_the_editor_of_a_person(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run(policy=Human())) as ui:
        await ui.hit("c")
        await ui.until(lambda: bool(ui.app.screen.query(TextBox)))
        assert "$EDITOR" in await helped(ui)
        await ui.write("x = 1")
        assert ui.app.screen.query_one(TextBox).text == "x = 1"
        await ui.hit("ctrl+s")
        await ui.settle()
        assert ui.at[0] == "end"


async def test_f2_edits(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run(CODE)) as ui:
        await ui.press("s", "s", "home", "f2")
        assert isinstance(ui.app.screen, EditorScreen)


async def test_the_palette_has_the_help_and_nothing_that_a_user_does_not_understand(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE)) as ui:
        titles = [command.title for command in ui.app.get_system_commands(ui.screen)]
        assert titles == ["Help", "Theme", "Quit", "Screenshot"]
        await ui.hit("ctrl+p")
        await ui.until(lambda: isinstance(ui.app.screen, CommandPalette))
        await ui.write("the keys of the screen")
        await ui.hit("escape")
        assert not ui.app.screen.query(HelpPanel)


async def test_ctrl_q_asks_before_a_draft_is_lost(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run(CODE)) as ui:
        await ui.press("s", "s")
        ui.screen.controller.drafts[DraftKey("code", "0")] = "half"
        await ui.hit("ctrl+q", "ctrl+q")
        assert isinstance(ui.app.screen, ConfirmScreen) and "An edit was not accepted." in ui.seen
        await ui.hit("escape")
        assert not ui.has_dialog
        await ui.hit("ctrl+q", "y")
        await ui.until(lambda: not ui.app.is_running)


async def test_ctrl_q_in_an_editor_asks_what_becomes_of_its_text(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(CODE)) as ui:
        await ui.press("s", "s", "home", "e")
        await ui.hit("z", "ctrl+q")
        await ui.until(lambda: isinstance(ui.app.screen, DraftDecisionScreen))
        await ui.hit("ctrl+q", "k")
        await ui.until(lambda: not ui.has_dialog)
        assert dict(ui.screen.controller.drafts) == {DraftKey("code", "0"): f"z{CODE}"}
