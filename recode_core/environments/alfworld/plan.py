"""Turns the planner's commands into a tree: the task, the objects to move, the visits for each, actions."""

from __future__ import annotations

import re

import msgspec

from recode_core.environments.process.plan_policy import ROOT
from recode_core.policies.reply import ParsedReply

_ACT = re.compile(r"(take|move|clean|heat|cool|use|slice) ([a-z]+ \d+)(?: (?:from|to|with) ([a-z]+ \d+))?")


class Visit(msgspec.Struct, frozen=True):
    """The commands up to and including one that acts on an object."""

    commands: tuple[str, ...]
    verb: str
    names: tuple[str, ...]

    @property
    def statement(self) -> str:
        """The placeholder of the visit."""
        return f"{self.verb}_object({', '.join(map(repr, self.names))})"


def expansions(commands: list[str]) -> dict[str, ParsedReply]:
    """The expansion of each placeholder of a plan."""
    visits = _visits(commands)
    loads = _loads(visits)
    found = {visit.statement: _actions(visit) for visit in visits}
    steps = [visit.statement for visit in visits]
    if len(loads) > 1:
        steps = []
        for load in loads:
            *_, last = load
            statement = f"bring_object({', '.join(map(repr, last.names))})"
            thought = f"I can hold one thing at a time. I {_summary(load)}."
            found[statement] = ParsedReply(thought, "\n".join(visit.statement for visit in load))
            steps.append(statement)
    thought = f"The planner has seen the whole room. I {_summary(visits)}."
    found[ROOT] = ParsedReply(thought, "\n".join(steps))
    return found


def _visits(commands: list[str]) -> list[Visit]:
    visits: list[Visit] = []
    waiting: list[str] = []
    for command in commands:
        waiting.append(command)
        if act := _ACT.fullmatch(command):
            verb, *names = act.groups()
            visits.append(Visit(tuple(waiting), str(verb), tuple(name for name in names if name)))
            waiting = []
    return visits


def _loads(visits: list[Visit]) -> list[list[Visit]]:
    """Group the visits; each that puts an object down ends a group."""
    loads: list[list[Visit]] = [[]]
    for visit in visits:
        loads[-1].append(visit)
        if visit.verb == "move":
            loads.append([])
    return [load for load in loads if load]


def _actions(visit: Visit) -> ParsedReply:
    *ways, act = visit.commands
    lines = [f"run({way!r})" for way in ways]
    lines += [f"result = run({act!r})", "assert 'Nothing happens' not in result, result"]
    thought = f"I {_summary([visit])}. That must succeed; what comes before leads there."
    return ParsedReply(thought, "\n".join(lines))


def _summary(visits: list[Visit]) -> str:
    """The last commands of visits as a list in a sentence."""
    acts = [visit.commands[-1] for visit in visits]
    return ", ".join(acts[:-1]) + (" and " if acts[:-1] else "") + "".join(acts[-1:])
