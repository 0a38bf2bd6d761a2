"""Questions about recorded history: what a variable was, where a condition held, where a value comes from.

The log answers them. What it shortened, and conditions, are recomputed by executing the interpreter
again, with the recorded answers: no policy and no world is asked, and nothing is written.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import closing

import msgspec

from recode_core import syntax
from recode_core.debugger.conditions import holds_during_replay, parse_condition
from recode_core.debugger.history_replay import replay
from recode_core.debugger.parts import DebuggerParts
from recode_core.errors import RecodeError
from recode_core.events import (
    ActionFinished,
    ActionReached,
    ConditionEvaluated,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionReplied,
    PassStarted,
    Place,
    StatementReached,
    VariableSet,
    WorldReset,
)
from recode_core.interpreter import EvaluationFailed
from recode_core.log import Record
from recode_core.timeline import Stop
from recode_core.timeline.variables import Binding
from recode_core.values import Variable

FULL_LIMIT = 1_000_000
"""Characters of a value that is asked for in full."""


class Origin(msgspec.Struct, frozen=True):
    """Where the value of a variable comes from.

    `statement` bound or changed it; `observations` answered the actions of that statement; `written` is
    the reply, or the user's change, that the statement comes from. The world's reset has no statement.
    """

    change: Binding
    statement: str = ""
    observations: tuple[Record, ...] = ()
    written: Record | None = None


def history(parts: DebuggerParts, name: str) -> list[Binding]:
    """Every change of a variable, up to the end of the current line."""
    return parts.timeline.variables.history(name, parts.end)


def full_value(parts: DebuggerParts, name: str, n: int) -> Variable:
    """The value that record `n` gave a variable, to `FULL_LIMIT` characters, where the log shortened it.

    Raises RecodeError where there is none, or where it was replaced before the run came to rest.
    """
    timeline = parts.timeline
    change = timeline.variables.last(name, n)
    if change is None or change.n != n or change.variable is None:
        raise RecodeError(f"record {n} gives {name!r} no value; its history names the records that do")
    if change.variable.length is None:
        return change.variable
    after = bisect_left(timeline.stops, n, key=lambda stop: stop.n)
    stop = timeline.stops[min(after, len(timeline.stops) - 1)]
    if timeline.variables.last(name, max(n, stop.n)) is not change:
        raise RecodeError(
            f"the value that record {n} gave {name!r} was replaced before the next stop; "
            f"only its beginning is known: {change.variable.value}"
        )
    return parts.sandbox_at(stop).evaluate(name, FULL_LIMIT)


def when(parts: DebuggerParts, expression: str) -> list[Stop]:
    """Every stop of the current line where an expression holds: a breakpoint, asked after the fact.

    `event.x` is any record since the stop before. Where a name isn't defined yet it doesn't hold. Raises
    EvaluationFailed where it can be evaluated nowhere.
    """
    names = ast.walk(parse_condition(expression))
    every = any(isinstance(name, ast.Name) and name.id == "event" for name in names)
    found: dict[int, Stop] = {}
    failure: EvaluationFailed | None = None
    is_evaluated = False
    timeline = parts.timeline
    with closing(replay(parts.restorer, parts.log, timeline, parts.end)) as stops:
        for stop, since, interpreter in stops:
            for record in since if every else since[-1:]:
                facts = timeline.at(record.n).facts()
                try:
                    if holds_during_replay(expression, interpreter, record.event, facts):
                        found[stop.n] = stop
                    is_evaluated = True
                except EvaluationFailed as error:
                    failure = failure or error
    if failure is not None and not is_evaluated:
        raise failure
    return list(found.values())


def origin(parts: DebuggerParts, name: str) -> Origin:
    """What set the present value of a variable, at the cursor. Raises RecodeError where it has none."""
    timeline = parts.timeline
    change = timeline.variables.last(name, parts.cursor)
    if change is None or change.variable is None:
        raise RecodeError(f"{name!r} is no variable here")
    at = timeline.index(change.n)
    record = timeline.records[at]
    if isinstance(record.event, WorldReset):
        return Origin(change, observations=(record,))
    if isinstance(record.event, VariableSet):
        return Origin(change, f"{name} = {record.event.expression}", written=record)
    assert change.place is not None
    text = timeline.text_at(Stop(record.n, "statement", change.place, 0))
    before = timeline.records[:at]
    written = _written(before, timeline.tree.call_of(change.place.node), text)
    return Origin(change, text, _answers(before, change.place), written)


def _answers(before: Sequence[Record], place: Place) -> tuple[Record, ...]:
    """What the world said to the last actions of the statement at `place`: in a loop, of its last pass."""
    found: list[Record] = []
    answer: Record | None = None
    for record in reversed(before):
        match record.event:
            case ActionFinished():
                answer = record
            case ActionReached(place=at) if at == place and answer is not None:
                found.append(answer)
            case StatementReached(place=at) if at == place:
                break
            case PassStarted(place=at) | ConditionEvaluated(place=at) if at == place and found:
                break
    return tuple(reversed(found))


def _written(before: Sequence[Record], call: str, text: str) -> Record | None:
    """The reply that a statement of an expansion comes from, or the edit that brought it."""
    written: Record | None = None
    is_accepted = False
    for record in reversed(before):
        match record.event:
            case ExpansionAccepted(node=node) | ExpansionEdited(node=node) if node == call:
                if written is not None and text not in _statements(record.event.code):
                    return written
                written, is_accepted = record, isinstance(record.event, ExpansionAccepted)
            case ExpansionReplied(node=node) if node == call and is_accepted:
                return record
    return written


def _statements(code: str) -> set[str | None]:
    nodes = (node for node in ast.walk(syntax.parse(code)) if isinstance(node, ast.stmt))
    return {ast.get_source_segment(code, node) for node in nodes}
