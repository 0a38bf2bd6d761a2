"""The line after a colon: the language of batch scripts, with completion and a history."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import DiscoveryHit, Hit
from textual.content import Content

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.commands import COMMANDS
from recode_core.session import read
from recode_core.timeline import Timeline
from recode_tui.debug.completion import candidates
from recode_tui.debug.palette import Palette
from recode_tui.debug.view_frame import Frame
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import SAMPLES, OpenScreen, ScriptRun


@pytest.fixture
def sums(script_run: ScriptRun) -> Open:
    return script_run("a = 1\nb = 2\nc = a + b")


async def test_a_line_is_typed_run_and_the_focus_comes_back(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "4")
        await ui.hit("colon")
        assert ui.screen.query_one("#prompt").has_focus
        assert "a command; tab completes" in ui.prompt
        await ui.write("step")
        assert ui.prompt == "step"
        await ui.press("enter")
        assert ui.at == ("statement", "0.1")
        assert ui.focus == "variables"
        assert not ui.screen.query_one("#prompt").display


async def test_letters_that_are_typed_are_no_commands(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.hit("colon")
        await ui.write("snfcxzbq?!")
        assert ui.prompt == "snfcxzbq?!"
        assert ui.at == ("start", "0")
        assert not ui.has_dialog
        await ui.hit("escape")
        assert ui.at == ("start", "0")


async def test_what_a_command_says_is_seen(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        await ui.command("print a + b + c")
        assert "6" in ui.footer
        await ui.command("vars")
        assert "instruction" in ui.panel("console")
        await ui.press("escape")
        assert not ui.screen.has_console


@pytest.mark.slow
async def test_an_error_says_what_is_wrong_and_how_it_is_written(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums, size=(200, 40)) as ui:
        await ui.command("stpe")
        assert "unknown command 'stpe'; did you mean 'step'? (`help` explains them)" in ui.footer
        await ui.command("limit depth much")
        assert "usage: limit" in ui.panel("console")
        await ui.press("s")
        assert "limit" not in ui.footer


async def test_tab_completes_a_command_and_a_name(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        await ui.hit("colon")
        await ui.write("orig")
        await ui.until(lambda: ui.prompt == "origin")
        await ui.hit("tab")
        await ui.write(" instr")
        await ui.until(lambda: ui.prompt == "origin instruction")
        await ui.hit("tab")
        await ui.press("enter")
        assert "instruction" in ui.seen


async def test_lines_are_recalled_and_searches_are_not_among_them(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.command("step")
        await ui.command("print 1")
        await ui.hit("slash")
        await ui.write("b =")
        await ui.hit("enter")
        await ui.hit("colon", "up")
        assert ui.prompt == "print 1"
        await ui.hit("up")
        assert ui.prompt == "step"
        await ui.hit("up", "down")
        assert ui.prompt == "print 1"
        await ui.hit("escape", "slash", "up")
        assert ui.prompt == "b ="


@pytest.mark.slow
async def test_a_line_that_needs_a_text_opens_the_editor(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s")
        await ui.hit("colon")
        await ui.write("edit 0")
        await ui.hit("enter")
        await ui.until(lambda: "Edit 0" in ui.seen)
        await ui.hit("escape")
        await ui.until(lambda: not ui.has_dialog)
        await ui.command("edit 0.9")
        assert "node 0.9 does not exist at this moment" in ui.footer


async def test_an_empty_line_does_nothing(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.hit("colon")
        await ui.press("enter")
        assert ui.at == ("start", "0")
        await ui.command("   ")
        assert ui.at == ("start", "0")


async def test_quit_leaves(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.hit("colon")
        await ui.write("quit")
        await ui.hit("enter")
        await ui.until(lambda: not ui.app.is_running)
        assert ui.app.return_value is None


@pytest.mark.slow
async def test_rerun_starts_the_same_settings_in_a_new_session(
    open_screen: OpenScreen, expert: Open, path: Path
) -> None:
    async with open_screen(expert) as ui:
        await ui.press("c")
        assert "✔ solved" in ui.status
        await ui.hit("colon")
        await ui.write("rerun")
        await ui.hit("enter")
        await ui.until(lambda: "at the start" in ui.status)
        while ui.has_dialog:
            await ui.hit("escape")
        await ui.press("s")
        assert ui.at == ("model", "0")
        assert len(list(path.parent.glob("*.jsonl"))) == 2
        await ui.press("c")
        assert "✔ solved" in ui.status


@pytest.mark.slow
async def test_save_and_export_write_where_they_are_told_to(
    open_screen: OpenScreen, sums: Open, tmp_path: Path
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        await ui.command(f"save {tmp_path}/copy.jsonl")
        assert "saved" in ui.footer
        assert read(tmp_path / "copy.jsonl").timeline().end.outcome == "finished"
        await ui.command(f"export {tmp_path}/tree.json")
        assert (tmp_path / "tree.json").exists()


@pytest.mark.slow
async def test_the_palette_has_what_keys_and_commands_do(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.hit("ctrl+p")
        await ui.until(lambda: ui.has_dialog)
        await ui.write("next stop point")
        await ui.until(lambda: "To the next stop point" in ui.seen)
        await ui.pilot.pause(0.3)
        await ui.hit("enter")
        await ui.until(lambda: not ui.has_dialog)
        await ui.until(lambda: ui.frame.n >= 0)
        assert ui.at == ("model", "0")


async def test_the_palette_shows_the_usage_of_commands_with_its_brackets(
    open_screen: OpenScreen, sums: Open
) -> None:
    usages = [f":{command.usage}" for command in COMMANDS.values()]
    assert any("[" in usage for usage in usages)
    async with open_screen(sums) as ui:
        palette = Palette(ui.screen)
        discovered = [_shown(hit) async for hit in palette.discover()]
        assert [usage for usage in usages if usage not in discovered] == []
        for usage in usages:
            assert usage in [_shown(hit) async for hit in palette.search(usage)]
        await ui.hit("ctrl+p")
        await ui.until(lambda: ui.has_dialog)
        await ui.write("break kind")
        await ui.until(lambda: ":break KIND [PATTERN] [if EXPR] [after N]" in ui.seen)


def _shown(hit: Hit | DiscoveryHit) -> str:
    """The first line of a hit, as Textual's palette makes it."""
    assert isinstance(hit.prompt, str | Content)
    return Content.from_markup(hit.prompt).plain


@pytest.fixture(scope="module")
def frame() -> Frame:
    """The end of a recording."""
    session = read(SAMPLES / "household-puttwo.jsonl")
    log = session.log()
    timeline = Timeline(log.line())
    rest = timeline.stops[-1]
    return Frame(log, timeline, rest.n, rest, Annotations())


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


@pytest.mark.parametrize(
    ("line", "corrected"),
    [
        ("stpe", "step"),
        ("brek line 0:1", "break line 0:1"),
        ("break lnie 0:1", "break line 0:1"),
        ("limit step none", "limit steps none"),
        ("switch mian", "switch main"),
        ("origin na", "origin nam"),
        ("goto total", "goto 0.1"),
        ("regenerate 0 hnt x", "regenerate 0 hint x"),
    ],
)
async def test_tab_writes_a_corrected_command_into_an_empty_line(
    open_screen: OpenScreen, script_run: ScriptRun, line: str, corrected: str
) -> None:
    async with open_screen(script_run("nam = 1\nx = total(nam)")) as ui:
        await ui.press("s", "s", "s")
        await ui.command(line)
        assert "did you mean" in ui.seen
        await ui.hit("colon")
        assert ui.prompt == f"{corrected}  (tab takes it)"
        await ui.hit("tab")
        assert ui.prompt == corrected
        await ui.hit("escape", "colon", *"vars", "enter")
        await ui.settle()
        await ui.hit("colon")
        assert ui.prompt == "a command; tab completes, up recalls"
