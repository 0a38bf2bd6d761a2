"""Where a run must go back to, so that changed code can take effect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from recode_core.errors import RecodeError
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
    VariableSet,
)
from recode_core.log import Record
from recode_core.statements import Block, Code, For, If, Jump, Names, Program, Statement, While, parse
from recode_core.timeline import Timeline
from recode_core.timeline.expansions import ExpansionCode
from recode_core.timeline.nodes import base_of

Position = tuple[int | str, ...]
"""Where a statement stands in a program: its index, then block and index inside that statement, and so on."""

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
    """The expansion of a placeholder as it is after record `n`. Raises RecodeError where it has none."""
    found = timeline.expansions.code_at(node, n)
    if found is None:
        raise RecodeError(f"{node!r} has no expansion here; step until it has, or edit its parent")
    return found


def request_on(timeline: Timeline, node: str, n: int) -> int:
    """The last stop, up to record `n`, before a policy call for a placeholder.

    Raises RecodeError where there is none.
    """
    request = timeline.expansions.request_at(node, n)
    if request is None:
        raise RecodeError(f"nothing has been asked for {node!r} yet; step to it first")
    return request.asked


def start_of(timeline: Timeline, node: str, n: int) -> int:
    """The first stop at a node, up to record `n`; after what was changed there before anything of it ran.

    Raises RecodeError where it has not been reached.
    """
    there = (stop for stop in timeline.stops if stop.place is not None and stop.place.node == node)
    first = next(there, None)
    if first is None or first.n > n:
        raise RecodeError(f"{node!r} has not been reached; there is nothing to retry")
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
    """The program of code that was accepted, from the names at that place (`names_at`)."""
    return parse(code, names, functions=frozenset() if names is None else None)


def statement_on_line(code: str, number: int, names: Names) -> str | None:
    """The text of the first statement that begins on a line of an expansion's code."""
    program = accepted_program(code, names)
    waiting: list[Statement] = list(program.block)
    while waiting:
        statement = waiting.pop(0)
        if statement.span.line == number:
            return program.source.text_of(statement.span)
        for name in _BLOCKS:
            waiting += getattr(statement, name, ())
    return None


def touched(old: Block, new: Block, at: Position = ()) -> list[Position]:
    """Where in `old` the statements stand that must not have begun, for `new` to take effect."""
    found: list[Position] = []
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        position = (*at, index)
        if _head(before) != _head(after):
            return [*found, position]
        for name in _BLOCKS:
            inside = touched(getattr(before, name, ()), getattr(after, name, ()), (*position, name))
            found += inside or ([position] if _grew_from_nothing(before, after, name) else [])
    if len(old) > len(new):
        found.append((*at, len(new)))
    elif len(new) > len(old) and old:
        found.append((*at, len(old) - 1))
    return found


def begun(
    timeline: Timeline,
    accepted: int,
    base: str,
    positions: Sequence[Position],
    n: int,
    here: Place | None = None,
) -> int | None:
    """The stop before the first of the statements at `positions` that has begun by record `n`; None if none.

    With `here`, where the run stands in that expansion, only the pass that it is in counts: passes
    that have run are kept.
    """
    since = timeline.records[timeline.index(accepted) : timeline.index(n) + 1]
    records = [record for record in since if not isinstance(record.event, ANNOTATIONS)]
    names = names_at(timeline, accepted)
    placed = last = _placed_by(records, base, names)
    for number, record in enumerate(records):
        event = record.event
        if isinstance(event, ExpansionAccepted | ExpansionEdited) and base_of(event) == base:
            placed = dict(_placed(accepted_program(event.code, names).block))
        if not isinstance(event, StatementReached | ExpansionRequested):
            continue
        place = event.place
        if here is not None and place.passes != here.passes[: len(place.passes)]:
            continue
        if any(_is_at(place, base, placed.get(at), last.get(at)) for at in positions):
            return record.n if _has_run(records[number + 1 :]) else None
    return None


def _placed_by(records: Sequence[Record], base: str, names: Names) -> dict[Position, Statement]:
    """The statements of an expansion, as it is after these records."""
    for record in reversed(records):
        event = record.event
        if isinstance(event, ExpansionAccepted | ExpansionEdited) and base_of(event) == base:
            return dict(_placed(accepted_program(event.code, names).block))
    return {}


def _placed(block: Block, at: Position = ()) -> Iterator[tuple[Position, Statement]]:
    for index, statement in enumerate(block):
        yield (*at, index), statement
        for name in _BLOCKS:
            yield from _placed(getattr(statement, name, ()), (*at, index, name))


def _is_at(place: Place, base: str, then: Statement | None, now: Statement | None) -> bool:
    """Whether a place is that of a statement, in the code as it was then; it still says the same now."""
    if then is None or now is None or _head(then) != _head(now):
        return False
    return place.span == then.span and _ids(base, then).fullmatch(place.node) is not None


def names_at(timeline: Timeline, n: int) -> Names:
    """The names of the namespace after record `n`; None where the agent's own loop leaves no placeholders."""
    root = timeline.tree.nodes.get("0")
    if root is not None and root.kind == "control":
        return None
    return frozenset(timeline.at(n).variables())


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
