"""Requests that move the run."""

from __future__ import annotations

from typing import Literal

from recode_core.dap.messages import Arguments, NoArguments
from recode_core.dap.requests import Move, RequestResult, handles
from recode_core.dap.sources import SourceArgument
from recode_core.dap.stack import call_in_frame
from recode_core.dap.target import DebugTarget
from recode_core.debugger.commands import (
    Back,
    Command,
    Continue,
    Finish,
    GoTo,
    Next,
    Rerun,
    Retry,
    Step,
)
from recode_core.timeline import Stop

_MOST_TARGETS = 50


class MoveArguments(Arguments, frozen=True):
    """The thread to move, and how far."""

    thread_id: int
    granularity: Literal["statement", "line", "instruction"] = "statement"


class FrameArguments(Arguments, frozen=True):
    """A frame."""

    frame_id: int


class GotoTargetsArguments(Arguments, frozen=True):
    """A line of a source."""

    source: SourceArgument
    line: int


class GotoArguments(Arguments, frozen=True):
    """A target of `goto`."""

    thread_id: int
    target_id: int


@handles(MoveArguments, "next")
def next_statement(target: DebugTarget, arguments: MoveArguments) -> RequestResult:
    """To the next statement, over placeholders; with granularity `instruction`, to the next stop."""
    return _step(target, arguments, Step() if arguments.granularity == "instruction" else Next())


@handles(MoveArguments, "stepIn")
def step_in(target: DebugTarget, arguments: MoveArguments) -> RequestResult:
    """To the next stop, into placeholders and before actions."""
    return _step(target, arguments, Step())


@handles(MoveArguments, "stepOut")
def step_out(target: DebugTarget, arguments: MoveArguments) -> RequestResult:
    """To the statement after the enclosing placeholder."""
    return _step(target, arguments, Finish())


@handles(MoveArguments, "stepBack")
def step_back(target: DebugTarget, arguments: MoveArguments) -> RequestResult:
    """To the previous stop; with granularity `line`, to the previous statement in this or an outer frame."""
    return _step(target, arguments, Back("next" if arguments.granularity == "line" else "step"))


@handles(MoveArguments, "continue")
def resume(target: DebugTarget, arguments: MoveArguments) -> RequestResult:
    """To a breakpoint, a failure, a limit or the end."""
    target.check_thread(arguments.thread_id)
    return Move(Continue(), "pause", {"allThreadsContinued": True})


@handles(MoveArguments, "reverseContinue")
def reverse_continue(target: DebugTarget, arguments: MoveArguments) -> RequestResult:
    """Back to a breakpoint, a failure, a limit or the start."""
    return _step(target, arguments, Back("continue"))


@handles(FrameArguments, "restartFrame")
def restart_frame(target: DebugTarget, arguments: FrameArguments) -> RequestResult:
    """Run the placeholder of a frame again."""
    return Move(Retry(call_in_frame(target, arguments.frame_id) or "0"), "restart")


@handles(NoArguments, "restart")
def restart(target: DebugTarget, arguments: NoArguments) -> RequestResult:
    """Run the same settings again, in a new session."""
    if target.debugger.parts.live is None:
        target.debugger.parts.refuse()
    for line in target.execute(Rerun()):
        target.client.output("console", f"{line}\n")
    return None if target.options.stop_on_entry else Move(Continue(), "entry")


@handles(GotoTargetsArguments, "gotoTargets")
def goto_targets(target: DebugTarget, arguments: GotoTargetsArguments) -> RequestResult:
    """The recorded stops before a line, past and future, nearest to the current one first."""
    debugger = target.debugger
    node = target.sources.find(arguments.source, debugger.timeline).node
    line = target.client.line_from(arguments.line)
    stops = [stop for stop in debugger.timeline.stops if _is_on(target, stop, node, line)]
    stops.sort(key=lambda stop: abs(stop.n - debugger.cursor))
    return {
        "targets": [
            {"id": stop.n, "label": _label(stop), "line": arguments.line} for stop in stops[:_MOST_TARGETS]
        ]
    }


@handles(GotoArguments, "goto")
def goto(target: DebugTarget, arguments: GotoArguments) -> RequestResult:
    """To a recorded stop."""
    target.check_thread(arguments.thread_id)
    return Move(GoTo(arguments.target_id), "goto")


def _step(target: DebugTarget, arguments: MoveArguments, command: Command) -> Move:
    target.check_thread(arguments.thread_id)
    return Move(command, "step")


def _is_on(target: DebugTarget, stop: Stop, node: str, line: int) -> bool:
    if stop.place is None or stop.kind not in ("statement", "model") or stop.place.span.line != line:
        return False
    return stop.n <= target.debugger.parts.end and target.debugger.timeline.call_of(stop) == node


def _label(stop: Stop) -> str:
    passes = "".join(f", pass {number}" for number in stop.place.passes) if stop.place is not None else ""
    return f"record {stop.n}{passes}"
