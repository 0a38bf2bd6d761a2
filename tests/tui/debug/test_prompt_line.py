"""The line after a colon: the language of batch scripts, with completion and a history."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.debugger.chronicle import Chronicle
from recode_core.debugger.commands import COMMANDS
from recode_core.debugger.marks import Marks
from recode_core.session import read
from recode_tui.debug.completion import candidates
from recode_tui.debug.frame import Frame
from recode_tui.opening import Open
from tests.tui.debug.conftest import SAMPLES, Scripting, Sit


@pytest.fixture
def sums(scripting: Scripting) -> Open:
    return scripting("a = 1\nb = 2\nc = a + b")


async def test_a_line_is_typed_run_and_the_focus_comes_back(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s", "4")
        await seat.hit("colon")
        assert seat.screen.query_one("#prompt").has_focus
        assert "a command; tab completes" in seat.prompt
        await seat.write("step")
        assert seat.prompt == "step"
        await seat.press("enter")
        assert seat.at == ("statement", "0.1")
        assert seat.focus == "variables"
        assert not seat.screen.query_one("#prompt").display


async def test_letters_that_are_typed_are_no_commands(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.hit("colon")
        await seat.write("snfcxzbq?!")
        assert seat.prompt == "snfcxzbq?!"
        assert seat.at == ("start", "0")
        assert not seat.has_dialog
        await seat.hit("escape")
        assert seat.at == ("start", "0")


async def test_what_a_command_says_is_seen(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("c")
        await seat.command("print a + b + c")
        assert "6" in seat.footer
        await seat.hit("colon")
        await seat.write("vars")
        await seat.hit("enter")
        await seat.until(lambda: seat.has_dialog)
        assert "instruction" in seat.seen
        await seat.hit("escape")
        assert not seat.has_dialog


async def test_an_error_says_what_is_wrong_and_how_it_is_written(sit: Sit, sums: Open) -> None:
    async with sit(sums, size=(200, 40)) as seat:
        await seat.command("stpe")
        assert "'stpe' is no command; help explains them" in seat.footer
        await seat.hit("colon")
        await seat.write("limit depth much")
        await seat.hit("enter")
        await seat.until(lambda: seat.has_dialog)
        assert "usage: limit" in seat.seen
        await seat.hit("escape")
        await seat.press("s")
        assert "limit" not in seat.footer


async def test_tab_completes_a_command_and_a_name(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("c")
        await seat.hit("colon")
        await seat.write("orig")
        await seat.until(lambda: seat.prompt == "origin")
        await seat.hit("tab")
        await seat.write(" instr")
        await seat.until(lambda: seat.prompt == "origin instruction")
        await seat.hit("tab")
        await seat.press("enter")
        assert "instruction" in seat.seen


async def test_lines_are_recalled_and_searches_are_not_among_them(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.command("step")
        await seat.command("print 1")
        await seat.hit("slash")
        await seat.write("b =")
        await seat.hit("enter")
        await seat.hit("colon", "up")
        assert seat.prompt == "print 1"
        await seat.hit("up")
        assert seat.prompt == "step"
        await seat.hit("up", "down")
        assert seat.prompt == "print 1"
        await seat.hit("escape", "slash", "up")
        assert seat.prompt == "b ="


async def test_a_line_that_needs_a_text_opens_the_editor(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.press("s", "s")
        await seat.hit("colon")
        await seat.write("edit 0")
        await seat.hit("enter")
        await seat.until(lambda: "Edit 0" in seat.seen)
        await seat.hit("escape")
        await seat.until(lambda: not seat.has_dialog)
        await seat.command("edit 0.9")
        assert "there is no node 0.9 here" in seat.footer


async def test_an_empty_line_does_nothing(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.hit("colon")
        await seat.press("enter")
        assert seat.at == ("start", "0")
        await seat.command("   ")
        assert seat.at == ("start", "0")


async def test_quit_leaves(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.hit("colon")
        await seat.write("quit")
        await seat.hit("enter")
        await seat.until(lambda: not seat.app.is_running)
        assert seat.app.return_value is None


async def test_rerun_starts_the_same_settings_in_a_new_session(sit: Sit, expert: Open, path: Path) -> None:
    async with sit(expert) as seat:
        await seat.press("c")
        assert "✔ solved" in seat.status
        await seat.hit("colon")
        await seat.write("rerun")
        await seat.hit("enter")
        await seat.until(lambda: "at the start" in seat.status)
        while seat.has_dialog:
            await seat.hit("escape")
        await seat.press("s")
        assert seat.at == ("model", "0")
        assert len(list(path.parent.glob("*.jsonl"))) == 2
        await seat.press("c")
        assert "✔ solved" in seat.status


async def test_save_and_export_write_where_they_are_told_to(sit: Sit, sums: Open, tmp_path: Path) -> None:
    async with sit(sums) as seat:
        await seat.press("c")
        await seat.command(f"save {tmp_path}/copy.jsonl")
        assert "saved" in seat.footer
        assert read(tmp_path / "copy.jsonl").tree().outcome == "finished"
        await seat.command(f"export {tmp_path}/tree.json")
        assert (tmp_path / "tree.json").exists()


async def test_the_palette_has_what_keys_and_commands_do(sit: Sit, sums: Open) -> None:
    async with sit(sums) as seat:
        await seat.hit("ctrl+p")
        await seat.until(lambda: seat.has_dialog)
        await seat.write("next stop point")
        await seat.until(lambda: "To the next stop point" in seat.seen)
        await seat.pilot.pause(0.3)
        await seat.hit("enter")
        await seat.until(lambda: not seat.has_dialog)
        await seat.until(lambda: seat.frame.n >= 0)
        assert seat.at == ("model", "0")


@pytest.fixture(scope="module")
def frame() -> Frame:
    """The end of a recording."""
    session = read(SAMPLES / "household-puttwo.jsonl")
    log = session.log()
    chronicle = Chronicle(log.line())
    rest = chronicle.rests[-1]
    return Frame(log, chronicle, log.branch, rest.n, rest, Marks())


def test_every_command_completes_its_own_beginning(frame: Frame) -> None:
    for name in COMMANDS:
        assert name in list(candidates(name[:-1], frame))
        assert all(line.startswith(f"{name} ") for line in candidates(f"{name} ", frame))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("goto 0.8.", "goto 0.8.0"),
        ("break pl", "break placeholder"),
        ("history loc", "history locations"),
        ("limit dep", "limit depth"),
        ("back n", "back next"),
        ("help und", "help undo"),
        ("switch m", "switch main"),
    ],
)
def test_words_are_completed_by_what_there_is(frame: Frame, line: str, wanted: str) -> None:
    assert wanted in list(candidates(line, frame))


def test_without_a_session_commands_are_completed_all_the_same() -> None:
    assert "step" in list(candidates("st", None))
    assert list(candidates("goto ", None)) == []
