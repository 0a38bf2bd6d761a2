"""From home to the debugger and back; what cannot be opened, and what goes wrong, is said where one is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from recode_core.debugger.commands import Console
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.session import read
from recode_tui.app import RecodeApp
from recode_tui.debug.screen import DebugScreen
from recode_tui.home.screen import HomeScreen
from tests.tui.debug.conftest import ROOT, SAMPLES, Scripting, Sit
from tests.tui.debug.seat import Seat


async def test_from_home_to_a_session_and_back(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    shutil.copy(SAMPLES / "household-mended.jsonl", folder / "mine.jsonl")
    app = RecodeApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        seat = Seat(app, pilot)
        await seat.until(lambda: "mine" in seat.seen)
        for key in ("r", "enter"):
            await seat.hit(key)
            await seat.until(lambda: isinstance(app.screen, DebugScreen))
            await seat.settle()
            assert "✔ solved" in seat.status
            await seat.press("S")
            assert "◀" in seat.status
            await seat.hit("q")
            await seat.until(lambda: isinstance(app.screen, HomeScreen))
            await seat.until(lambda: "mine" in seat.seen)


async def test_the_demo_begins_from_home(tmp_path: Path) -> None:
    app = RecodeApp(tmp_path / "sessions")
    async with app.run_test(size=(120, 40)) as pilot:
        seat = Seat(app, pilot)
        await seat.until(lambda: isinstance(app.screen, HomeScreen))
        await seat.hit("d")
        await seat.until(lambda: isinstance(app.screen, DebugScreen))
        await seat.settle()
        await seat.press("s", "s")
        assert "import re" in seat.plan
        await seat.hit("q")
        await seat.until(lambda: isinstance(app.screen, HomeScreen))


async def test_a_picture_goes_to_the_sessions_and_its_name_is_told(
    sit: Sit, scripting: Scripting, tmp_path: Path
) -> None:
    async with sit(scripting("a = 1")) as seat:
        seat.app.deliver_screenshot()
        (file,) = (tmp_path / "sessions").glob("recode-*.svg")
        assert "at the start" in file.read_text(encoding="utf-8").replace("&#160;", " ")
        await seat.taken()
        assert [note.message for note in seat.app._notifications] == [f"the picture is {file}"]


async def test_a_picture_that_cannot_be_written_says_why_and_where_to(
    sit: Sit, scripting: Scripting, tmp_path: Path
) -> None:
    (tmp_path / "sessions").write_text("a file stands in the way", encoding="utf-8")
    async with sit(scripting("a = 1")) as seat:
        seat.app.deliver_screenshot()
        await seat.taken()
        (note,) = seat.app._notifications
        assert note.message == f"no picture can be written to {tmp_path / 'sessions'}: File exists"


async def test_what_cannot_be_opened_ends_the_app_with_why(sit: Sit, scripting: Scripting) -> None:
    def world() -> ScriptedWorld:
        raise EnvironmentUnavailable("[Buy Now] is not installed: pip install it")

    async with sit(scripting("a = 1", world=world), waits=False) as seat:
        await seat.until(lambda: not seat.app.is_running)
        ending = seat.app.return_value
        assert ending is not None
        assert (str(ending), ending.code) == ("[Buy Now] is not installed: pip install it", 3)


async def test_a_fault_of_ours_ends_the_app_and_names_the_session(
    sit: Sit, scripting: Scripting, path: Path
) -> None:
    def work(console: Console) -> Iterator[str]:
        yield from console.run("step")
        yield from console.run("note 0 seen")
        raise ZeroDivisionError("a fault of ours")

    async with sit(scripting("run('go')")) as seat:
        seat.screen.do("step", work)
        await seat.until(lambda: not seat.app.is_running)
        ending = seat.app.return_value
        assert ending is not None
        assert ending.code == 70
        assert seat.app.recorded == path
        assert "a fault of ours" in ending.trace
    assert read(path).records


async def test_a_policy_without_an_answer_leaves_the_run_where_it_can_be_asked_again(
    sit: Sit, scripting: Scripting
) -> None:
    async with sit(scripting({ROOT: []})) as seat:
        await seat.press("c")
        assert seat.at == ("model", "0")
        assert "the script has no reply left" in seat.footer
        await seat.press("c")
        assert "the script has no reply left" in seat.footer


async def test_a_world_that_goes_away_is_told_and_the_run_goes_on_in_another(
    sit: Sit, scripting: Scripting
) -> None:
    answers = {"one": "1", "two": EnvironmentUnavailable("the world is [gone]")}
    worlds = iter([ScriptedWorld(answers), ScriptedWorld({"one": "1", "two": "2"})])
    async with sit(scripting("a = run('one')\nb = run('two')", world=lambda: next(worlds))) as seat:
        await seat.press("c")
        assert "the world is [gone]" in seat.footer
        assert seat.at == ("action", "0.1")
        await seat.press("exclamation_mark", "c")
        await seat.press("c")
        assert seat.at[0] == "end"
        assert "'2'" in seat.panel("variables")


async def test_a_world_that_answers_otherwise_when_repeated_is_told_and_nothing_changes(
    sit: Sit, scripting: Scripting
) -> None:
    worlds = iter([ScriptedWorld({"go": "a door"}), *[ScriptedWorld({"go": "a hall"}) for _ in range(9)]])
    async with sit(scripting("a = run('go')\nb = 2\nc = 3", world=lambda: next(worlds))) as seat:
        await seat.press("c", "S", "S")
        assert seat.at == ("statement", "0.1")
        await seat.hit("x")
        await seat.until(lambda: "a hall" in seat.seen)
        assert "a door" in seat.seen
        while seat.has_dialog:
            await seat.hit("escape")
        await seat.settle()
        assert seat.at == ("statement", "0.1")
        assert "▸" not in seat.status
