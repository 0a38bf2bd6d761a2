"""The editor of code: its popup of completions, the list of actions, and the marks of placeholders."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual.pilot import Pilot

from recode_tui.debug.action_line import Suggestions
from recode_tui.debug.dialogs.action_pane import ActionPane
from recode_tui.debug.dialogs.code_area import CodeArea, CompletionList
from recode_tui.debug.dialogs.code_help import CodeHelp
from recode_tui.debug.dialogs.confirm import DraftDecisionScreen
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.debug.dialogs.validation import check_code, find_placeholders
from recode_tui.debug.view import ActionsDialog
from recode_tui.widgets.text_box import TextBox
from tests.support.waiting import PATIENCE
from tests.tui.keys import press

if TYPE_CHECKING:
    from tests.tui.dialogs.conftest import DialogHost, Opener

NAMES = frozenset({"location", "locations"})
HERE = Suggestions("here", ("look", "go to desk 1", "go to desk 2", "say it's me"))
WIDE, NARROW = (120, 40), (80, 24)


class Asked:
    """Notes what is asked for, and answers."""

    def __init__(self, answer: Suggestions = HERE) -> None:
        self._answer = answer
        self.asked: list[bool] = []
        self.dialog: ActionsDialog | None = None

    def __call__(self, dialog: ActionsDialog, may_restore: bool) -> None:
        self.asked.append(may_restore)
        self.dialog = dialog
        dialog.show_actions(self._answer)


def editor(text: str = "", asked: Asked | None = None) -> EditorScreen:
    help = CodeHelp(lambda: (*sorted(NAMES), "find_it("), find_placeholders(NAMES), asked or Asked())
    return EditorScreen("Edit", text, check=check_code(NAMES), help=help)


def box_of(app: DialogHost) -> TextBox:
    return app.screen.query_one(TextBox)


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    left = int(PATIENCE / 0.01)
    while not holds():
        assert (left := left - 1), "gave up waiting"
        await pilot.pause(0.01)


async def ready(app: DialogHost, pilot: Pilot[None]) -> None:
    """Wait until the names are known."""
    await until(pilot, lambda: app.screen.query_one(CodeArea).words == (*sorted(NAMES), "find_it("))


def popup(app: DialogHost) -> tuple[str, ...] | None:
    found = app.screen.query_one(CompletionList)
    return found.options if found.display else None


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_tab_completes_and_escape_closes_only_the_popup(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(editor(), size) as (app, pilot):
        await ready(app, pilot)
        await press(pilot, *"x = loc", "tab")
        assert popup(app) == ("location", "locations")
        assert "▸ location" in app.seen()
        await press(pilot, "down", "tab")
        assert box_of(app).text == "x = locations" and popup(app) is None
        await press(pilot, "enter", *"y = loc", "tab", "escape")
        assert popup(app) is None and app.answers == []
        assert not isinstance(app.screen, DraftDecisionScreen)
        await press(pilot, *"at")
        assert box_of(app).text == "x = locations\ny = locat"
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, DraftDecisionScreen))


async def test_typing_narrows_the_popup_and_ends_it(opened: Opener) -> None:
    async with opened(editor(), WIDE) as (app, pilot):
        await ready(app, pilot)
        await press(pilot, *"lo", "tab", *"cations")
        assert popup(app) is None
        await press(pilot, "backspace", "tab")  # the only one is taken at once
        assert box_of(app).text == "locations"
        await press(pilot, *" = fi", "tab")
        assert box_of(app).text == "locations = find_it("


async def test_the_cursor_leaves_the_popup(opened: Opener) -> None:
    async with opened(editor("a = 1\nb = 2"), WIDE) as (app, pilot):
        await ready(app, pilot)
        await press(pilot, "end", *" + loc", "tab")
        assert popup(app)
        await press(pilot, "home")
        assert popup(app) is None
        await press(pilot, "down", "up")
        assert box_of(app).cursor_location[0] == 0


async def test_tab_indents_and_enter_breaks_the_line_where_nothing_is_completed(opened: Opener) -> None:
    async with opened(editor(), WIDE) as (app, pilot):
        await ready(app, pilot)
        await press(pilot, "tab", *"x = 1", "tab", "enter", "tab")
        assert box_of(app).text == "    x = 1   \n        "
        await press(pilot, "shift+up", "tab")  # several lines are indented
        assert box_of(app).text == "        x = 1   \n            "


async def test_control_space_offers_all_names(opened: Opener) -> None:
    async with opened(editor(), WIDE) as (app, pilot):
        await ready(app, pilot)
        for key in ("ctrl+@", "ctrl+space"):
            await press(pilot, key)
            assert popup(app) == ("location", "locations", "find_it(")
            await press(pilot, "escape")
        assert box_of(app).text == ""


async def test_actions_are_completed_and_quoted(opened: Opener) -> None:
    async with opened(editor(), WIDE) as (app, pilot):
        await press(pilot, *"run('go", "tab")
        assert popup(app) == ("go to desk 1", "go to desk 2")
        await press(pilot, "down", "enter", "enter", *"run('say", "tab")
        assert box_of(app).text == "run('go to desk 2')\nrun(\"say it's me\")"


async def test_actions_that_are_not_known_yet_are_asked_for_and_then_offered(opened: Opener) -> None:
    asked = Asked(Suggestions("elsewhere", reason="f2 asks the world…"))
    async with opened(editor(asked=asked), NARROW) as (app, pilot):
        await press(pilot, *"run('go", "tab")
        assert asked.asked == [False, True]
        assert "f2 asks the world…" in app.seen() and popup(app) == ()
        assert asked.dialog is not None
        asked.dialog.show_actions(HERE)
        await pilot.pause()
        assert popup(app) == ("go to desk 1", "go to desk 2")
        asked.dialog.show_actions(Suggestions("failed", reason="this environment does not list its actions"))
        await pilot.pause()
        assert popup(app) == () and "this environment does not list" in app.seen()


async def test_the_actions_are_beside_the_text_and_enter_inserts_one(opened: Opener) -> None:
    asked = Asked()
    async with opened(editor("a = ", asked), WIDE) as (app, pilot):
        assert "4 of 4 possible here" in app.seen() and "say it's me" in app.seen()
        await press(pilot, "end", "f2", *"desk", "down")
        assert "2 of 4 possible here" in app.seen()
        await press(pilot, "enter")
        await pilot.pause()
        assert box_of(app).text == "a = run('go to desk 2')" and box_of(app).has_focus
        await press(pilot, "ctrl+z")
        assert box_of(app).text == "a = "
    assert asked.asked == [False]  # it was not asked again


async def test_a_small_terminal_shows_the_actions_on_demand(opened: Opener) -> None:
    async with opened(editor("a = "), NARROW) as (app, pilot):
        assert "possible here" not in app.seen() and "f2 actions" in app.seen()
        await press(pilot, "f2")
        assert "4 of 4 possible here" in app.seen()
        await press(pilot, "escape")
        assert "possible here" not in app.seen() and box_of(app).has_focus
        assert not isinstance(app.screen, DraftDecisionScreen) and app.answers == []
        await press(pilot, "f2", "f2", "x")
        assert box_of(app).text == "xa = "


async def test_why_there_are_no_actions_is_said(opened: Opener) -> None:
    asked = Asked(Suggestions("failed", reason="this environment does not list its admissible actions"))
    async with opened(editor(asked=asked), WIDE) as (app, _):
        assert "this environment does not" in app.seen()
        app.screen.query_one(ActionPane).show(HERE)


async def test_lines_with_placeholders_are_marked(opened: Opener) -> None:
    code = "x = find(1)\nrun('go')\nfor p in location:\n    clean(p)"
    async with opened(editor(code), WIDE) as (app, pilot):
        await until(pilot, lambda: box_of(app).marks)
        rows = [line for line in app.seen().split("\n") if "◇" in line]
        assert [row.split("◇")[0].strip(" │") for row in rows] == ["1", "4"]
        await press(pilot, *"find = len", "enter")  # now it is defined
        await until(pilot, lambda: list(box_of(app).marks) == [5])
        await press(pilot, "(")  # a fault: the marks stay
        await until(pilot, lambda: box_of(app).fault is not None)
        assert list(box_of(app).marks) == [5]
