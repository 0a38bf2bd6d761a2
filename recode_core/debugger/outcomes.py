"""Outcomes of commands, as values. `render` formats them as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.blame import Blame
from recode_core.debugger.breakpoint_hits import Hit
from recode_core.debugger.candidates import Candidate
from recode_core.debugger.diff import Difference
from recode_core.debugger.next_call import NextCall, NextReply, next_call, next_reply
from recode_core.debugger.prompts_used import UsedPrompt
from recode_core.debugger.queries import ValueOrigin
from recode_core.debugger.undo_history import SessionPosition, UndoStep
from recode_core.errors import RecodeError
from recode_core.events import BreakpointSet, VariableSet
from recode_core.executor.limits import spent_in
from recode_core.log import Log
from recode_core.policies.prompts import Prompts
from recode_core.timeline import Moment, Stop, Timeline
from recode_core.timeline.variables import Binding
from recode_core.values import Message, Variable

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger
    from recode_core.debugger.parts import DebuggerParts

Watches = dict[str, str | RecodeError]
"""The value of each watched expression, or the error of evaluating it."""


class DroppedVariable(msgspec.Struct, frozen=True):
    """A variable that was set in record `n`, after the changed part of the run; it is not set any more."""

    n: int
    event: VariableSet


class StopReached(msgspec.Struct, frozen=True):
    """The cursor is at a stop, after a move or a change.

    `dropped` are variables that are not set any more. `asked` is the record that `goto` was given.
    `prompts` is the prompt set for the requests from here on, if it was changed.
    """

    moment: Moment
    hits: tuple[Hit, ...]
    watches: Watches
    dropped: tuple[DroppedVariable, ...] = ()
    asked: int | None = None
    prompts: Prompts | None = None

    @property
    def stop(self) -> Stop:
        """The stop."""
        return self.moment.stop


class ExpressionValue(msgspec.Struct, frozen=True):
    """The value of an expression, as its `repr`."""

    text: str


class AssertionHeld(msgspec.Struct, frozen=True):
    """The expression of an `assert` holds."""

    expression: str


class RequestShown(msgspec.Struct, frozen=True):
    """The messages of a request."""

    messages: tuple[Message, ...]


class PathShown(msgspec.Struct, frozen=True):
    """The open expansions at a moment, with the current statement of each."""

    moment: Moment


class VariablesListed(msgspec.Struct, frozen=True):
    """The variables at the cursor."""

    variables: tuple[Variable, ...]


class ActionsListed(msgspec.Struct, frozen=True):
    """The admissible actions that match a pattern."""

    pattern: str
    actions: tuple[str, ...]


class HistoryFound(msgspec.Struct, frozen=True):
    """Every change of a variable."""

    name: str
    branch: str
    changes: tuple[Binding, ...]


class StopsFound(msgspec.Struct, frozen=True):
    """The stops where an expression holds."""

    expression: str
    moment: Moment
    stops: tuple[Stop, ...]


class OriginFound(msgspec.Struct, frozen=True):
    """The origin of a variable's value."""

    origin: ValueOrigin


class LeftRecords(msgspec.Struct, frozen=True):
    """Actions and calls of a branch that are no longer used after an undo or a redo; they stay recorded.

    `cost_usd` is None if it is unknown; costs are not refunded.
    """

    branch: str
    steps: int
    calls: int
    cost_usd: float | None


class Reverted(msgspec.Struct, frozen=True):
    """A command was undone or redone, which led to the stop `at`.

    `command` is the command as it is typed, empty if a method was called instead. `reply` is the origin of
    the reply that the next step takes, if any, and `next_call` the call that it makes.
    """

    how: Literal["undone", "redone"]
    command: str
    at: StopReached
    left: LeftRecords | None = None
    reply: NextReply | None = None
    next_call: NextCall | None = None


class UndoListed(msgspec.Struct, frozen=True):
    """The commands that `undo` would revert, or `redo` would repeat, in that order.

    `moments` are those to which that would lead, one for each.
    """

    name: Literal["undo", "redo"]
    steps: tuple[UndoStep, ...]
    moments: tuple[Moment, ...]


class DiffFound(msgspec.Struct, frozen=True):
    """The difference between two branches or sessions, with the prompts of each.

    `are_here` tells which of the two are branches of this session.
    """

    difference: Difference
    moments: tuple[Moment, Moment]
    prompts: tuple[tuple[UsedPrompt, ...], tuple[UsedPrompt, ...]]
    are_here: tuple[bool, bool] = (True, True)


class BreakpointAdded(msgspec.Struct, frozen=True):
    """A breakpoint was added; `undefined` are the names in its condition that are not defined yet."""

    point: BreakpointSet
    undefined: tuple[str, ...] = ()


class BreakpointChanged(msgspec.Struct, frozen=True):
    """A breakpoint was enabled, disabled or deleted."""

    number: int
    state: str


class BreakpointsListed(msgspec.Struct, frozen=True):
    """The annotations, to list the breakpoints."""

    annotations: Annotations


class WatchesShown(msgspec.Struct, frozen=True):
    """The watches at the cursor."""

    watches: Watches


class Noted(msgspec.Struct, frozen=True):
    """The note at a node was set; it was deleted if the text is empty."""

    node: str
    text: str


class PromptsUsed(msgspec.Struct, frozen=True):
    """The prompts of the run's requests so far; `own` is the user's prompt set, if the run has one."""

    used: tuple[UsedPrompt, ...]
    own: Prompts | None


class BranchesListed(msgspec.Struct, frozen=True):
    """The branches of a log, and the current one."""

    log: Log
    current: str


class LimitSet(msgspec.Struct, frozen=True):
    """A limit was set to another value; None for no limit."""

    name: str
    value: float | None


class ReuseSet(msgspec.Struct, frozen=True):
    """Reuse of expansions with the same prompt was switched on or off."""

    on: bool


class CandidatesSampled(msgspec.Struct, frozen=True):
    """Candidates were sampled."""

    candidates: tuple[Candidate, ...]


class Blamed(msgspec.Struct, frozen=True):
    """The result of `blame`."""

    blame: Blame


class Restarted(msgspec.Struct, frozen=True):
    """A new session with the same settings was started; `before` is the file of the old one."""

    debugger: Debugger
    at: StopReached
    before: str


class FileWritten(msgspec.Struct, frozen=True):
    """A file was written; `how` is "saved" or "exported"."""

    how: str
    path: str


class HelpShown(msgspec.Struct, frozen=True):
    """The lines of a help text."""

    lines: tuple[str, ...]


class QuitRequested(msgspec.Struct, frozen=True):
    """The user quit."""


Outcome = (
    StopReached
    | ExpressionValue
    | AssertionHeld
    | RequestShown
    | PathShown
    | VariablesListed
    | ActionsListed
    | HistoryFound
    | StopsFound
    | OriginFound
    | DiffFound
    | BreakpointAdded
    | BreakpointChanged
    | BreakpointsListed
    | WatchesShown
    | Noted
    | PromptsUsed
    | Reverted
    | UndoListed
    | BranchesListed
    | LimitSet
    | ReuseSet
    | CandidatesSampled
    | Blamed
    | Restarted
    | FileWritten
    | HelpShown
    | QuitRequested
)


def undo_listed(debugger: Debugger, name: Literal["undo", "redo"], steps: tuple[UndoStep, ...]) -> UndoListed:
    """The steps of undo or redo, with the moments to which they lead."""
    timelines = {debugger.branch: debugger.timeline}
    for branch in {step.position.branch for step in steps} - timelines.keys():
        timelines[branch] = Timeline(debugger.log.line(branch), branch)
    positions = (step.position for step in steps)
    moments = (timelines[position.branch].at(position.cursor) for position in positions)
    return UndoListed(name, steps, tuple(moments))


def stop_reached(
    debugger: Debugger, dropped: tuple[DroppedVariable, ...] = (), asked: int | None = None
) -> StopReached:
    """The stop at the cursor, with the breakpoints that were hit by the last move and the watches."""
    return StopReached(debugger.moment, debugger.hits, debugger.watched(), dropped, asked)


def reverted(
    debugger: Debugger, how: Literal["undone", "redone"], command: str, before: SessionPosition
) -> Reverted:
    """The undo or redo of a command that led from the position `before` to the cursor."""
    parts = debugger.parts
    return Reverted(
        how, command, stop_reached(debugger), _left(parts, before), next_reply(parts), next_call(parts)
    )


def _left(parts: DebuggerParts, before: SessionPosition) -> LeftRecords | None:
    """The records that could be reached from a position, and cannot be reached from the current one."""
    now = parts.position
    if (now.branch, now.future_limit) == (before.branch, before.future_limit):
        return None
    kept = {record.n for record in parts.log.line(now.branch, now.future_limit)}
    left = [r for r in parts.log.line(before.branch, before.future_limit) if r.n not in kept]
    spent = spent_in(left)
    if not spent.steps and not spent.calls:
        return None
    return LeftRecords(before.branch, spent.steps, spent.calls, spent.cost_usd)
