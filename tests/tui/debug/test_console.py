"""The console: long answers are read there, what they name is followed, and nothing that is typed is lost."""

from __future__ import annotations

import pytest

from recode_tui.debug.panels.console import ConsolePanel
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24)])


@pytest.fixture
def sums(script_run: ScriptRun) -> Open:
    return script_run({ROOT: "a = 1\nb = 2\nc = other(a)\nd = 4", "c = other(a)": "c = a + b"})


def lines(ui: DebuggerPilot) -> list[str]:
    """What is seen in the console, without its border."""
    return [line.strip("│ \u2581▂▃▄▅▆▇█").rstrip() for line in ui.panel("console").split("\n")[1:-1]]


@SIZES
async def test_a_long_answer_is_read_in_the_console_and_what_is_typed_next_goes_where_it_went(
    open_screen: OpenScreen, sums: Open, size: tuple[int, int]
) -> None:
    async with open_screen(sums, size) as ui:
        await ui.press("s", "s")
        assert not ui.screen.query_one("#console").display
        await ui.command("vars")
        at = lines(ui).index("> vars")
        assert "instruction: str" in lines(ui)[at + 1]
        assert "2 lines in the console: 6 goes there" in ui.footer
        assert ui.focus == "plan" and not ui.has_dialog
        await ui.press("s")
        assert ui.at == ("statement", "0.1")
        await ui.press("escape")
        assert not ui.screen.query_one("#console").display


async def test_a_long_line_under_the_cursor_is_shown_once_and_whole(
    open_screen: OpenScreen, sums: Open
) -> None:
    words = [f"word{number}" for number in range(25)]
    async with open_screen(sums) as ui:
        await ui.command(f"print '{' '.join(words)}'")
        shown = " ".join(lines(ui)).split()
        answer = shown[shown.index("'word0", shown.index("'word0") + 1) :]
        assert answer[:25] == ["'word0", *words[1:-1], "word24'"] and "word1" not in answer[25:]


async def test_a_short_answer_stays_in_the_status_line_and_is_kept(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.command("print 1 + 1")
        assert ui.footer.strip() == "2" and not ui.screen.has_console
        await ui.press("s", "6")
        assert ui.focus == "console"
        assert lines(ui)[:3] == ["> print 1 + 1", "2", "> step"]
        assert lines(ui)[3].startswith("[main] record 3")


async def test_the_bottom_of_the_screen_is_the_consoles_and_the_others_stay(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.command("help")
        console, timeline = ui.screen.query_one("#console"), ui.screen.query_one("#timeline")
        assert 10 <= console.size.height <= 16
        assert console.region.bottom <= timeline.region.y
        assert all(ui.screen.query_one(f"#{name}").size.height > 3 for name in ("plan", "code"))


async def test_an_error_is_kept_whole(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.command("break fly *")
        said = " ".join(lines(ui))
        assert (
            said.startswith("> break fly *") and "(available: placeholder, line" in said and "budget)" in said
        )


@SIZES
async def test_what_an_answer_names_is_followed_with_enter(
    open_screen: OpenScreen, sums: Open, size: tuple[int, int]
) -> None:
    async with open_screen(sums, size) as ui:
        await ui.press("c")
        await ui.command("history a")
        await ui.press("6", "enter")
        assert ui.at == ("statement", "0.1") and ui.focus == "console"
        assert "a" in ui.frame.moment.variables()  # the record has set it
        await ui.press("s", "right", "enter")
        assert ui.at == ("statement", "0.0")
        assert [row.text for row in ui.screen.controller.transcript.rows if row.kind == "command"][-3:] == [
            "goto 8",
            "step",
            "goto 0.0",
        ]


async def test_an_observation_and_a_reply_are_followed_to_where_they_show(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    run = script_run("a = run('look')\nb = 2", answers={"look": "You see a mug."})
    async with open_screen(run) as ui:
        await ui.press("c")
        await ui.command("origin a")
        await ui.press("6", "down", "down", "enter")
        row = ui.screen.query_one(ConsolePanel).row
        assert row is not None and "from the observation in record" in row.text
        assert ui.at == ("statement", "0.1")
        assert ui.frame.moment.steps == 1 and "You see a mug." in ui.panel("environment")
        await ui.press("down", "enter")
        assert ui.at == ("statement", "0.0")  # the reply's code is there, and nothing of it has run
        assert ui.frame.last_reply("0") is not None


async def test_a_record_of_another_branch_is_followed_to_where_it_shows(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        await ui.command("history d")
        await ui.command("goto 0.1")
        await ui.press("x")
        assert ui.frame.branch == "skip-1"
        await ui.press("6")
        rows = ui.screen.controller.transcript.rows
        row = next(at for at, row in enumerate(rows) if "d: int = 4" in row.text)
        ui.screen.query_one(ConsolePanel).select(row)
        await ui.press("enter")
        await ui.until(lambda: ui.frame.branch == "main")
        assert ui.at == ("end", "0") and "d" in ui.frame.moment.variables()


async def test_a_branch_is_followed_and_the_cursor_stays_at_its_row(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "s", "s", "S", "S", "x")
        await ui.command("branches")
        await ui.press("6")
        assert ui.frame.branch == "skip-1"
        await ui.press("enter")
        assert ui.frame.branch == "main"
        await ui.press("down", "enter")
        assert ui.frame.branch == "skip-1"
        await ui.press("right", "enter")
        assert ui.frame.branch == "main"


def is_end_seen(ui: DebuggerPilot) -> bool:
    """Whether the last row of the console is the last line that is seen of it."""
    last = ui.screen.query_one(ConsolePanel).transcript.rows[-1].text
    return last.startswith([line for line in lines(ui) if line][-1].strip("… "))


@SIZES
async def test_what_keys_append_is_followed_while_the_last_line_is_visible(
    open_screen: OpenScreen, sums: Open, size: tuple[int, int]
) -> None:
    async with open_screen(sums, size) as ui:
        await ui.command("vars")
        await ui.command("break")
        for key in "sssSSSSSSss":
            await ui.press(key)
            assert is_end_seen(ui), key
        await ui.press("escape", "S", "S", "6")
        assert is_end_seen(ui)
        await ui.command("help")
        assert lines(ui)[0] == "> help"
        await ui.press("s")
        assert lines(ui)[0] == "> help"


@SIZES
async def test_who_reads_further_up_is_not_moved_and_with_end_follows_again(
    open_screen: OpenScreen, sums: Open, size: tuple[int, int]
) -> None:
    async with open_screen(sums, size) as ui:
        await ui.command("help")
        await ui.command("print 1 + 1")
        await ui.press("6", "pageup", "pageup")
        before = lines(ui)
        await ui.press("s", "s", "S")
        assert lines(ui)[:-1] == before[:-1]
        await ui.press("end", "s")
        assert is_end_seen(ui)


async def test_the_row_whose_references_are_followed_stays_visible(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("c")
        await ui.command("history a")
        await ui.press("6", *["enter"] * 12)
        console = ui.screen.query_one(ConsolePanel)
        assert console.row is not None and lines(ui)[0].strip() == console.row.text.strip()


async def test_a_row_without_references_leads_nowhere(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s")
        await ui.command("print 'record 0 of 0 on main'")
        await ui.press("6", "down", "enter")
        assert ui.at == ("model", "0")
        assert "this line names no record, node or branch to go to" in ui.footer


async def test_the_focus_goes_back_where_it_was_when_the_console_is_hidden(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.press("3", "6")
        assert ui.focus == "console"
        await ui.press("escape")
        assert ui.focus == "environment" and not ui.screen.has_console
        await ui.press("tab", "tab", "tab")
        assert ui.focus == "plan"


async def test_its_lines_are_searched_and_copied(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.command("help")
        await ui.press("6")
        await ui.hit("slash")
        await ui.write("to the next stop")
        await ui.press("enter", "y")
        assert ui.app.clipboard.endswith("to the next stop")


async def test_it_is_read_alone(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.command("help")
        await ui.press("6", "plus")
        assert ui.screen.query_one("#console").size.height > 30
        assert not ui.screen.query_one("#body").display


@SIZES
async def test_lines_that_are_pasted_run_as_a_script(
    open_screen: OpenScreen, sums: Open, size: tuple[int, int]
) -> None:
    async with open_screen(sums, size) as ui:
        await ui.hit("colon")
        await ui.paste("step\nstep\nprint\tinstruction\nedit 0.3 <<END\nd = 5\nEND\n")
        await ui.until(lambda: "· d = 5" in ui.plan)
        await ui.settle()
        assert ui.at == ("statement", "0.0")
        await ui.press("6")
        said = " ".join(lines(ui))
        assert "> print instruction" in said and "> edit 0.3" in said


async def test_a_script_with_a_wrong_line_runs_nothing_and_is_recalled_whole(
    open_screen: OpenScreen, sums: Open
) -> None:
    async with open_screen(sums) as ui:
        await ui.hit("colon")
        await ui.paste("step\nstpe\nstep\n")
        assert ui.at == ("start", "0")
        assert "none of the 3 lines was run: line 2: unknown command 'stpe'" in ui.footer
        await ui.hit("colon", "up")
        assert ui.prompt == "step␤stpe␤step"


async def test_the_rest_of_a_failed_script_is_recalled_and_run(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.hit("colon")
        await ui.paste("step\ngoto 0.77\nstep")
        await ui.until(lambda: "line 2 of 3 failed" in ui.footer)
        assert ui.at == ("model", "0")
        await ui.hit("colon", "up")
        assert ui.prompt == "goto 0.77␤step"
        await ui.hit("home", *["delete"] * len("goto 0.77␤"))
        await ui.press("enter")
        assert ui.at == ("statement", "0.0")


async def test_one_line_that_is_pasted_is_text_whatever_ends_it(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.hit("colon")
        await ui.write("print ")
        await ui.paste("\n1 + 1\r\n")
        assert ui.prompt == "print 1 + 1"
        await ui.press("enter")
        assert ui.footer.strip() == "2"
        await ui.hit("slash")
        await ui.paste("a =\n1")
        assert ui.prompt == "a = 1"


@pytest.mark.parametrize("key", ["T", "B"])
async def test_a_dialog_has_help_and_the_command_line(open_screen: OpenScreen, sums: Open, key: str) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s", "b")
        await ui.hit(key)
        await ui.until(lambda: ui.has_dialog)
        dialog = ui.app.screen
        await ui.hit("question_mark")
        await ui.until(lambda: "close this, and open the command line" in ui.seen)
        await ui.hit("escape")
        await ui.until(lambda: ui.app.screen is dialog)
        await ui.hit("colon")
        await ui.write("print 3")
        assert not ui.has_dialog and ui.prompt == "print 3"
        await ui.press("enter")
        assert ui.footer.strip() == "3"


async def test_the_command_line_opens_over_help_and_an_observation(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("run('read')", {"read": "a\nb"})) as ui:
        await ui.press("c", "3", "end")
        await ui.hit("enter")
        await ui.until(lambda: ui.has_dialog)
        await ui.hit("slash")
        await ui.write("a:?")
        await ui.hit("enter", "question_mark", "colon")
        await ui.write("print 3")
        assert not ui.has_dialog and ui.prompt == "print 3"


async def test_a_colon_in_a_text_field_of_a_dialog_is_text(open_screen: OpenScreen, sums: Open) -> None:
    async with open_screen(sums) as ui:
        await ui.press("s", "s")
        await ui.hit("e")
        await ui.until(lambda: "Edit" in ui.seen)
        await ui.hit("colon", "question_mark")
        await ui.until(lambda: ":?" in ui.seen)


async def test_help_and_the_command_line_open_while_the_session_does(
    open_screen: OpenScreen, sums: Open
) -> None:
    import threading

    let_go = threading.Event()

    def slow() -> object:
        let_go.wait(60)
        return sums()

    try:
        async with open_screen(slow, waits=False) as ui:  # type: ignore[arg-type]
            assert ": command" in ui.footer and "? help" in ui.footer
            await ui.hit("question_mark")
            await ui.until(lambda: "to the next stop point" in ui.seen)
            await ui.hit("escape", "colon")
            await ui.write("step")
            assert ui.prompt == "step"
            let_go.set()
            await ui.settle()
    finally:
        let_go.set()
