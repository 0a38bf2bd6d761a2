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
from recode_core.errors import Diverged, RecodeError
from recode_core.events import BreakpointSet, LimitReached, NoteSet
from recode_core.log import Log
from recode_core.timeline import Timeline
from recode_core.values import Observation
from recode_tui.debug.dialogs.regeneration import Regeneration
from recode_tui.debug.drafts import DraftKey
from recode_tui.debug.messages import CommandsFinished
from recode_tui.debug.pending import Pending
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
    pending.opened()
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
    assert debug.view.dialogs.opened == [("output", ("where", ("one", "two")))]


def test_the_output_of_a_key_is_not_shown(debug: ControllerHarness) -> None:
    debug.controller.run("step")
    debug.finish("record 7")
    assert debug.view.report_now == ("info", "")


def test_a_line_that_is_no_command_is_reported(debug: ControllerHarness) -> None:
    debug.controller.run("stepp", is_typed=True)
    assert not debug.executed and "unknown command 'stepp'" in debug.view.report_now[1]
    debug.controller.run("goto", is_typed=True)
    ((name, (title, lines)),) = debug.view.dialogs.opened
    assert (name, title) == ("output", "goto failed") and "usage: goto" in str(lines)


def test_a_command_waits_for_a_short_one_and_is_refused_during_a_long_one(debug: ControllerHarness) -> None:
    debug.controller.run("step")
    debug.controller.run("next")
    assert debug.executed == ["step", "next"]
    debug.engine.waits_for = "the model"
    debug.controller.pending._since -= 1
    debug.controller.run("step")
    assert debug.executed == ["step", "next"]
    assert debug.view.report_now == ("error", "waiting for the model: p pauses, a second p breaks it off")


def test_pausing_twice_aborts(debug: ControllerHarness) -> None:
    debug.controller.pause()
    assert debug.view.report_now == ("info", "nothing is under way")
    debug.controller.run("continue")
    debug.controller.pause()
    debug.controller.pause()
    assert debug.engine.calls == ["pause", "abort"]
    assert debug.view.report_now == ("info", "broken off: what had arrived is kept")


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
    debug.controller.toggle_breakpoint("line", "0:2")
    assert debug.executed == ["break line 0:2"]
    annotations = debug.position.annotations.after(BreakpointSet(4, "line", "0:2"))
    debug.show(msgspec.structs.replace(debug.position, annotations=annotations))
    debug.controller.toggle_breakpoint("line", "0:2")
    assert debug.executed[1:] == ["delete 4"]


def test_a_breakpoint_at_a_node_is_one_at_its_line(debug: ControllerHarness) -> None:
    debug.view.selection = Selection("plan", "0.1")
    debug.controller.toggle_breakpoint_at_node()
    assert debug.executed == ["break line 0:2"]
    debug.view.selection = Selection("plan", "0")
    debug.controller.toggle_breakpoint_at_node()
    assert debug.view.report_now[1].startswith("no line of code holds this node")


def test_the_command_line_begins_with_what_is_selected(debug: ControllerHarness) -> None:
    annotations = debug.position.annotations.after(NoteSet("0", "seen"))
    debug.show(msgspec.structs.replace(debug.position, annotations=annotations))
    debug.controller.begin_note()
    debug.controller.begin_set()
    debug.controller.begin_action()
    assert debug.view.report_now[1].startswith("an action is replaced where the run is about to act")
    place_at(debug, "action")
    debug.controller.begin_action()
    assert debug.view.begun[:2] == ["note 0 seen", "set "]
    assert debug.view.begun[2].startswith('action "go to ')


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


def test_a_recording_is_not_changed() -> None:
    debug = ControllerHarness(SAMPLE, refusal="a recording: recode debug goes on with it")
    debug.controller.edit_selection()
    debug.controller.begin_set()
    debug.controller.begin_action()
    assert debug.view.reports == [("error", "a recording: recode debug goes on with it")] * 3
    assert not debug.view.begun and not debug.view.flows


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
    debug.controller.begin_note()
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
    assert debug.view.report_now[1] == "there has been no message, and this node has not failed"
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
