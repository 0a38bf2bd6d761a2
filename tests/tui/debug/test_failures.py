"""A failure is readable whole: below its line, in its row of the plan, and in full on demand."""

from __future__ import annotations

import msgspec
import pytest

from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable
from recode_core.executor import Limits
from recode_core.policies.policy import Reply, Request
from recode_core.policies.scripted import Scripted
from recode_tui.debug.dialogs.text_viewer import TextViewerScreen
from recode_tui.debug.panels.pages import line_of_code
from recode_tui.debug.status_line import StatusLine
from recode_tui.widgets.text_view import TextView
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.doubles import reply

REASON = "the drawer of the desk " + " ".join(f"word{n}" for n in range(40)) + " is stuck"
FAILING = f"a = 1\nfor i in range(2):\n    assert i, '{REASON}'\nb = 2"


class Failing(Scripted):
    """A policy that fails after its replies."""

    def expand(self, request: Request, stream: object) -> Reply:
        try:
            return super().expand(request, lambda text: None)
        except PolicyUnavailable:
            raise PolicyUnavailable(f"HTTP 500: {REASON}") from None


def words(text: str) -> str:
    """A text without borders and line breaks."""
    return " ".join(text.replace("│", " ").split())


def viewer(ui: DebuggerPilot) -> str:
    """What the text viewer shows, whole."""
    assert isinstance(ui.app.screen, TextViewerScreen)
    return ui.app.screen.query_one(TextView).copied()


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_whole_message_stands_below_the_failing_line(
    open_screen: OpenScreen, script_run: ScriptRun, size: tuple[int, int]
) -> None:
    async with open_screen(script_run(FAILING), size) as ui:
        await ui.press("c", "escape")
        assert f"✖ AssertionError: {REASON}" in words(ui.code)
        assert "c continue with a repair · g ask again · e edit · M read it whole" in words(ui.code)
        lines = [line.strip("│ ") for line in ui.code.split("\n")]
        assert any(line.startswith("✖ 3      assert i") for line in lines)


async def test_enter_on_a_failed_row_goes_to_the_failure_and_from_there_to_its_start(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(FAILING)) as ui:
        await ui.press("c", "S", "S", "c")
        failure = ui.frame.n
        assert ui.at == ("failure", "0.1")
        await ui.press("enter")  # it is there already
        assert ui.at == ("statement", "0.1") and "✖" not in ui.plan
        await ui.command(f"goto {failure}")
        await ui.press("up", "enter")
        assert ui.at == ("statement", "0.0")


async def test_enter_on_a_failed_row_shows_the_failure_from_the_end_of_the_run(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("a = 1\nassert a == 2, 'no'", limits=Limits(repairs=0))) as ui:
        await ui.press("c", "c", "c")
        assert ui.at[0] == "end"
        await ui.press("1", "end")
        assert ui.row.startswith("└ ✖ assert a == 2")
        await ui.press("enter")
        assert ui.at == ("failure", "0.1")
        assert "AssertionError: no" in ui.code


async def test_the_lines_of_a_failure_belong_to_the_line_above(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(FAILING)) as ui:
        await ui.press("c")
        view, frame = ui.screen.code.page, ui.frame
        found = [line_of_code(frame, "0", row, 60) for row in range(len(view.document.lines))]
        numbers = [at[1] for at in found if at is not None]
        assert numbers == sorted(numbers) and set(numbers) == {1, 2, 3, 4}
        assert numbers.count(3) > 4 and numbers.count(4) == 1


async def test_the_row_of_the_plan_begins_to_tell_the_error(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(FAILING)) as ui:
        await ui.press("c")
        row = next(line for line in ui.plan.split("\n") if "for i in" in line)
        assert "✖ for i in range(2):  AssertionError: t" in row and "…" in row


async def test_a_key_opens_the_failure_with_its_place_and_traceback(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(FAILING)) as ui:
        await ui.press("c")
        assert "(M reads it whole)" in ui.footer
        await ui.press("M")
        text = viewer(ui)
        assert text.startswith(f"AssertionError: {REASON}\n")
        assert "at 0.1, line 3 of 0, pass 1" in text
        assert "In the expansion of `solve(instruction, observation)`, line 3:" in text
        await ui.press("escape", "escape", "M")  # esc has cleared the status line
        assert viewer(ui) == text


async def test_the_failure_of_another_node_is_read_where_it_is_selected(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    script: dict[str, str | list[str]] = {ROOT: ["a()\nb = 1", "b = 2"], "a()": "assert 0, 'first'"}
    async with open_screen(script_run(script)) as ui:
        await ui.press("c", "c", "c", "c", "c", "c")
        assert ui.at[0] == "end" and "↺ assert 0" in ui.plan
        ui.screen.select_node("0.0.0", "code")
        await ui.settle()
        await ui.press("escape", "M")
        assert viewer(ui).startswith("AssertionError: first\n")


async def test_a_refused_reply_is_shown_where_its_statement_is(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    script: dict[str, str | list[str]] = {
        ROOT: "x = find()\nrun('go')",
        "x = find()": ["class A:\n    pass", "x = 1"],
    }
    async with open_screen(script_run(script)) as ui:
        await ui.press("s", "s", "s")
        assert ui.at == ("model", "0.0")
        assert "✖ refused: line 1: `class` is not allowed" in words(ui.code)
        await ui.press("s")
        assert "refused" not in ui.code  # the second reply was accepted


async def test_the_reason_why_the_model_did_not_answer_stays(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    policy = Failing({ROOT: reply("x = find()\nrun('go')"), "x = find()": []})
    async with open_screen(script_run(policy=policy)) as ui:
        await ui.press("c", "escape")
        assert ui.at == ("model", "0.0")
        assert f"✖ HTTP 500: {REASON}" in words(ui.code)
        await ui.press("M")
        assert viewer(ui) == f"HTTP 500: {REASON}"
        await ui.press("escape", "S")
        assert "HTTP 500" not in ui.code


async def test_the_reason_why_the_environment_did_not_answer_stays(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    script = script_run("run('go')\nrun('take')", {"go": EnvironmentUnavailable(REASON)})
    async with open_screen(script) as ui:
        await ui.press("c", "escape")
        assert ui.at == ("action", "0.0")
        shown = words(ui.code)
        assert REASON in shown and shown.index(REASON) < shown.index("run('take')")


async def test_a_long_message_is_read_whole_by_a_click(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("a = 1")) as ui:
        ui.screen.report("error", REASON)
        await ui.taken()
        assert ui.footer.strip().endswith("… (M reads it whole)")
        await ui.pilot.click(StatusLine)
        await ui.taken()
        assert viewer(ui) == REASON
        await ui.press("escape")
        ui.screen.report("info", "short")
        await ui.taken()
        assert ui.footer.strip() == "short"
        await ui.press("escape", "M")
        assert viewer(ui) == "short"


async def test_without_a_message_or_a_failure_there_is_nothing_to_read(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("a = 1")) as ui:
        await ui.press("M")
        assert not ui.has_dialog and "there is no message to read" in ui.footer


async def test_a_recording_offers_no_change_at_a_failure(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run(FAILING)) as ui:
        await ui.press("c")
        state = ui.screen.controller.state
        assert state is not None
        state.session = msgspec.structs.replace(state.session, refusal="recording")
        ui.screen.show(state.frame())
        await ui.settle()
        await ui.until(lambda: "M read it whole" in words(ui.code))
