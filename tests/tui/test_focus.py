"""The focus is always visible: each widget that can have it looks different with it, in both themes.

The caret alone is not enough: it blinks, and is one cell.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.style import Style
from textual.app import App
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.debugger.diff import difference
from recode_core.environments.layout import as_it_is
from recode_core.events import LimitReached
from recode_core.session import read
from recode_core.values import Message
from recode_tui.debug.action_line import Suggestions
from recode_tui.debug.dialogs.branches import BranchesScreen
from recode_tui.debug.dialogs.breakpoint_form import BreakpointForm
from recode_tui.debug.dialogs.breakpoints import BreakpointsScreen
from recode_tui.debug.dialogs.candidates import CandidatesScreen
from recode_tui.debug.dialogs.code_help import CodeHelp
from recode_tui.debug.dialogs.compare import CompareScreen
from recode_tui.debug.dialogs.confirm import ConfirmScreen, DraftDecisionScreen
from recode_tui.debug.dialogs.diff_confirm import DiffConfirmScreen
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.debug.dialogs.limit import LimitScreen
from recode_tui.debug.dialogs.messages import MessagesScreen
from recode_tui.debug.dialogs.observation import ObservationScreen
from recode_tui.debug.dialogs.price import PriceScreen
from recode_tui.debug.dialogs.regenerate import RegenerateScreen
from recode_tui.debug.dialogs.validation import find_placeholders
from recode_tui.debug.dialogs.variable_history import VariableHistoryScreen
from recode_tui.home.new_run import NewRunDialog
from recode_tui.home.session_dialogs import DeleteDialog, ImportDialog, RenameDialog
from recode_tui.themes import DARK, LIGHT
from recode_tui.widgets.text_view import TextView
from tests.tui.debug.conftest import (
    SAMPLES,
    OpenScreen,
    ScriptRun,
    open_screen,
    path,
    script_run,
)
from tests.tui.dialogs.test_branches import BRANCHES
from tests.tui.dialogs.test_breakpoints import POINTS, marks
from tests.tui.dialogs.test_candidates import ROLLOUTS, Stops
from tests.tui.dialogs.test_variable_history import changes
from tests.tui.home.home_pilot import HomeApp, HomePilot, write_solved
from tests.tui.themed import DialogApp

__all__ = ["open_screen", "path", "script_run"]

MESSAGES = (Message("system", "be brief"), Message("user", "do it"))
TEXT = "\n".join(f"line {n} of it" for n in range(60))
SIZE = (120, 40)
BOTH = (DARK.name, pytest.param(LIGHT.name, marks=pytest.mark.slow))


def compared() -> Screen[Any]:
    session = read(SAMPLES / "household-mended.jsonl")
    left, right = session.timeline("main").end, session.timeline("edit-1").end
    return CompareScreen(("main", "edit-1"), left, right, difference(left, right))


def code_editor() -> Screen[Any]:
    here = Suggestions("here", ("look", "go to desk 1"))
    help = CodeHelp(lambda: (), find_placeholders(None), lambda dialog, _: dialog.show_actions(here))
    return EditorScreen("Edit", "a = 1\nb = 2", note=TEXT, help=help)


def sampled() -> Screen[Any]:
    screen = CandidatesScreen("0.1", "find([obj])", "look()", 3, Stops())
    screen.finished(ROLLOUTS)
    return screen


DIALOGS: dict[str, Callable[[], Screen[Any]]] = {
    "branches": lambda: BranchesScreen(BRANCHES, "main"),
    "breakpoints": lambda: BreakpointsScreen(marks(*POINTS), lambda *commands: None),
    "breakpoint form": lambda: BreakpointForm(POINTS[0]),
    "candidates": sampled,
    "compare": compared,
    "confirm": lambda: ConfirmScreen("Leave?", "An edit is lost."),
    "draft": DraftDecisionScreen,
    "diff": lambda: DiffConfirmScreen("a = 1", "a = 2"),
    "code editor": code_editor,
    "reply editor": lambda: EditorScreen("Reply", TEXT, language="text"),
    "limit": lambda: LimitScreen(LimitReached("calls", 20, 20)),
    "messages": lambda: MessagesScreen("The prompt", MESSAGES),
    "observation": lambda: ObservationScreen("look", TEXT, as_it_is(TEXT)),
    "price": lambda: PriceScreen("`regenerate 0` asks the model.", CostEstimate(4, 4816, 0.0123, "4 calls")),
    "regenerate": lambda: RegenerateScreen("0.1", "find()", "gpt-4o-mini", lambda wanted: None),
    "variable": lambda: VariableHistoryScreen("obs", changes(), 16),
    "new run": NewRunDialog,
    "rename": lambda: RenameDialog(SAMPLES / "household-mended.jsonl"),
    "import": lambda: ImportDialog(SAMPLES),
    "delete": lambda: DeleteDialog("a session"),
}
Cells = dict[tuple[int, int], tuple[str, Style | None]]


def cells(app: App[Any]) -> Cells:
    """Every cell of the terminal, with its style."""
    found: Cells = {}
    for y, strip in enumerate(app.screen._compositor.render_strips(app.screen.size)):
        x = 0
        for segment in strip:
            for character in segment.text:
                found[x, y] = character, segment.style
                x += 1
    return found


def focusable(app: App[Any]) -> list[Widget]:
    """The widgets that tab or a key can give the focus, and that are seen."""
    found = [widget for widget in app.screen.query("*").results(Widget) if widget.focusable]
    return [widget for widget in found if widget.region.area and widget.region.overlaps(app.screen.region)]


async def invisible(app: App[Any], pilot: Pilot[Any]) -> list[str]:
    """The widgets whose focus is not seen beside the caret."""
    widgets = focusable(app)
    if isinstance(app.screen, ModalScreen) and len(widgets) == 1 and isinstance(widgets[0], TextView):
        return []  # a text that is read has the focus always
    found = []
    for widget in widgets:
        app.screen.set_focus(None)
        await pilot.pause()
        await pilot.pause()
        without = cells(app)
        app.screen.set_focus(widget, scroll_visible=False)
        await pilot.pause()
        await pilot.pause()
        now = cells(app)
        changed = [at for at in now if now[at] != without.get(at)]
        if len(changed) < 2:
            found.append(f"{type(widget).__name__}#{widget.id} in {type(widget.parent).__name__}")
    return found


@pytest.mark.parametrize("theme", BOTH)
@pytest.mark.parametrize("name", DIALOGS)
async def test_the_focus_is_seen_in_every_dialog(name: str, theme: str) -> None:
    app = DialogApp(DIALOGS[name]())
    app.theme = theme
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert await invisible(app, pilot) == []


@pytest.mark.parametrize("theme", BOTH)
async def test_the_focus_is_seen_in_every_panel(
    open_screen: OpenScreen, script_run: ScriptRun, theme: str
) -> None:
    async with open_screen(script_run("a = 1\nb = 2")) as ui:
        ui.app.theme = theme
        await ui.press("s", "s")
        assert len(focusable(ui.app)) >= 5
        assert await invisible(ui.app, ui.pilot) == []


@pytest.mark.parametrize("theme", BOTH)
async def test_the_focus_is_seen_on_the_home_screen(tmp_path: Path, theme: str) -> None:
    write_solved(tmp_path, "solved", hour=18)
    app = HomeApp(tmp_path, theme)
    async with app.run_test(size=SIZE) as pilot:
        await HomePilot(app, pilot).settle()
        assert len(focusable(app)) >= 2
        assert await invisible(app, pilot) == []
