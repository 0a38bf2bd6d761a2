"""The stops of a line of records: the states in which the run can be paused."""

from __future__ import annotations

from typing import Literal

import msgspec

from recode_core.events import (
    ActionReached,
    ActionReplaced,
    EpisodeFinished,
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


def stop_after(record: Record, tree: TreeIndex, before: Stop) -> Stop | None:
    """The stop after a record, which has been added to `tree`; None if the run does not stop there."""
    n, event, depth = record.n, record.event, tree.open_expansions
    match event:
        case StatementReached(place=place):
            return Stop(n, "statement", place, depth)
        case ExpansionRequested(place=place):
            return Stop(n, "model", place, depth)
        case ActionReached(place=place):
            return Stop(n, "action", place, depth)
        case StatementFailed(place=place):
            return Stop(n, "failure", place, depth)
        case LimitReached():
            return Stop(n, "limit", tree.here, depth)
        case EpisodeFinished():
            return Stop(n, "end", tree.here, depth)
        case PromptEdited() | ActionReplaced() | LimitRaised() | VariableSet():
            return _changed(record, before)
        case ExpansionEdited() if _is_around(event):
            return _changed(record, before)
    return None


def _changed(record: Record, before: Stop) -> Stop | None:
    """The stop after a change that does not move the run.

    Setting a variable before a policy call leads to another request, which is a stop of its own; setting
    one before an action moves the run back to the action's statement.
    """
    if not isinstance(record.event, VariableSet):
        return msgspec.structs.replace(before, n=record.n)
    if before.kind == "model":
        return None
    return msgspec.structs.replace(
        before, n=record.n, kind="statement" if before.kind == "action" else before.kind
    )


def _is_around(edit: ExpansionEdited) -> bool:
    """Whether the run is inside another expansion, below the edited one; its stop does not change then."""
    nodes = [place.node for place in edit.path]
    return len(nodes) > nodes.index(edit.node) + 2
