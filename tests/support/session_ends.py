"""What the branches of a session came to, for a comparison of two sessions."""

from __future__ import annotations

from recode_core.debugger.script_branches import repeated_branches
from recode_core.events import ANNOTATIONS, BranchStarted
from recode_core.log import Log
from recode_core.timeline import Timeline


def ends(log: Log) -> list[object]:
    """The actions of each branch with what they observed, where it ended and how, and its variables.

    Without branches that another one continues from their end: a script makes no branch of that one.
    """
    found: list[object] = []
    repeated = list(repeated_branches(log))
    continued = {up.parent for name in repeated if (up := log.branches[name]) and _is_end(log, up)}
    for branch in repeated:
        if branch in continued:
            continue
        timeline = Timeline(log.line(branch), branch)
        actions = [(each.action, each.observation, each.by) for each in timeline.actions.actions]
        stop, ending = timeline.stops[-1], timeline.end.ending
        outcome = ending.event if ending is not None else None
        found.append((actions, outcome, stop.kind, stop.place, timeline.end.variables()))
    return found


def _is_end(log: Log, started: BranchStarted) -> bool:
    later = (record.event for record in log.line(started.parent) if record.n > started.at)
    return all(isinstance(event, ANNOTATIONS) for event in later)
