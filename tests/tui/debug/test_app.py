"""From home to the debugger and back; what cannot be opened, and what goes wrong, is said where one is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recode_core.debugger.commands import Note, Step
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.outcomes import Outcome
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.session import read
from recode_tui.app import RecodeApp
from recode_tui.debug.screen import DebugScreen
from recode_tui.home.screen import HomeScreen
from recode_tui.home.session_list import EntryList
from tests.tui.debug.conftest import ROOT, SAMPLES, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot


async def test_from_home_to_a_session_and_back(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    shutil.copy(SAMPLES / "household-mended.jsonl", folder / "mine.jsonl")
    app = RecodeApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: "mine" in ui.seen)
        for key in ("r", "enter"):
            await ui.hit(key)
            await ui.until(lambda: isinstance(app.screen, DebugScreen))
            await ui.settle()
            assert "✔ solved" in ui.status
            await ui.press("S")
            assert "◀" in ui.status
            await ui.hit("q")
            await ui.until(lambda: isinstance(app.screen, HomeScreen))
            await ui.until(lambda: "mine" in ui.seen)


async def test_the_demo_begins_from_home(tmp_path: Path) -> None:
    app = RecodeApp(tmp_path / "sessions")
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: isinstance(app.screen, HomeScreen))
        await ui.hit("d")
        await ui.until(lambda: isinstance(app.screen, DebugScreen))
        await ui.settle()
        assert "not solved" in ui.status and "heat_object" in ui.plan
        await ui.hit("q")
        await ui.until(lambda: isinstance(app.screen, HomeScreen))


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("keys", "is_new"),
    [
        (("d",), True),
        (("n", "tab", *"put:7", "ctrl+s"), True),
        (("down", "R"), True),
        (("slash", *"mine", "enter", "d"), True),
        (("tab", "down", "enter"), True),
        (("down", "down", "enter"), False),
        (("down", "down", "r"), False),
    ],
    ids=["demo", "new run", "again", "a search that hides it", "a copy of a sample", "resumed", "replayed"],
)
async def test_the_cursor_of_home_stands_on_the_session_one_comes_back_from(
    tmp_path: Path, keys: tuple[str, ...], is_new: bool
) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    for name in ("mine-1", "mine-2", "mine-3"):
        shutil.copy(SAMPLES / "household-mended.jsonl", folder / f"{name}.jsonl")
    app = RecodeApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: "mine-3" in ui.seen and "reading" not in ui.seen)
        home = app.screen
        listing = home.query_one("#sessions", EntryList)
        known = [entry.path for entry in listing.shown]
        for key in keys:
            await ui.hit(key)
        await ui.until(lambda: isinstance(app.screen, DebugScreen))
        await ui.settle()
        opened = ui.screen.path
        await ui.press("s", "s")
        await ui.hit("q")
        await ui.until(lambda: app.screen is home)
        await ui.until(lambda: listing.entry is not None and listing.entry.path == opened)
        assert (opened not in known) is is_new
        assert home.focused is listing
        assert listing.region.y <= listing.region.y + listing.cursor < listing.region.bottom


async def test_a_picture_goes_to_the_sessions_and_its_name_is_told(
    open_screen: OpenScreen, script_run: ScriptRun, tmp_path: Path
) -> None:
    async with open_screen(script_run("a = 1")) as ui:
        ui.app.deliver_screenshot()
        (file,) = (tmp_path / "sessions").glob("recode-*.svg")
        assert "at the start" in file.read_text(encoding="utf-8").replace("&#160;", " ")
        await ui.taken()
        assert [note.message for note in ui.app._notifications] == [f"screenshot saved as {file}"]


async def test_a_picture_that_cannot_be_written_says_why_and_where_to(
    open_screen: OpenScreen, script_run: ScriptRun, tmp_path: Path
) -> None:
    (tmp_path / "sessions").write_text("a file stands in the way", encoding="utf-8")
    async with open_screen(script_run("a = 1")) as ui:
        ui.app.deliver_screenshot()
        await ui.taken()
        (note,) = ui.app._notifications
        assert note.message == f"the screenshot cannot be written to {tmp_path / 'sessions'}: File exists"


async def test_what_cannot_be_opened_ends_the_app_with_why(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    def world() -> ScriptedWorld:
        raise EnvironmentUnavailable("[Buy Now] is not installed: pip install it")

    async with open_screen(script_run("a = 1", world=world), waits=False) as ui:
        await ui.until(lambda: not ui.app.is_running)
        app_exit = ui.app.return_value
        assert app_exit is not None
        assert (app_exit.message, app_exit.code) == ("[Buy Now] is not installed: pip install it", 3)


async def test_a_fault_of_ours_ends_the_app_and_names_the_session(
    open_screen: OpenScreen, script_run: ScriptRun, path: Path
) -> None:
    class Fail(Note, frozen=True):
        def execute(self, debugger: Debugger) -> Outcome:
            super().execute(debugger)
            raise ZeroDivisionError("a fault of ours")

    async with open_screen(script_run("run('go')")) as ui:
        ui.screen.controller.execute(Step(), Fail("0", "seen"))
        await ui.until(lambda: not ui.app.is_running)
        app_exit = ui.app.return_value
        assert app_exit is not None
        assert app_exit.code == 70
        assert ui.app.recorded == path
        assert "a fault of ours" in app_exit.trace
    assert read(path).records


async def test_a_policy_without_an_answer_leaves_the_run_where_it_can_be_asked_again(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run({ROOT: []})) as ui:
        await ui.press("c")
        assert ui.at == ("model", "0")
        assert "the script has no reply left" in ui.footer
        await ui.press("c")
        assert "the script has no reply left" in ui.footer


async def test_a_world_that_goes_away_is_told_and_the_run_goes_on_in_another(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    answers = {"one": "1", "two": EnvironmentUnavailable("the world is [gone]")}
    worlds = iter([ScriptedWorld(answers), ScriptedWorld({"one": "1", "two": "2"})])
    async with open_screen(script_run("a = run('one')\nb = run('two')", world=lambda: next(worlds))) as ui:
        await ui.press("c")
        assert "the world is [gone]" in ui.footer
        assert ui.at == ("action", "0.1")
        await ui.press("exclamation_mark", "c")
        await ui.press("c")
        assert ui.at[0] == "end"
        assert "'2'" in ui.panel("variables")


async def test_a_world_that_answers_otherwise_when_repeated_is_told_and_nothing_changes(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    worlds = iter([ScriptedWorld({"go": "a door"}), *[ScriptedWorld({"go": "a hall"}) for _ in range(9)]])
    async with open_screen(script_run("a = run('go')\nb = 2\nc = 3", world=lambda: next(worlds))) as ui:
        await ui.press("c", "S", "S")
        assert ui.at == ("statement", "0.1")
        await ui.hit("x")
        await ui.until(lambda: "a hall" in ui.seen)
        assert "a door" in ui.seen
        while ui.has_dialog:
            await ui.hit("escape")
        await ui.settle()
        assert ui.at == ("statement", "0.1")
        assert "▸" not in ui.status
