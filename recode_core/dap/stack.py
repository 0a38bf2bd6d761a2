"""Stack frames: the open expansions at the cursor, innermost first."""

from __future__ import annotations

from recode_core.dap import messages
from recode_core.dap.sources import ROOT, function_of, source_at
from recode_core.dap.target import DebugTarget
from recode_core.errors import RecodeError
from recode_core.events import Place
from recode_core.timeline import Moment

_MOST_FRAMES = 1_000_000


def frames(target: DebugTarget) -> list[messages.StackFrame]:
    """The frames at the cursor. Before the run has started there is one, so that a client has one to show."""
    moment = target.debugger.moment
    path = moment.path
    if not path:
        client, shown = target.client, target.sources.describe(source_at(moment, ROOT))
        name = "the run has not started"
        return [messages.StackFrame(_frame_id(target, 0), name, client.line(1), client.column("", 0), shown)]
    found = [_frame(target, moment, index, place) for index, place in enumerate(path)]
    return found[::-1]


def call_in_frame(target: DebugTarget, number: int) -> str:
    """The placeholder whose expansion a frame is in; empty for the outermost one. Raises RecodeError."""
    path = target.debugger.moment.path
    stops, index = divmod(number, _MOST_FRAMES)
    if stops != target.stops or index >= len(path):
        raise RecodeError("the run has moved on since: request the stack again")
    return target.debugger.moment.call_of(path[index].node)


def _frame(target: DebugTarget, moment: Moment, index: int, place: Place) -> messages.StackFrame:
    call, span, client = moment.call_of(place.node), place.span, target.client
    source = source_at(moment, call)
    lines = source.text.split("\n")
    passes = "".join(f" pass {number}" for number in place.passes)
    name = f"{function_of(moment, call)} ({call})" if call else "run"
    return messages.StackFrame(
        _frame_id(target, index),
        f"{name}{passes}",
        client.line(span.line),
        client.column(_line(lines, span.line), span.column),
        target.sources.describe(source),
        client.line(span.end_line),
        client.column(_line(lines, span.end_line), span.end_column),
        can_restart=target.debugger.parts.live is not None,
    )


def _frame_id(target: DebugTarget, index: int) -> int:
    return target.stops * _MOST_FRAMES + index


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if number <= len(lines) else ""
