"""The stops of a line of records: the states in which the run can be paused."""

from __future__ import annotations

from typing import Literal

import msgspec

from recode_core.events import (
    ActionReached,
    ActionReplaced,
    EpisodeFinished,
    Event,
    ExpansionEdited,
    ExpansionRequested,
    LimitRaised,
    LimitReached,
    Place,
    PromptEdited,
    StatementFailed,
    StatementReached,
    VariableSet,
)
from recode_core.log import Record
from recode_core.timeline.tree import TreeIndex

StopKind = Literal["start", "statement", "model", "action", "failure", "limit", "end"]


class Stop(msgspec.Struct, frozen=True, gc=False):
    """A stop after record `n`, at `place`. `depth` is the number of expansions that are open there."""

    n: int
    kind: StopKind
    place: Place | None
    depth: int


START = Stop(-1, "start", None, 0)


_KINDS: dict[type, StopKind] = {
    StatementReached: "statement",
    ExpansionRequested: "model",
    ActionReached: "action",
    StatementFailed: "failure",
    LimitReached: "limit",
    EpisodeFinished: "end",
}
_CHANGES = frozenset({PromptEdited, ActionReplaced, LimitRaised, VariableSet, ExpansionEdited})


def kind_after(event: Event, before: StopKind) -> StopKind | None:
    """The kind of the stop after an event, `before` being that of the stop before it; None without a stop.

    A change does not move the run, so the kind stays. But setting a variable before an action moves the run
    back to the action's statement; setting one before a policy call leads to another request, which is a stop
    of its own.
    """
    if (kind := _KINDS.get(type(event))) is not None or type(event) not in _CHANGES:
        return kind
    match event:
        case VariableSet():
            return None if before == "model" else "statement" if before == "action" else before
        case ExpansionEdited():
            return before if _is_around(event) else None
    return before


def stop_after(record: Record, tree: TreeIndex, before: Stop) -> Stop | None:
    """The stop after a record, which has been added to `tree`; None if the run does not stop there."""
    n, event = record.n, record.event
    kind = kind_after(event, before.kind)
    if kind is None:
        return None
    match event:
        case StatementReached() | ExpansionRequested() | ActionReached() | StatementFailed():
            return Stop(n, kind, event.place, tree.open_expansions)
        case LimitReached() | EpisodeFinished():
            return Stop(n, kind, tree.here, tree.open_expansions)
    return Stop(n, kind, before.place, before.depth)


def _is_around(edit: ExpansionEdited) -> bool:
    """Whether the run is inside another expansion, below the edited one; its stop does not change then."""
    nodes = [place.node for place in edit.path]
    return len(nodes) > nodes.index(edit.node) + 2
