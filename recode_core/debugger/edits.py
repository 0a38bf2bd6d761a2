"""Where a run must go back to, so that changed code can take effect."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recode_core.debugger.rests import Line
from recode_core.debugger.variables import variables_at
from recode_core.errors import RecodeError
from recode_core.events import (
    ANNOTATIONS,
    CHANGES,
    ActionReached,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRequested,
    Place,
    StatementReached,
)
from recode_core.log import Record
from recode_core.statements import Block, Code, For, If, Jump, Statement, While, parse
from recode_core.tree import base_of


def expansion_on(line: Line, node: str, n: int) -> tuple[int, ExpansionAccepted | ExpansionEdited]:
    """The expansion of a placeholder as it is after record `n`: the record that accepted it, and its code.

    Raises RecodeError where it has none.
    """
    accepted = -1
    last: ExpansionAccepted | ExpansionEdited | None = None
    for record in line.up_to(n):
        event = record.event
        if isinstance(event, ExpansionAccepted) and event.node == node:
            accepted, last = record.n, event
        elif isinstance(event, ExpansionEdited) and event.node == node:
            last = event
    if last is None:
        raise RecodeError(f"{node!r} has no expansion here; step until it has, or edit its parent")
    return accepted, last


def request_on(line: Line, node: str, n: int) -> int:
    """The last stop, up to record `n`, before a policy call for a placeholder.

    Raises RecodeError where there is none.
    """
    for record in reversed(line.up_to(n)):
        if isinstance(record.event, ExpansionRequested) and record.event.place.node == node:
            return record.n
    raise RecodeError(f"nothing has been asked for {node!r} yet; step to it first")


def statement_on_line(
    expansion: ExpansionAccepted | ExpansionEdited, number: int, names: frozenset[str]
) -> str | None:
    """The text of the first statement that begins on a line of an expansion."""
    program = parse(expansion.code, names)
    waiting: list[Statement] = list(program.block)
    while waiting:
        statement = waiting.pop(0)
        if statement.span.line == number:
            return program.source.text_of(statement.span)
        for name in ("prelude", "body", "orelse"):
            waiting += getattr(statement, name, ())
    return None


def touched(old: Block, new: Block) -> list[Statement]:
    """The statements of `old` that must not have begun, for `new` to take effect."""
    found: list[Statement] = []
    for before, after in zip(old, new, strict=False):
        if _head(before) != _head(after):
            return [*found, before]
        for name in ("prelude", "body", "orelse"):
            inside = touched(getattr(before, name, ()), getattr(after, name, ()))
            found += inside or ([before] if _grew_from_nothing(before, after, name) else [])
    if len(old) > len(new):
        found.append(old[len(new)])
    elif len(new) > len(old) and old:
        found.append(old[-1])
    return found


def begun(
    line: Line, accepted: int, base: str, statements: Sequence[Statement], n: int, here: Place | None = None
) -> int | None:
    """The stop before the first of `statements` that has begun by record `n`; None if none has.

    With `here`, where the run stands in that expansion, only the pass that it is in counts: passes
    that have run are kept.
    """
    records = [r for r in line.up_to(n) if r.n > accepted and not isinstance(r.event, ANNOTATIONS)]
    edited = max((r.n for r in records if _is_edit(r, base)), default=-1)
    patterns = [(statement, _ids(base, statement)) for statement in statements]
    for position, record in enumerate(records):
        event = record.event
        if not isinstance(event, StatementReached | ExpansionRequested):
            continue
        place = event.place
        if here is not None and place.passes != here.passes[: len(place.passes)]:
            continue
        for statement, ids in patterns:
            if ids.fullmatch(place.node) and _is_same(line, record, place, statement, edited):
                return record.n if _has_run(records[position + 1 :]) else None
    return None


def _is_edit(record: Record, base: str) -> bool:
    return isinstance(record.event, ExpansionEdited) and base_of(record.event) == base


def _is_same(line: Line, record: Record, place: Place, statement: Statement, edited: int) -> bool:
    """Whether a statement that was reached is `statement`; before an edit it stood elsewhere."""
    if record.n > edited:
        return place.span == statement.span
    text = line.text_at(line.rests[line.rest_at(record.n)])
    return isinstance(statement, Code) and text == statement.text


def names_at(line: Line, n: int) -> frozenset[str]:
    """The names of the namespace after record `n`."""
    return frozenset(variables_at(line, n))


def _has_run(records: Sequence[Record]) -> bool:
    waiting = (StatementReached, ActionReached, ExpansionRequested, *CHANGES)
    return any(not isinstance(record.event, waiting) for record in records)


def _ids(base: str, statement: Statement) -> re.Pattern[str]:
    """The ids that a statement's node can have: in a loop, one a pass."""
    top = re.escape(f"{base}{statement.index}")
    if isinstance(statement, Code) and statement.order is not None:
        return re.compile(rf"{top}(?:(?:#\d+)*\.{statement.order})?")
    return re.compile(top)


def _head(statement: Statement) -> tuple[str, ...]:
    """What a statement says, without the blocks in it."""
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


def _grew_from_nothing(before: Statement, after: Statement, name: str) -> bool:
    return not getattr(before, name, ()) and bool(getattr(after, name, ()))
