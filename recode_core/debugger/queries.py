"""Queries about recorded history: values of a variable, stops where a condition holds, the origin of a value.

They are answered from the log. Values that the log shortened, and conditions, are recomputed by replaying the
sandbox with recorded replies and observations; policy and world are not called, and nothing is written.
"""

from __future__ import annotations

import ast
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
from recode_core.suggest import unknown_name
from recode_core.timeline import Stop
from recode_core.timeline.variables import Binding
from recode_core.values import Variable

FULL_LIMIT = 1_000_000
"""Maximum length of a full value, in characters."""


class ValueOrigin(msgspec.Struct, frozen=True):
    """The origin of a variable's value.

    `statement` bound or changed it; `observations` are those of the statement's actions; `written` is the
    reply, or the user's change, that contains the statement. A value from the world's reset has no
    statement.
    """

    change: Binding
    statement: str = ""
    observations: tuple[Record, ...] = ()
    written: Record | None = None


def history(parts: DebuggerParts, name: str) -> list[Binding]:
    """Every change of a variable, up to the end of the current line."""
    return parts.timeline.variables.history(name, parts.end)


def full_value(parts: DebuggerParts, name: str, n: int) -> Variable:
    """The full value that record `n` gave to a variable, up to `FULL_LIMIT` characters.

    Raises RecodeError if the record does not bind the variable, or if a shortened value was replaced before
    the next stop.
    """
    timeline = parts.timeline
    change = timeline.variables.last(name, n)
    if change is None or change.n != n or change.variable is None:
        raise RecodeError(f"record {n} does not set {name!r}; `history {name}` lists the records that do")
    if change.variable.length is None:
        return change.variable
    stop = timeline.next_stop(n)
    if timeline.variables.last(name, max(n, stop.n)) is not change:
        raise RecodeError(
            f"the value that record {n} gave {name!r} was replaced before the next stop; "
            f"only its beginning is known: {change.variable.value}"
        )
    return parts.sandbox_at(stop).evaluate(name, FULL_LIMIT)


def when(parts: DebuggerParts, expression: str) -> list[Stop]:
    """Every stop of the current line at which an expression holds.

    `event.x` is any record since the previous stop. The expression does not hold while a name in it is
    undefined. Raises EvaluationFailed if it cannot be evaluated at any stop.
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


def origin(parts: DebuggerParts, name: str) -> ValueOrigin:
    """The origin of a variable's value at the cursor. Raises RecodeError for an unknown variable."""
    timeline = parts.timeline
    change = timeline.variables.last(name, parts.cursor)
    if change is None or change.variable is None:
        known = [binding.variable.name for binding in timeline.variables.at(parts.cursor) if binding.variable]
        raise unknown_name(RecodeError, "variable", name, known, " (`vars` lists them)")
    at = timeline.index(change.n)
    record = timeline.records[at]
    if isinstance(record.event, WorldReset):
        return ValueOrigin(change, observations=(record,))
    if isinstance(record.event, VariableSet):
        return ValueOrigin(change, f"{name} = {record.event.expression}", written=record)
    assert change.place is not None
    text = timeline.text_at(Stop(record.n, "statement", change.place, 0))
    before = timeline.records[:at]
    written = _written(before, timeline.tree.call_of(change.place.node), text)
    return ValueOrigin(change, text, _observations(before, change.place), written)


def _observations(before: Sequence[Record], place: Place) -> tuple[Record, ...]:
    """The observations of the statement at `place`; in a loop, those of its last pass."""
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
    """The reply, or the edit, that contains a statement of an expansion."""
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
