"""What the console keeps, without a terminal; and what its references lead to."""

from __future__ import annotations

import msgspec
import pytest

from recode_core.debugger.references import branch, join, node, record
from recode_core.errors import RecodeError
from recode_tui.debug.transcript import Transcript, TranscriptView
from tests.tui.debug.conftest import SAMPLES
from tests.tui.debug.fake_view import ControllerHarness

SAMPLE = SAMPLES / "household-mended.jsonl"


@pytest.fixture
def debug() -> ControllerHarness:
    return ControllerHarness(SAMPLE)


def kept(max_rows: int = 100) -> tuple[Transcript, list[TranscriptView]]:
    views: list[TranscriptView] = []
    return Transcript(views.append, max_rows), views


def test_a_command_is_kept_with_every_line_of_its_answer_and_its_error() -> None:
    transcript, views = kept()
    transcript.add("where", ["one", "two\nthree"], "it failed\n  usage: where")
    transcript.note("the world was restored")
    assert [(row.kind, row.text) for row in views[-1].rows] == [
        ("command", "where"),
        ("answer", "one"),
        ("answer", "two"),
        ("answer", "three"),
        ("error", "it failed"),
        ("error", "  usage: where"),
        ("notice", "the world was restored"),
    ]


def test_references_stay_with_their_lines() -> None:
    transcript, views = kept()
    transcript.add("goto 3", [join(record(3), " · ", node("0.1"))], branch="main")
    answer = views[-1].rows[1]
    assert [each.target for each in answer.references] == ["3", "0.1"] and answer.branch == "main"


def test_old_rows_are_dropped_and_counted() -> None:
    transcript, views = kept(max_rows=4)
    for number in range(5):
        transcript.add(f"print {number}", [str(number)], is_shown=number < 4)
    assert [row.text for row in views[-1].rows] == ["print 3", "3", "print 4", "4"]
    assert (views[-1].dropped, views[-1].shown) == (6, 0)


def test_an_answer_without_end_is_cut_with_the_number_of_the_lines_left_out() -> None:
    transcript, views = kept(max_rows=20)
    transcript.add("vars", [str(number) for number in range(1000)])
    rows = views[-1].rows
    assert rows[0].text == "vars" and len(rows) == 11
    assert rows[-1].text == "… 991 more lines are not kept"


def test_only_what_is_typed_or_fails_at_length_is_to_be_shown(debug: ControllerHarness) -> None:
    debug.controller.run("where", is_typed=True)
    debug.finish("one", "two")
    shown = debug.view.transcript.shown
    debug.controller.run("step")
    debug.finish("record 7")
    assert debug.view.transcript.shown == shown and len(debug.view.transcript.rows) == 5
    debug.controller.run("step")
    debug.finish(failure=RecodeError("why\n" * 3))
    assert debug.view.transcript.shown == 5 and debug.view.consoles_opened == 2


def test_an_answer_that_fits_opens_nothing_and_a_long_one_does(debug: ControllerHarness) -> None:
    debug.controller.run("print 1", is_typed=True)
    debug.finish("1")
    assert debug.view.report_now == ("info", "1")
    before = debug.view.consoles_opened
    debug.controller.run("print 'x' * 500", is_typed=True)
    debug.finish("x" * 500)
    assert (before, debug.view.consoles_opened) == (0, 1)
    assert debug.view.report_now[1].startswith("1 line in the console")


async def test_what_is_named_is_gone_to_on_its_branch(debug: ControllerHarness) -> None:
    follow = debug.controller.follow
    here = debug.timeline.branch
    other = next(name for name in debug.log.branches if name != here)
    own = debug.log.own(other)[-1].n
    shared = next(stop.n for stop in debug.timeline.stops if stop.n >= 0)
    follow(record(shared).references[0], here)
    follow(record(own).references[0], here)
    await debug.run_flows()
    follow(branch(other).references[0], here)
    follow(node("0.1").references[0], other)
    follow(node("0.1", other).references[0], here)
    follow(node("0.99").references[0], other)
    assert debug.executed == [
        f"goto {shared}",
        *(f"switch {other}", f"goto {own}"),
        f"switch {other}",
        "goto 0.1",
        *(f"switch {other}", "goto 0.1"),
        *(f"switch {other}", "goto 0.99"),
    ]


def test_a_script_runs_in_order_up_to_its_end(debug: ControllerHarness) -> None:
    debug.controller.run_script("step\n# a comment\n\nprint\t1\nedit 0 <<END\nx = 1\nEND\n")
    assert debug.executed == ["step"]
    debug.finish("[main] record 3")
    assert debug.executed == ["step", "print 1"]
    debug.finish("1")
    assert debug.engine.executed[-1][0].block() == "x = 1"
    debug.finish("[main] record 4")
    assert not debug.view.remembered and debug.waiting == 0
    debug.controller.run_script("step\nstep")
    assert debug.waiting == 1


def test_a_script_stops_at_the_first_failure_and_the_rest_is_kept(debug: ControllerHarness) -> None:
    debug.controller.run_script("step\nskip\nprint 1\nreply 0 <<END\nx\nEND")
    debug.finish("[main] record 3")
    debug.finish(failure=RecodeError("there is nothing to skip"))
    assert debug.executed == ["step", "skip"]
    assert debug.view.remembered == ["skip\nprint 1\nreply 0 <<END\nx\nEND"]
    severity, text = debug.view.report_now
    assert severity == "error"
    assert text == "line 2 of 6 failed: there is nothing to skip; `:` and up recall the rest"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("step\nstpe\nstep", "none of the 3 lines was run: line 2: unknown command 'stpe'"),
        ("step\nlimit depth", "none of the 2 lines was run: line 2: expected the name of a limit"),
        ("step\nedit 0", "none of the 2 lines was run: line 2: expected a block of text"),
        ("step\nedit 0 <<END\nx = 1", "none of the 3 lines was run: line 2: the block is not terminated"),
    ],
)
def test_a_text_with_a_wrong_line_is_refused_whole(debug: ControllerHarness, text: str, why: str) -> None:
    debug.controller.run_script(text)
    assert not debug.executed
    assert debug.view.report_now[1].startswith(why)


async def test_a_script_that_may_cost_money_asks_and_ends_if_the_user_does_not_agree(
    debug: ControllerHarness,
) -> None:
    debug.controller.run_script("print 1\nblame 3\nprint 2")
    debug.finish("1")
    debug.engine.answer = RecodeError("there is nothing to blame")
    await debug.run_flows()
    assert debug.executed == ["print 1"]
    assert debug.view.remembered == ["blame 3\nprint 2"]


def test_a_script_that_is_paused_stops_after_its_command(debug: ControllerHarness) -> None:
    debug.controller.run_script("continue\nstep")
    debug.controller.pause()
    debug.finish("[main] record 3")
    assert debug.executed == ["continue"] and debug.view.remembered == ["step"]
    assert "stopped after line 1 of 2" in debug.view.report_now[1]


def test_a_key_between_two_lines_does_not_move_the_script_on(debug: ControllerHarness) -> None:
    debug.controller.run_script("print 1\nprint 2")
    debug.controller.run("step")
    debug.finish("1")
    assert debug.executed == ["print 1", "step", "print 2"]
    message = debug.position
    debug.show(msgspec.structs.replace(message))
    debug.finish("record 4")
    assert debug.executed == ["print 1", "step", "print 2"]


def test_the_end_of_the_script_lets_the_next_one_begin(debug: ControllerHarness) -> None:
    debug.controller.run_script("print 1\nprint 2")
    debug.controller.run_script("print 3\nprint 4")
    assert debug.view.report_now == ("error", "a script is running, at line 1 of 2: p stops it")
    debug.finish("1")
    debug.finish("2")
    debug.controller.run_script("print 3\nprint 4")
    assert debug.executed == ["print 1", "print 2", "print 3"]
