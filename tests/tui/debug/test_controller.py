"""The controller decides what keys, lines and outcomes mean, without a terminal."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from recode_core.debugger.blame import Blame
from recode_core.debugger.breakpoint_hits import Hit
from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.debugger.diverged_world import WorldDivergence
from recode_core.debugger.next_call import NextCall
from recode_core.debugger.outcomes import Blamed, CandidatesSampled, Reverted, StopReached
from recode_core.debugger.wait import Wait
from recode_core.errors import Diverged, ReadOnlyError, RecodeError
from recode_core.events import BreakpointSet, LimitReached, NoteSet
from recode_core.log import Log
from recode_core.syntax import literal
from recode_core.timeline import Timeline
from recode_core.values import Observation, Variable
from recode_tui.debug.action_line import Suggestions
from recode_tui.debug.dialogs.regeneration import Regeneration
from recode_tui.debug.drafts import DraftKey
from recode_tui.debug.edit_targets import edit_target
from recode_tui.debug.messages import CommandsFinished
from recode_tui.debug.pending import Pending
from recode_tui.debug.selected_rows import ActionRow, BranchRow, ConsoleRow, VariableRow, WatchRow
from recode_tui.debug.view import Selection
from tests.tui.debug.conftest import SAMPLES
from tests.tui.debug.fake_view import ControllerHarness

SAMPLE = SAMPLES / "household-puttwo.jsonl"


@pytest.fixture
def debug() -> ControllerHarness:
    return ControllerHarness(SAMPLE)


def place_at(debug: ControllerHarness, kind: str) -> None:
    """Show the first stop of a kind."""
    stop = next(stop for stop in debug.timeline.stops if stop.kind == kind)
    debug.show(msgspec.structs.replace(debug.position, cursor=stop.n))


def test_the_controller_is_there_without_textual() -> None:
    code = "import sys, recode_tui.debug.controller; print(*(m for m in sys.modules if 'textual' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_the_screen_is_imported_without_the_commands() -> None:
    code = "import sys, recode_tui.debug.screen; print('recode_core.debugger.commands' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_key_before_the_session_is_open_is_deferred(debug: ControllerHarness) -> None:
    pending = debug.controller.pending = Pending(debug.engine, "a session")  # type: ignore[arg-type]
    debug.controller.run("step")
    debug.controller.go_to_node("0")
    assert not debug.executed and not pending.is_command
    pending.opened("household")
    debug.controller.opened()
    assert debug.executed == ["step", "goto 0"]
    debug.controller.opened()
    assert debug.executed == ["step", "goto 0"]


def test_a_line_is_executed_as_a_command_and_its_output_shown(debug: ControllerHarness) -> None:
    debug.controller.run("print 1 + 1", is_typed=True)
    assert debug.executed == ["print 1 + 1"]
    debug.finish("2")
    assert debug.view.report_now == ("info", "2")
    debug.controller.run("where", is_typed=True)
    debug.finish("one", "two")
    assert debug.view.consoles_opened == 1
    assert debug.view.report_now == ("info", "2 lines in the console: 6 goes there, esc hides it")


def test_the_output_of_a_key_is_not_shown(debug: ControllerHarness) -> None:
    debug.controller.run("step")
    debug.finish("record 7")
    assert debug.view.report_now == ("info", "")


def test_a_line_that_is_no_command_is_reported(debug: ControllerHarness) -> None:
    debug.controller.run("stepp", is_typed=True)
    assert not debug.executed and "unknown command 'stepp'" in debug.view.report_now[1]
    debug.controller.run("goto", is_typed=True)
    command, *error = debug.view.transcript.rows[-3:]
    assert (command.kind, command.text) == ("command", "goto")
    assert {row.kind for row in error} == {"error"} and "usage: goto" in error[-1].text
    assert debug.view.consoles_opened


def test_a_command_waits_for_a_short_one_and_is_refused_during_a_long_one(debug: ControllerHarness) -> None:
    debug.controller.run("step")
    debug.controller.run("next")
    assert debug.executed == ["step", "next"]
    debug.engine.waits_for = Wait("model", "gpt-4o-mini")
    debug.controller.pending._since -= 1
    debug.controller.run("step")
    assert debug.executed == ["step", "next"]
    assert debug.view.report_now == ("error", "waiting for gpt-4o-mini: p pauses, a second p aborts")


@pytest.mark.parametrize(
    ("wait", "text"),
    [
        (Wait("model", "gpt-4o-mini"), "waiting for gpt-4o-mini"),
        (Wait("model", "expert"), "waiting for the expert"),
        (Wait("person"), "waiting for you"),
        (Wait("environment", "go to desk 1"), "waiting for household (go to desk 1)"),
        (Wait("environment"), "waiting for household (reset)"),
        (Wait("environment", "say\x1b\nit"), "waiting for household (say␛ it)"),
        (Wait("replay", done=40, total=120), "restoring the world: 40 of 120 actions"),
        (Wait("replay", done=0, total=1), "restoring the world: 0 of 1 action"),
        (None, "continue"),
    ],
)
def test_what_the_engine_waits_for_is_named(debug: ControllerHarness, wait: Wait | None, text: str) -> None:
    debug.controller.run("continue")
    debug.engine.waits_for = wait
    assert debug.controller.pending.text == text
    debug.engine.pause()
    assert debug.controller.pending.text == ("pausing" if wait is None else f"pausing, {text}")


def test_the_time_is_that_of_the_wait_and_not_of_the_whole_command(debug: ControllerHarness) -> None:
    debug.controller.run("continue")
    pending = debug.controller.pending
    assert pending.since == pending._since
    debug.engine.waits_for = Wait("model", "m", since=pending._since + 7)
    assert pending.since == pending._since + 7


def test_pausing_twice_aborts(debug: ControllerHarness) -> None:
    debug.controller.pause()
    assert debug.view.report_now == ("info", "nothing is running")
    debug.controller.run("continue")
    debug.controller.pause()
    debug.controller.pause()
    assert debug.engine.calls == ["pause", "abort"]
    assert debug.view.report_now == ("info", "aborted: what had arrived is kept")


def test_a_breakpoint_that_was_hit_is_shown_before_any_output(debug: ControllerHarness) -> None:
    debug.controller.run("step", is_typed=True)
    hit = Hit(BreakpointSet(3, "action", "*"), 7, "go to desk 1")
    debug.show(msgspec.structs.replace(debug.position, hits=(hit,)))
    debug.finish("record 7")
    assert debug.view.report_now == ("hit", "breakpoint 3: go to desk 1")


async def test_a_typed_edit_opens_the_editor_and_is_a_draft_until_it_is_taken(
    debug: ControllerHarness,
) -> None:
    debug.view.dialogs.choices["edit"] = ("run('look')", None)
    debug.controller.run("edit 0 from-here", is_typed=True)
    await debug.run_flows()
    (command,) = debug.engine.executed[-1]
    assert (command.format().text, command.format().block) == ("edit 0 from-here", "run('look')")
    assert dict(debug.controller.drafts) == {DraftKey("code", "0"): "run('look')"}
    debug.finish(failure=RecodeError("the world is gone"))
    assert debug.view.report_now == ("error", "the world is gone; the edit is kept: e opens it again")
    debug.controller.run("edit 0", is_typed=True)
    await debug.run_flows()
    debug.finish()
    assert not debug.controller.drafts and debug.view.drafts[-1] == frozenset()


async def test_a_draft_that_was_left_is_opened_again(debug: ControllerHarness) -> None:
    debug.view.dialogs.choices["edit"] = (None, "half")
    debug.controller.edit_selection()
    await debug.run_flows()
    assert not debug.executed and dict(debug.controller.drafts) == {DraftKey("code", "0"): "half"}
    debug.controller.edit_selection()
    await debug.run_flows()
    assert debug.view.dialogs.opened[-1][1][1] == "half"


async def test_a_text_from_the_external_editor_is_checked_and_its_diff_confirmed(
    debug: ControllerHarness,
) -> None:
    key, dialogs = DraftKey("code", "0"), debug.view.dialogs
    for text, confirmed, report in (
        ("import os", True, "not accepted: 1:1"),
        ("run('look')", None, "the draft for 0 is kept: e opens it"),
    ):
        dialogs.choices = {"edit_outside": text, "confirm_edit": confirmed}
        debug.controller.edit_selection(outside=True)
        await debug.run_flows()
        assert not debug.executed and dict(debug.controller.drafts) == {key: text}
        assert report in debug.view.report_now[1]
    dialogs.opened.clear()
    dialogs.choices = {"edit_outside": "run('go')", "confirm_edit": True}
    debug.controller.edit_selection(outside=True)
    await debug.run_flows()
    assert dialogs.opened[0][1][1] == "run('look')"  # it goes on with the draft
    assert [name for name, _ in dialogs.opened] == ["edit_outside", "confirm_edit"]
    assert debug.executed == ["edit 0"] and dict(debug.controller.drafts) == {key: "run('go')"}


async def test_the_original_text_from_the_external_editor_drops_the_draft(debug: ControllerHarness) -> None:
    key = DraftKey("code", "0")
    debug.controller.drafts[key] = "half"
    target = edit_target(debug.view.frame, "code", "0")  # type: ignore[arg-type]
    assert not isinstance(target, str)
    debug.view.dialogs.choices["edit_outside"] = target.text
    debug.controller.edit_selection(outside=True)
    assert not debug.controller.drafts and not debug.view.flows
    assert debug.view.report_now == ("info", "the editor changed nothing")


def test_no_move_runs_past_a_draft_that_is_ahead() -> None:
    debug = ControllerHarness(SAMPLE)
    at = next(stop for stop in debug.timeline.stops if stop.kind == "statement" and stop.depth > 1)
    assert at.place is not None
    timeline = Timeline(debug.timeline.up_to(at.n))
    debug.show(msgspec.structs.replace(debug.position, timeline=timeline, cursor=at.n))
    debug.controller.drafts[DraftKey("reply", at.place.node)] = "half"
    debug.controller.run("continue")
    assert not debug.executed and debug.view.selected == [(at.place.node, "reply")]
    assert debug.view.report_now[1].startswith(f"{at.place.node} has an edit that was not accepted")
    debug.controller.run("print 1")
    assert debug.executed == ["print 1"]


def stop_at_a_limit(debug: ControllerHarness) -> int:
    """Let a limit stop the run in its last record, whose number is given back."""
    log = Log(debug.timeline.up_to(debug.timeline.records[-1].n - 1))
    log.append(LimitReached("calls", 20, 20))
    timeline = Timeline(log.line())
    debug.show(msgspec.structs.replace(debug.position, timeline=timeline, cursor=timeline.end.n))
    return timeline.end.n


async def test_a_move_at_a_limit_asks_first(debug: ControllerHarness) -> None:
    stop_at_a_limit(debug)
    debug.controller.run("step")
    assert not debug.executed
    await debug.run_flows()
    assert not debug.executed  # the limit was left as it is
    debug.view.dialogs.choices["raise_limit"] = 40
    debug.controller.run("continue")
    await debug.run_flows()
    assert debug.executed == ["limit calls 40", "continue"]


@pytest.mark.parametrize(
    ("choice", "executed", "report"),
    [
        ("accept", ["step", "accept"], ""),
        ("again", ["step", "step"], ""),
        (None, ["step"], "nothing was changed"),
    ],
)
async def test_a_divergence_is_resolved_as_the_user_chooses(
    debug: ControllerHarness, choice: str | None, executed: list[str], report: str
) -> None:
    debug.view.dialogs.choices["choose_divergence"] = choice
    debug.controller.run("step")
    debug.finish(failure=WorldDivergence(Diverged(7, "recorded", "actual"), Observation("actual")))
    await debug.run_flows()
    assert debug.executed == executed and debug.view.report_now[1] == report


def test_going_to_a_record_of_another_branch_switches_first(debug: ControllerHarness) -> None:
    debug.controller.go_to("main", 12)
    debug.controller.go_to("edit-1", 0)
    assert debug.executed == ["goto 12", "switch edit-1", "goto 00"]


def test_a_breakpoint_is_added_where_there_is_none_and_deleted_where_there_is(
    debug: ControllerHarness,
) -> None:
    debug.controller.marks.toggle_breakpoint("line", "0:2")
    assert debug.executed == ["break line 0:2"]
    annotations = debug.position.annotations.after(BreakpointSet(4, "line", "0:2"))
    debug.show(msgspec.structs.replace(debug.position, annotations=annotations))
    debug.controller.marks.toggle_breakpoint("line", "0:2")
    assert debug.executed[1:] == ["delete 4"]


def test_a_breakpoint_at_a_node_is_one_at_its_line(debug: ControllerHarness) -> None:
    debug.view.selection = Selection("plan", "0.1")
    debug.controller.marks.toggle_at_selection()
    assert debug.executed == ["break line 0:2"]
    debug.view.selection = Selection("plan", "0")
    debug.controller.marks.toggle_at_selection()
    assert debug.view.report_now[1].startswith("no line of code holds this node")


def test_b_acts_on_the_row_the_line_or_the_node_that_is_selected(debug: ControllerHarness) -> None:
    toggle = debug.controller.marks.toggle_at_selection
    debug.view.selection = Selection("environment", "0.1", row=ActionRow("go to desk 1", "A desk."))
    toggle()
    debug.view.selection = Selection("variables", "0.1", row=VariableRow("seen", "1", None, 7))
    toggle()
    debug.view.selection = Selection("code", "0.1", line=("0", 3))
    toggle()
    assert debug.executed == ['break action "go to desk 1"', "break variable seen", "break line 0:3"]
    assert debug.view.follows == [False] * 3  # the plan's cursor stays
    debug.view.selection = Selection("timeline", "0.1", row=BranchRow("main"))
    toggle()
    assert debug.executed[3:] == ["break line 0:2"]
    debug.view.selection = Selection("console", "0.1", row=ConsoleRow("where"))
    toggle()
    assert len(debug.executed) == 4 and debug.view.report_now[0] == "error"
    debug.controller.run("step")
    assert debug.view.follows[-1]


def test_w_acts_on_the_row_that_is_selected(debug: ControllerHarness) -> None:
    watch = debug.controller.marks.watch_selection
    debug.view.selection = Selection("variables", "0", row=VariableRow("seen", "1", None, 7))
    watch()
    debug.view.selection = Selection("variables", "0", row=WatchRow("len(seen)", "len(seen) = 3"))
    watch()
    assert debug.executed == ["watch seen", "watch len(seen)"]
    assert debug.view.frame is not None
    binding = next(
        each
        for each in reversed(debug.view.frame.timeline.variables.at(debug.view.frame.n))
        if each.variable is not None and each.variable.type == "str" and each.variable.length is None
    )
    assert binding.variable is not None
    text = str(literal(binding.variable.value))
    debug.view.selection = Selection("environment", "0", row=ActionRow("look", text))
    watch()
    debug.view.selection = Selection("environment", "0", row=ActionRow("look", "What no variable holds"))
    watch()
    debug.view.selection = Selection("plan", "0")
    watch()
    first = debug.view.begun[0].removeprefix("watch ")
    known = {
        each.variable.name: each.variable.value
        for each in debug.view.frame.timeline.variables.at(debug.view.frame.n)
        if each.variable is not None
    }
    assert known[first] == repr(text)
    assert debug.view.begun[1:] == ["watch ", "watch "]


@pytest.mark.parametrize(
    ("selection", "name", "text"),
    [
        (Selection("plan", "0", marked="half a line"), "the selected text (11 characters)", "half a line"),
        (
            Selection("environment", "0", row=ActionRow("look", "A room.")),
            "the observation of look",
            "A room.",
        ),
        (Selection("environment", "0", row=ActionRow("", "A room.")), "the first observation", "A room."),
        (Selection("environment", "0", row=ActionRow("look")), "the action look", "look"),
        (Selection("variables", "0", row=VariableRow("n", "[1]", None, 7)), "the value of n", "[1]"),
        (Selection("variables", "0", row=WatchRow("n", "n = 1")), "the watch n", "n = 1"),
        (Selection("timeline", "0", row=BranchRow("edit-1")), "the name of the branch edit-1", "edit-1"),
        (Selection("console", "0", row=ConsoleRow("0.1 done")), "the line of the console", "0.1 done"),
        (
            Selection("code", "0", shown="0", tab="code", streamed="a ="),
            "the reply for 0 solve as far as it arrived",
            "a =",
        ),
        (
            Selection("code", "0", shown="0", tab="reply", streamed="a ="),
            "the reply for 0 solve as far as it arrived",
            "a =",
        ),
    ],
)
def test_what_is_copied_is_named_and_copied_as_it_is(
    debug: ControllerHarness, selection: Selection, name: str, text: str
) -> None:
    debug.view.selection = selection
    debug.controller.copy()
    assert debug.view.report_now == ("info", f"copied {name}") and debug.view.copied == [text]


def test_texts_of_a_node_are_copied_without_what_the_page_shows_beside_them(debug: ControllerHarness) -> None:
    frame = debug.view.frame
    assert frame is not None
    request, reply = frame.last_request("0"), frame.last_reply("0")
    code, known = frame.moment.code_shown("0"), frame.node_text("0.1")
    assert request is not None and reply is not None and code is not None and known is not None
    debug.view.selection = Selection("plan", "0.1")
    debug.controller.copy()
    for tab in ("code", "prompt", "reply"):
        debug.view.selection = Selection("code", "0.1", shown="0", tab=tab)
        debug.controller.copy()
    messages = [frame.log.load(ref).content for ref in request.messages]
    assert debug.view.copied == [known.text, code.text, "\n\n".join(messages), reply.reply.text]
    assert [text for _, text in debug.view.reports] == [
        "copied the statement 0.1",
        "copied the code of 0 solve",
        f"copied the prompt ({len(messages)} messages)",
        "copied the reply for 0 solve",
    ]


async def test_a_shortened_value_is_copied_whole_or_not_at_all(debug: ControllerHarness) -> None:
    debug.view.selection = Selection("variables", "0", row=VariableRow("n", "[1, 2", 900, 7))
    debug.engine.answer = Variable("n", "list", "[1, 2, 3]")
    debug.controller.copy()
    assert not debug.view.copied
    await debug.run_flows()
    assert debug.view.copied == ["[1, 2, 3]"] and debug.view.report_now[1] == "copied the value of n"
    debug.engine.answer = Variable("n", "list", "[1, 2", 3_000_000)
    debug.controller.copy()
    await debug.run_flows()
    assert debug.view.report_now[1] == "copied the first 5 characters of the value of n"
    debug.engine.answer = RecodeError("only its beginning is known")
    debug.controller.copy()
    await debug.run_flows()
    assert debug.view.report_now == ("error", "only its beginning is known") and len(debug.view.copied) == 2


async def test_the_breakpoint_on_the_selected_observation_is_offered(debug: ControllerHarness) -> None:
    debug.view.dialogs.choices["breakpoints dialog"] = object()
    debug.view.selection = Selection("environment", "0", row=ActionRow("look", "A room."))
    await debug.controller.flows.show_breakpoints()
    ((_, arguments),) = debug.view.dialogs.opened
    assert arguments[2] == ("observation", "A room.")


def test_the_command_line_begins_with_what_is_selected(debug: ControllerHarness) -> None:
    annotations = debug.position.annotations.after(NoteSet("0", "seen"))
    debug.show(msgspec.structs.replace(debug.position, annotations=annotations))
    debug.controller.marks.begin_note()
    debug.controller.begin_set()
    debug.controller.begin_action()
    assert debug.view.report_now[1].startswith("an action is replaced where the run is about to act")
    place_at(debug, "action")
    debug.controller.begin_action()
    assert debug.view.begun[:2] == ["note 0 seen", "set "]
    assert debug.view.begun[2].startswith('action "go to ')
    debug.view.selection = Selection("environment", "0", row=ActionRow("look", "A room.", 12))
    debug.controller.begin_action()
    assert debug.executed == ["goto 12"] and debug.view.begun[3] == 'action "look"'


def test_until_takes_the_line_of_the_code_or_the_node_of_the_plan(debug: ControllerHarness) -> None:
    debug.view.selection = Selection("code", "0.1", shown="0", line=("0", 3))
    debug.controller.run_until_selection()
    debug.view.selection = Selection("plan", "0.1")
    debug.controller.run_until_selection()
    assert debug.executed == ["until 0:3", "until 0.1"]


async def test_one_new_expansion_is_requested_at_once(debug: ControllerHarness) -> None:
    debug.view.dialogs.choices["regeneration"] = Regeneration("0", hint="look first")
    await debug.controller.flows.regenerate()
    assert debug.executed == ["regenerate 0 hint 'look first'"]


class Trial:
    """Notes what a dialog with candidates is given."""

    def __init__(self) -> None:
        self.given: list[object] = []

    def append_stream(self, number: int, text: str, asked: int = 0) -> None:
        self.given.append((number, text))

    def finished(self, candidates: object) -> None:
        self.given.append(candidates)

    def failed(self, reason: str) -> None:
        self.given.append(reason)


async def test_candidates_are_shown_as_they_come_and_one_is_grafted(debug: ControllerHarness) -> None:
    trial = Trial()
    debug.view.dialogs.choices |= {
        "regeneration": Regeneration("0", candidates=3, rollout=2),
        "candidates": 2,
        "candidates dialog": trial,
    }
    flow = debug.controller.flows.regenerate
    debug.controller.outcomes.candidates_dialog = trial
    debug.controller.outcomes.streamed("candidate-2", 5, "half")
    await flow()
    assert debug.executed == ["regenerate 0 candidates 3 rollout 2", "graft 2"]
    debug.controller.outcomes.candidates_dialog = trial
    debug.finish(outcome=CandidatesSampled(()))
    debug.controller.outcomes.candidates_dialog = trial
    debug.finish()  # the graft, which is not for the dialog
    assert trial.given == [(2, "half"), ()]


PRICE = CostEstimate(3, 360, 0.006, "3 x 1 calls")


@pytest.mark.parametrize("line", ["blame 3", "regenerate 0", "regenerate 0 candidates 3", "retry 0.1"])
async def test_what_costs_money_is_executed_only_if_the_user_agrees(
    debug: ControllerHarness, line: str
) -> None:
    debug.engine.answer = PRICE
    debug.controller.run(line, is_typed=True)
    debug.controller.run("step")  # waits until that is decided
    assert not debug.executed
    await debug.run_flows()
    assert debug.view.dialogs.opened == [("confirm_price", (f"`{line}` asks the model.", PRICE))]
    assert not debug.executed
    debug.view.dialogs.choices["confirm_price"] = True
    debug.controller.run(line, is_typed=True)
    debug.controller.run("step")
    await debug.run_flows()
    assert debug.executed == [line, "step"]


@pytest.mark.parametrize("answer", [None, CostEstimate(3, 360, 0.0, "3 x 1 calls")])
async def test_what_costs_nothing_is_not_asked(debug: ControllerHarness, answer: CostEstimate | None) -> None:
    debug.engine.answer = answer
    debug.controller.run("blame", is_typed=True)
    await debug.run_flows()
    assert debug.executed == ["blame 3"] and not debug.view.dialogs.opened


async def test_what_has_no_price_because_it_is_impossible_is_reported(debug: ControllerHarness) -> None:
    debug.engine.answer = RecodeError("nothing to blame in this run: it was solved")
    debug.controller.run("blame", is_typed=True)
    await debug.run_flows()
    assert not debug.executed
    assert debug.view.report_now == ("error", "nothing to blame in this run: it was solved")
    assert not debug.controller.is_confirming


async def test_candidates_are_not_shown_if_their_price_is_refused(debug: ControllerHarness) -> None:
    debug.engine.answer = PRICE
    debug.view.dialogs.choices["regeneration"] = Regeneration("0", candidates=3)
    await debug.controller.flows.regenerate()
    assert [name for name, _ in debug.view.dialogs.opened] == ["regeneration", "confirm_price"]
    assert not debug.executed and debug.controller.outcomes.candidates_dialog is None


def test_a_recording_is_not_asked_for_a_price() -> None:
    debug = ControllerHarness(SAMPLE, refusal="this is a recording")
    debug.controller.run("blame", is_typed=True)
    assert debug.executed == ["blame 3"]


def undone(debug: ControllerHarness, *, is_again: bool) -> Reverted:
    """The undo of a command, which leads to the first call."""
    place_at(debug, "model")
    at = StopReached(debug.timeline.at(debug.position.cursor), (), {})
    call = NextCall("gpt-4o-mini", is_again, PRICE)
    return Reverted("undone", "regenerate 0", at, None, "asked", call)


async def test_after_an_undo_the_first_move_that_asks_again_is_confirmed(debug: ControllerHarness) -> None:
    debug.engine.answer = PRICE
    debug.controller.run("undo")
    debug.controller.run("step")
    debug.controller.run("step")
    assert debug.executed == ["undo"]  # it is not known yet what a step costs
    debug.finish("undone", outcome=undone(debug, is_again=True))
    assert debug.view.report_now[1].startswith("undone: regenerate 0 · the next step asks gpt-4o-mini again")
    await debug.run_flows()
    question = "`step` asks gpt-4o-mini again, because its reply was undone."
    assert debug.view.dialogs.opened == [("confirm_price", (question, PRICE))]
    assert debug.executed == ["undo"]
    debug.controller.run("print 1")
    debug.finish()
    debug.view.dialogs.choices["confirm_price"] = True
    for line in ("next", "finish", "continue", "until 0.1"):
        debug.controller.run(line)
        await debug.run_flows()
        debug.finish()
    assert debug.executed[1:] == ["print 1", "next", "finish", "continue", "until 0.1"]
    assert len(debug.view.dialogs.opened) == 5
    debug.show(msgspec.structs.replace(debug.position, cursor=debug.timeline.stops[-1].n))
    debug.controller.run("step")
    assert debug.executed[-1] == "step"


def test_after_an_undo_a_call_that_was_never_made_is_not_confirmed(debug: ControllerHarness) -> None:
    debug.controller.run("undo", is_typed=True)
    debug.finish("undone", "[main] record 7", outcome=undone(debug, is_again=False))
    assert "the next step asks gpt-4o-mini, about $0.0060" in debug.view.report_now[1]
    debug.controller.run("step")
    assert debug.executed == ["undo", "step"]


async def test_suggestions_say_why_there_are_none(debug: ControllerHarness) -> None:
    debug.engine.answer = RecodeError("this world names none")
    await debug.controller.flows.suggest_actions()
    assert [each.state for each in debug.view.suggestions] == ["waiting", "failed"]
    assert debug.view.suggestions[-1].reason == "this world names none"
    debug.view.awaits_suggestions = False
    await debug.controller.flows.suggest_actions()
    assert len(debug.view.suggestions) == 3


async def test_an_editor_is_told_the_actions_or_that_the_world_is_elsewhere(debug: ControllerHarness) -> None:
    class Dialog:
        def __init__(self) -> None:
            self.shown: list[Suggestions] = []

        def show_actions(self, suggestions: Suggestions) -> None:
            self.shown.append(suggestions)

    debug.engine.answer = ("look",)  # the world has to be restored, too: it is true
    for may_restore, states in ((False, ["waiting", "elsewhere"]), (True, ["waiting", "waiting", "here"])):
        dialog = Dialog()
        debug.controller.flows.show_actions(dialog, may_restore)
        await debug.run_flows()
        assert [each.state for each in dialog.shown] == states
    assert dialog.shown[-1].actions == ("look",)
    debug.engine.is_writing = True  # a person writes code, where the world is
    dialog = Dialog()
    debug.controller.flows.show_actions(dialog, False)
    await debug.run_flows()
    assert [each.state for each in dialog.shown] == ["waiting", "here"]


def test_a_recording_is_not_changed() -> None:
    debug = ControllerHarness(SAMPLE, refusal="it is read-only")
    debug.controller.edit_selection()
    debug.controller.begin_set()
    debug.controller.begin_action()
    debug.controller.marks.begin_note()
    debug.controller.retry()
    debug.controller.run('note 0 "mine"', is_typed=True)
    debug.controller.run("skip")
    assert debug.view.reports == [("error", "this is a recording: G goes on from here in a copy")] * 7
    debug.controller.run("prompt 0", is_typed=False)
    assert debug.executed == ["prompt 0"]
    assert not debug.view.begun and not debug.view.flows


def test_what_the_engine_refuses_in_a_recording_names_the_key_that_goes_on() -> None:
    debug = ControllerHarness(SAMPLE, refusal="it is read-only")
    debug.controller.run("step")
    debug.finish(failure=ReadOnlyError("it is read-only"))
    assert debug.view.report_now == ("error", "this is a recording: G goes on from here in a copy")


def test_a_recording_is_gone_on_with_where_it_is_shown(debug: ControllerHarness) -> None:
    debug.controller.continue_in_copy()
    text = "not a recording: any command goes on from here; end goes to the last row"
    assert debug.view.report_now == ("info", text)
    recording = ControllerHarness(SAMPLE, refusal="it is read-only")
    recording.controller.continue_in_copy()
    assert recording.view.gone_on_from == [("main", recording.position.cursor)]
    assert not debug.view.gone_on_from


async def test_leaving_asks_where_something_would_be_lost(debug: ControllerHarness) -> None:
    debug.controller.drafts[DraftKey("code", "0")] = "half"
    debug.controller.leave()
    await debug.run_flows()
    assert not debug.view.left
    debug.view.dialogs.choices["confirm"] = True
    debug.controller.leave()
    await debug.run_flows()
    debug.controller.drafts.clear()
    debug.controller.leave()
    assert len(debug.view.left) == 2


def test_the_next_failure_is_gone_to(debug: ControllerHarness) -> None:
    debug.controller.go_to_failure()
    assert debug.view.report_now == ("info", "nothing has failed on this branch")
    n = stop_at_a_limit(debug)
    debug.controller.go_to_failure()
    assert debug.executed == [f"goto {n}"]


def test_a_preview_is_shown_and_the_cursor_stays(debug: ControllerHarness) -> None:
    last, first = debug.position.cursor, debug.timeline.stops[5].n
    debug.controller.previews.show("main", first)
    shown = debug.view.frame
    assert shown is not None and shown.is_preview and shown.n == first
    assert debug.controller.frame is shown.at_cursor and shown.at_cursor.n == last
    debug.controller.previews.end()
    assert debug.view.frame is not None and (debug.view.frame.is_preview, debug.view.frame.n) == (False, last)


def test_a_command_ends_a_preview_without_showing_the_cursor_in_between(debug: ControllerHarness) -> None:
    debug.controller.previews.show("main", debug.timeline.stops[5].n)
    shown = debug.view.frame
    debug.controller.go_to("main", debug.timeline.stops[5].n)
    assert debug.executed == [f"goto {debug.timeline.stops[5].n}"]
    assert debug.view.frame is shown
    assert debug.controller.state is not None and debug.controller.state.preview is None


def test_a_command_about_the_selection_shows_the_cursor_first(debug: ControllerHarness) -> None:
    debug.controller.previews.show("main", debug.timeline.stops[5].n)
    debug.controller.marks.begin_note()
    assert debug.view.frame is not None and not debug.view.frame.is_preview


@pytest.fixture
def forked() -> ControllerHarness:
    return ControllerHarness(SAMPLES / "household-mended.jsonl")


async def test_another_branch_is_read_once_and_then_previewed(forked: ControllerHarness) -> None:
    previews = forked.controller.previews
    previews.show("edit-1", 50)
    assert forked.view.frame is not None and not forked.view.frame.is_preview
    previews.show("edit-1", 60)
    assert len(forked.view.flows) == 1
    await forked.run_flows()
    assert (forked.view.frame.branch, forked.view.frame.is_preview) == ("edit-1", True)
    assert forked.view.frame.n == forked.view.frame.timeline.stop_at(60).n
    previews.end()
    previews.show("edit-1", 70)
    assert not forked.view.flows and forked.view.frame.branch == "edit-1"


async def test_a_preview_that_has_ended_is_not_shown_when_its_branch_is_read(
    forked: ControllerHarness,
) -> None:
    forked.controller.previews.show("edit-1", 50)
    forked.controller.previews.end()
    await forked.run_flows()
    assert forked.view.frame is not None and forked.view.frame.branch == "main"


def test_the_message_is_read_before_the_failure_of_another_node(debug: ControllerHarness) -> None:
    debug.controller.read_whole()
    assert debug.view.report_now[1] == "there is no message to read, and this node has not failed"
    debug.view.report("error", "a long reason")
    debug.view.report("info", "")
    debug.controller.read_whole()
    assert debug.view.dialogs.opened == [("text", ("The last message", "a long reason"))]


def test_blame_marks_its_culprit_on_its_branch_until_another_blame(debug: ControllerHarness) -> None:
    def finish(culprit: str | None, is_whole: bool = True) -> str:
        message = CommandsFinished((), debug.position, (), Blamed(Blame((), culprit, None, is_whole)), None)
        debug.controller.outcomes.mark_blamed(message)
        assert debug.controller.state is not None
        return debug.controller.state.frame().culprit

    assert finish("0.1") == "0.1"
    other = Timeline(debug.log.line(), "another")
    assert debug.controller.state is not None
    assert debug.controller.state.frame(other).culprit == ""
    assert finish("0.2", is_whole=False) == finish(None) == ""


@pytest.mark.parametrize(
    ("cost", "offer"),
    [
        (0.0021, ":blame, about $0.0021 · g ask again · e edit"),
        (None, ":blame, price unknown · g ask again · e edit"),
        (0.0, ":blame · g ask again · e edit"),
    ],
)
async def test_an_unsolved_end_offers_what_helps(cost: float | None, offer: str) -> None:
    debug = ControllerHarness(SAMPLE)
    debug.engine.answer = CostEstimate(3, None, cost, "three calls")
    await debug.controller.flows.offer_next_steps()
    assert debug.view.report_now == ("info", f"not solved · {offer}")
    debug.engine.answer = RecodeError("nothing to blame in this run")
    await debug.controller.flows.offer_next_steps()
    assert debug.view.report_now == ("info", "not solved · g ask again · e edit")


async def test_a_recording_offers_nothing_at_its_end() -> None:
    debug = ControllerHarness(SAMPLE, refusal="opened read-only")
    await debug.controller.flows.offer_next_steps()
    assert debug.view.report_now == ("info", "not solved")
