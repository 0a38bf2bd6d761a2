"""Edit points: the stop to which a run must go back so that an edit takes effect.

An edit keeps everything that ran before the first changed statement. Example: statements 0 to 4 of an
expansion have run and the edit changes statements 3 and 7. Statement 7 has not run, so the run goes back to
the stop before statement 3. If only statement 7 differs, the run stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from recode_core.debugger.node_names import node_error
from recode_core.events import (
    ANNOTATIONS,
    CHANGES,
    ActionReached,
    ActionReplaced,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRequested,
    LimitRaised,
    Place,
    PromptEdited,
    PromptsChanged,
    Regenerated,
    StatementReached,
    StatementSkipped,
    VariableSet,
)
from recode_core.log import Record
from recode_core.statements import Block, Code, For, If, Jump, Names, Program, Statement, While, parse
from recode_core.timeline import Timeline
from recode_core.timeline.expansions import ExpansionCode
from recode_core.timeline.nodes import base_of

CodePosition = tuple[int | str, ...]
"""The position of a statement in a program: its index, then block and index inside that statement, and so on.
"""

_WAITING = (
    ActionReached,
    ActionReplaced,
    ExpansionRequested,
    LimitRaised,
    PromptEdited,
    PromptsChanged,
    Regenerated,
    VariableSet,
    *ANNOTATIONS,
)
_BLOCKS = ("prelude", "body", "orelse")


def expansion_on(timeline: Timeline, node: str, n: int) -> ExpansionCode:
    """The expansion of a placeholder after record `n`. Raises RecodeError if it has none."""
    found = timeline.expansions.code_at(node, n)
    if found is None:
        message = f"{node!r} has no expansion yet; `step` until it has one, or edit its parent"
        raise node_error(timeline, node, message)
    return found


def request_on(timeline: Timeline, node: str, n: int) -> int:
    """The last stop before a policy call for a placeholder, up to record `n`.

    Raises RecodeError if there is none.
    """
    request = timeline.expansions.request_at(node, n)
    if request is None:
        raise node_error(timeline, node, f"no request for {node!r} yet; `step` to it first")
    return request.asked


def start_of(timeline: Timeline, node: str, n: int) -> int:
    """The first stop at a node, up to record `n`, or the last one there before any of it ran.

    Later stops count if only changes and annotations are between them: retrying a node keeps the variables
    that were set before it ran. Raises RecodeError if the node has not been reached.
    """
    there = (stop for stop in timeline.stops if stop.place is not None and stop.place.node == node)
    first = next(there, None)
    if first is None or first.n > n:
        raise node_error(timeline, node, f"{node!r} has not been reached, so it cannot be retried")
    found = first.n
    for record in timeline.records[timeline.index(first.n) + 1 : timeline.index(n) + 1]:
        if not isinstance(record.event, _WAITING):
            break
        stop = timeline.stop_at(record.n)
        is_there = stop.n == record.n and stop.place is not None and stop.place.node == node
        if is_there and stop.kind in ("statement", "model"):
            found = stop.n
    return found


def accepted_program(code: str, names: Names) -> Program:
    """Parse accepted code, with the names that were defined there (`names_at`)."""
    return parse(code, names, functions=frozenset() if names is None else None)


def statement_on_line(code: str, number: int, names: Names) -> str | None:
    """The text of the first statement that starts on a line of an expansion's code."""
    program = accepted_program(code, names)
    waiting: list[Statement] = list(program.block)
    while waiting:
        statement = waiting.pop(0)
        if statement.span.line == number:
            return program.source.text_of(statement.span)
        for name in _BLOCKS:
            waiting += getattr(statement, name, ())
    return None


def changed_positions(old: Block, new: Block, at: CodePosition = ()) -> list[CodePosition]:
    """The positions in `old` at which it differs from `new`; the run must stop before them for `new` to take
    effect.

    In each block it is the first statement that differs, since those after it must not have run either. If
    two compound statements have the same header, such as `if ready:`, their inner blocks are compared.
    """
    found: list[CodePosition] = []
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        position = (*at, index)
        if _own_text(before) != _own_text(after):
            return [*found, position]
        for name in _BLOCKS:
            inside = changed_positions(getattr(before, name, ()), getattr(after, name, ()), (*position, name))
            found += inside or ([position] if _gained_block(before, after, name) else [])
    if len(old) > len(new):
        found.append((*at, len(new)))
    elif len(new) > len(old) and old:
        found.append((*at, len(old) - 1))
    return found


def first_executed(
    timeline: Timeline,
    accepted: int,
    base: str,
    positions: Sequence[CodePosition],
    n: int,
    here: Place | None = None,
) -> int | None:
    """The stop before the first executed statement at one of `positions`, up to record `n`; None if none was.

    With `here`, the run's current place in that expansion, only the current pass of a loop is considered, so
    earlier passes are kept.
    """
    since = timeline.records[timeline.index(accepted) : timeline.index(n) + 1]
    records = [record for record in since if not isinstance(record.event, ANNOTATIONS)]
    names = names_at(timeline, accepted)
    placed = last = _statements_after(records, base, names)
    for number, record in enumerate(records):
        event = record.event
        if isinstance(event, ExpansionAccepted | ExpansionEdited) and base_of(event) == base:
            placed = dict(_statements_by_position(accepted_program(event.code, names).block))
        if not isinstance(event, StatementReached | ExpansionRequested):
            continue
        place = event.place
        if here is not None and place.passes != here.passes[: len(place.passes)]:
            continue
        if any(_is_at(place, base, placed.get(at), last.get(at)) for at in positions):
            return record.n if _has_run(records[number + 1 :]) else None
    return None


def _statements_after(records: Sequence[Record], base: str, names: Names) -> dict[CodePosition, Statement]:
    """The statements of an expansion after these records."""
    for record in reversed(records):
        event = record.event
        if isinstance(event, ExpansionAccepted | ExpansionEdited) and base_of(event) == base:
            return dict(_statements_by_position(accepted_program(event.code, names).block))
    return {}


def _statements_by_position(block: Block, at: CodePosition = ()) -> Iterator[tuple[CodePosition, Statement]]:
    for index, statement in enumerate(block):
        yield (*at, index), statement
        for name in _BLOCKS:
            yield from _statements_by_position(getattr(statement, name, ()), (*at, index, name))


def _is_at(place: Place, base: str, then: Statement | None, now: Statement | None) -> bool:
    """Whether a place is that of statement `then` of the code at that time, and `now` has the same text."""
    if then is None or now is None or _own_text(then) != _own_text(now):
        return False
    return place.span == then.span and _ids(base, then).fullmatch(place.node) is not None


def names_at(timeline: Timeline, n: int) -> Names:
    """The defined names after record `n`; None for agents with their own loop, which have no placeholders."""
    root = timeline.tree.nodes.get("0")
    if root is not None and root.kind == "control":
        return None
    return frozenset(timeline.at(n).variables())


def _has_run(records: Sequence[Record]) -> bool:
    """Whether the statement that was reached before these records has run, or was skipped."""
    waiting = (StatementReached, ActionReached, ExpansionRequested, *CHANGES)
    return any(
        isinstance(record.event, StatementSkipped) or not isinstance(record.event, waiting)
        for record in records
    )


def _ids(base: str, statement: Statement) -> re.Pattern[str]:
    """A pattern of the ids of a statement's nodes; in a loop there is one for each pass."""
    top = re.escape(f"{base}{statement.index}")
    if isinstance(statement, Code) and statement.order is not None:
        return re.compile(rf"{top}(?:(?:#\d+)*\.{statement.order})?")
    return re.compile(top)


def _own_text(statement: Statement) -> tuple[str, ...]:
    """The text of a statement without its blocks."""
    match statement:
        case Code(text=text):
            return ("code", text)
        case Jump(kind=kind):
            return ("jump", kind)
        case If(test=test):
            return ("if", test.fed.text)
        case While(test=test):
            return ("while", test.fed.text)
        case For(target=target, iterable=iterable):
            return ("for", target, iterable.fed.text)


def _gained_block(before: Statement, after: Statement, name: str) -> bool:
    return not getattr(before, name, ()) and bool(getattr(after, name, ()))
