"""Questions about recorded history: what a variable was, where a condition held, where a value comes from.

The log answers them. What it shortened, and conditions, are recomputed by executing the interpreter
again, with the recorded answers: no policy and no world is asked, and nothing is written.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Generator, Sequence
from contextlib import closing

import msgspec

from recode_core import syntax
from recode_core.debugger.conditions import count, holds_in_passing, no_facts, parse_condition
from recode_core.debugger.navigator import Navigator
from recode_core.debugger.rests import Line, Rest
from recode_core.debugger.variables import changed_by
from recode_core.errors import RecodeError
from recode_core.events import (
    ANNOTATIONS,
    ActionFinished,
    ActionReached,
    ConditionEvaluated,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionReplied,
    PassStarted,
    Place,
    StatementFinished,
    StatementReached,
    VariableSet,
    WorldReset,
)
from recode_core.executor import Tape, changes
from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.log import Record
from recode_core.values import Variable

FULL_LIMIT = 1_000_000
"""Characters of a value that is asked for in full."""


class VariableChange(msgspec.Struct, frozen=True):
    """A variable as record `n` left it, None where it was deleted. `place` is None for the world's reset."""

    n: int
    place: Place | None
    variable: Variable | None


class Origin(msgspec.Struct, frozen=True):
    """Where the value of a variable comes from.

    `statement` bound or changed it; `observations` answered the actions of that statement; `written` is
    the reply, or the user's change, that the statement comes from. The world's reset has no statement.
    """

    change: VariableChange
    statement: str = ""
    observations: tuple[Record, ...] = ()
    written: Record | None = None


def history(navigator: Navigator, name: str) -> list[VariableChange]:
    """Every change of a variable, up to the end of the current line."""
    line = navigator.line
    found = (_change(line, record, name) for record in line.up_to(navigator.end))
    return [change for change in found if change is not None]


def full_value(navigator: Navigator, name: str, n: int) -> Variable:
    """The value that record `n` gave a variable, to `FULL_LIMIT` characters, where the log shortened it.

    Raises RecodeError where there is none, or where it was replaced before the run came to rest.
    """
    line = navigator.line
    at = line.index(n)
    change = _change(line, line.records[at], name) if at >= 0 and line.records[at].n == n else None
    if change is None or change.variable is None:
        raise RecodeError(f"record {n} gives {name!r} no value; its history names the records that do")
    if change.variable.length is None:
        return change.variable
    after = bisect_left(line.rests, n, key=lambda rest: rest.n)
    rest = line.rests[min(after, len(line.rests) - 1)]
    if any(_change(line, record, name) for record in line.records[at + 1 : line.index(rest.n) + 1]):
        raise RecodeError(
            f"the value that record {n} gave {name!r} was replaced before the next stop; "
            f"only its beginning is known: {change.variable.value}"
        )
    return navigator.interpreter_at(rest).evaluate(name, FULL_LIMIT)


def when(navigator: Navigator, expression: str) -> list[Rest]:
    """Every stop of the current line where an expression holds: a breakpoint, asked after the fact.

    `event.x` is any record since the stop before. Where a name isn't defined yet it doesn't hold. Raises
    EvaluationFailed where it can be evaluated nowhere.
    """
    names = ast.walk(parse_condition(expression))
    every = any(isinstance(name, ast.Name) and name.id == "event" for name in names)
    facts = no_facts()
    found: dict[int, Rest] = {}
    failure: EvaluationFailed | None = None
    is_evaluated = False
    with closing(_walk(navigator)) as stops:
        for rest, since, interpreter in stops:
            for record in since:
                count(facts, record)
            for record in since if every else since[-1:]:
                try:
                    if holds_in_passing(expression, interpreter, record.event, facts):
                        found[rest.n] = rest
                    is_evaluated = True
                except EvaluationFailed as error:
                    failure = failure or error
    if failure is not None and not is_evaluated:
        raise failure
    return list(found.values())


def origin(navigator: Navigator, name: str) -> Origin:
    """What set the present value of a variable, at the cursor. Raises RecodeError where it has none."""
    line = navigator.line
    at, change = line.index(navigator.cursor), None
    while at >= 0 and (change := _change(line, line.records[at], name)) is None:
        at -= 1
    if change is None or change.variable is None:
        raise RecodeError(f"{name!r} is no variable here")
    record = line.records[at]
    if isinstance(record.event, WorldReset):
        return Origin(change, observations=(record,))
    if isinstance(record.event, VariableSet):
        return Origin(change, f"{name} = {record.event.expression}", written=record)
    assert change.place is not None
    text = line.text_at(Rest(record.n, "statement", change.place, 0))
    before = line.records[:at]
    written = _written(before, line.tree.call_of(change.place.node), text)
    return Origin(change, text, _answers(before, change.place), written)


def _change(line: Line, record: Record, name: str) -> VariableChange | None:
    """What a record says of a variable; a user's change is where the run rested."""
    event = record.event
    variable = next((variable for variable in changed_by(record) if variable.name == name), None)
    if variable is None and not (isinstance(event, StatementFinished) and name in event.deleted):
        return None
    if isinstance(event, VariableSet):
        return VariableChange(record.n, line.rests[line.rest_at(record.n)].place, variable)
    return VariableChange(record.n, getattr(event, "place", None), variable)


def _walk(navigator: Navigator) -> Generator[tuple[Rest, list[Record], Interpreter]]:
    """Execute the line once more: each stop, the records since the one before, and the sandbox there."""
    line = navigator.line
    records = [r for r in line.up_to(navigator.end) if not isinstance(r.event, ANNOTATIONS)]
    executor = navigator.restorer.interpreter_at([])
    run, at = executor.run, 0
    run.tape = tape = Tape(navigator.log, records)
    with closing(run.interpreter):
        while tape.is_repeating:
            change = tape.next_change
            if change is None:
                executor.advance()
            else:
                changes.repeat(run, change)
            since, at = records[at : tape.repeated], tape.repeated
            yield line.rests[line.rest_at(since[-1].n)], since, run.interpreter


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
