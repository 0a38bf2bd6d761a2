"""Turns the simulator's gold path into a tree: the task, the work in each place, its parts, their actions.

Repeated actions become a loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import msgspec

from recode_core.environments.process.plan_policy import ROOT
from recode_core.policies.reply import ParsedReply

_LONGEST = 12  # commands in the body of a loop
_FEW = 8  # lines that are not split into parts
_IDLE = ("look", "wait", "examine", "open door", "go to", "teleport to", "use thermometer")


class PlanStep(msgspec.Struct, frozen=True):
    """A command, and whether the simulator recognized it in the rehearsal."""

    command: str
    is_known: bool


class Round(msgspec.Struct, frozen=True):
    """Steps that are repeated `times` times."""

    times: int
    body: tuple[PlanStep | Round, ...]


Part = PlanStep | Round


def expansions(steps: Sequence[PlanStep]) -> dict[str, ParsedReply]:
    """The expansion of each placeholder of a plan."""
    found: dict[str, ParsedReply] = {}
    statements: list[str] = []
    for place, visit in _visits(steps):
        parts = _folded(visit)
        statement = _free(f"work_in_{place}", visit, found)
        statements.append(statement)
        pieces = list(_pieces(parts))
        if len(_lines(parts)) <= _FEW or len(pieces) == 1:
            found[statement] = _actions(parts)
            continue
        inner: list[str] = []
        found[statement] = ParsedReply("", "")  # reserves the statement
        for piece in pieces:
            inner.append(_free("go_on_with", list(_plain(piece)), found))
            found[inner[-1]] = _actions(piece)
        found[statement] = ParsedReply(f"The work here has {len(inner)} parts.", "\n".join(inner))
    thought = (
        f"I know this world: its simulator gave me a plan of {len(steps)} steps. "
        f"It leads through {len(statements)} place{'s' * (len(statements) > 1)}."
    )
    found[ROOT] = ParsedReply(thought, "\n".join(statements))
    return found


def _visits(steps: Sequence[PlanStep]) -> Iterator[tuple[str, list[PlanStep]]]:
    """Group the steps by the place where work is done. The way to a place belongs to its group."""
    place, visit = "here", list[PlanStep]()
    for step in steps:
        is_leaving = step.command.startswith(("open door to", "go to", "teleport to"))
        if is_leaving and any(not _is_way(other) for other in visit):
            yield place, visit
            visit = []
        visit.append(step)
        if step.command.startswith(("go to", "teleport to")):
            place = step.command.partition(" to ")[2].replace(" ", "_")
    yield place, visit


def _is_way(step: PlanStep) -> bool:
    return step.command.startswith(("open door to", "go to", "teleport to", "look around"))


def _folded(steps: Sequence[PlanStep]) -> tuple[Part, ...]:
    """Replace repeated steps by rounds: at each position, by the round that covers most steps."""
    parts: list[Part] = []
    at = 0
    while at < len(steps):
        times, length = max(
            ((_times(steps, at, length), length) for length in range(1, _LONGEST + 1)),
            key=lambda found: ((found[0] - 1) * found[1], -found[1]),
        )
        if (times - 1) * length >= 2:
            parts.append(Round(times, _folded(steps[at : at + length]) if length > 1 else (steps[at],)))
            at += times * length
        else:
            parts.append(steps[at])
            at += 1
    return tuple(parts)


def _times(steps: Sequence[PlanStep], at: int, length: int) -> int:
    """The number of times that the next `length` steps occur in a row."""
    first = steps[at : at + length]
    return next(n for n in count(1) if steps[at + n * length : at + (n + 1) * length] != first)


def _pieces(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """Split the parts after each focus or round, the natural units of a task."""
    piece: list[Part] = []
    for part in parts:
        piece.append(part)
        if isinstance(part, Round) or part.command.startswith("focus on"):
            yield tuple(piece)
            piece = []
    if piece:
        yield tuple(piece)


def _free(name: str, steps: Sequence[PlanStep], taken: dict[str, ParsedReply]) -> str:
    """A statement that names the purpose of the steps and is not in `taken`."""
    commands = [step.command for step in steps if not step.command.isdigit()]
    acts = [command for command in commands if not command.startswith(_IDLE)]
    focus = [act for act in acts if act.startswith("focus on")]
    aim = (focus or acts or [steps[-1].command])[-1]
    statement = f"{name}({aim!r})"
    numbers = count(2)
    while statement in taken:
        statement = f"{name}({aim!r}, {next(numbers)})"
    return statement


def _plain(parts: Sequence[Part]) -> Iterator[PlanStep]:
    for part in parts:
        yield from _plain(part.body) if isinstance(part, Round) else (part,)


def _actions(parts: Sequence[Part]) -> ParsedReply:
    *_, last = _plain(parts)
    lines = _lines(parts)
    if isinstance(parts[-1], PlanStep) and last.is_known:
        lines[-1] = f"result = run({last.command!r})"
        lines.append("assert 'No known action' not in result, result")
    thought = f"The way to {last.command} is known, so these are its actions."
    return ParsedReply(thought, "\n".join(lines))


def _lines(parts: Sequence[Part], indent: str = "") -> list[str]:
    lines: list[str] = []
    for part in parts:
        if isinstance(part, PlanStep):
            lines.append(f"{indent}run({part.command!r})")
        else:
            lines.append(f"{indent}for _ in range({part.times}):")
            lines += _lines(part.body, indent + "    ")
    return lines
