"""What commands lead to, as values. `render` makes text of them, for those who show text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.blame import Blame
from recode_core.debugger.breakpoint_hits import Hit
from recode_core.debugger.candidates import Candidate
from recode_core.debugger.diff import Difference
from recode_core.debugger.prompts_used import Used
from recode_core.debugger.questions import Origin
from recode_core.errors import RecodeError
from recode_core.events import BreakpointSet, VariableSet
from recode_core.log import Log
from recode_core.policies.prompts import Prompts
from recode_core.timeline import Moment, Stop
from recode_core.timeline.variables import Binding
from recode_core.values import Message, Variable

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger

Watches = dict[str, str | RecodeError]
"""The value of each watched expression, or why it has none."""


class Dropped(msgspec.Struct, frozen=True):
    """A variable that had been set in record `n`, after what was changed: it is set no longer."""

    n: int
    event: VariableSet


class Arrived(msgspec.Struct, frozen=True):
    """The cursor is at a stop: where a move or a change has led.

    `dropped` are the variables that are no longer set, `asked` the record that was to be gone to, `prompts`
    those that are asked with from here on.
    """

    moment: Moment
    hits: tuple[Hit, ...]
    watches: Watches
    dropped: tuple[Dropped, ...] = ()
    asked: int | None = None
    prompts: Prompts | None = None

    @property
    def stop(self) -> Stop:
        """The stop."""
        return self.moment.stop


class Value(msgspec.Struct, frozen=True):
    """The value of an expression, as its `repr`."""

    text: str


class Held(msgspec.Struct, frozen=True):
    """What an `assert` asked for holds."""

    expression: str


class Asked(msgspec.Struct, frozen=True):
    """The messages of a request."""

    messages: tuple[Message, ...]


class Path(msgspec.Struct, frozen=True):
    """The open expansions at a moment, and the statement that each is at."""

    moment: Moment


class Variables(msgspec.Struct, frozen=True):
    """The variables at the cursor."""

    variables: tuple[Variable, ...]


class Actions(msgspec.Struct, frozen=True):
    """The actions that would do something, of those that fit a pattern."""

    pattern: str
    actions: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """Every change of a variable."""

    name: str
    branch: str
    changes: tuple[Binding, ...]


class Stops(msgspec.Struct, frozen=True):
    """The stops where an expression holds."""

    expression: str
    moment: Moment
    stops: tuple[Stop, ...]


class Source(msgspec.Struct, frozen=True):
    """Where the value of a variable comes from."""

    origin: Origin


class Compared(msgspec.Struct, frozen=True):
    """Two branches or sessions side by side, with the prompts that each was asked with."""

    difference: Difference
    moments: tuple[Moment, Moment]
    prompts: tuple[tuple[Used, ...], tuple[Used, ...]]


class BreakpointAdded(msgspec.Struct, frozen=True):
    """A breakpoint; `undefined` are the names in its condition that nothing defines yet."""

    point: BreakpointSet
    undefined: tuple[str, ...] = ()


class BreakpointChanged(msgspec.Struct, frozen=True):
    """A breakpoint is enabled, disabled or deleted."""

    number: int
    state: str


class Breakpoints(msgspec.Struct, frozen=True):
    """The annotations, to list the breakpoints."""

    annotations: Annotations


class Watched(msgspec.Struct, frozen=True):
    """The watches at the cursor."""

    watches: Watches


class Noted(msgspec.Struct, frozen=True):
    """A note at a node; an empty text took it away."""

    node: str
    text: str


class PromptsUsed(msgspec.Struct, frozen=True):
    """The prompts that the run was asked with so far; `own` is the user's set, if the run has one."""

    used: tuple[Used, ...]
    own: Prompts | None


class Branches(msgspec.Struct, frozen=True):
    """The branches of a log, and the current one."""

    log: Log
    current: str


class LimitSet(msgspec.Struct, frozen=True):
    """A limit has another value; None is no limit."""

    name: str
    value: float | None


class ReuseSet(msgspec.Struct, frozen=True):
    """Whether expansions with the same prompt are reused from here on."""

    on: bool


class Tried(msgspec.Struct, frozen=True):
    """The candidates that were tried."""

    candidates: tuple[Candidate, ...]


class Blamed(msgspec.Struct, frozen=True):
    """What a search for the decision that lost the task has found."""

    blame: Blame


class Restarted(msgspec.Struct, frozen=True):
    """A new session, in which the same settings are run again; `before` is the file of the old one."""

    debugger: Debugger
    arrived: Arrived
    before: str


class Written(msgspec.Struct, frozen=True):
    """A file was written: saved or exported."""

    how: str
    path: str


class Explained(msgspec.Struct, frozen=True):
    """What help says."""

    lines: tuple[str, ...]


class Ended(msgspec.Struct, frozen=True):
    """The user wants to leave."""


Outcome = (
    Arrived
    | Value
    | Held
    | Asked
    | Path
    | Variables
    | Actions
    | Changes
    | Stops
    | Source
    | Compared
    | BreakpointAdded
    | BreakpointChanged
    | Breakpoints
    | Watched
    | Noted
    | PromptsUsed
    | Branches
    | LimitSet
    | ReuseSet
    | Tried
    | Blamed
    | Restarted
    | Written
    | Explained
    | Ended
)


def arrived(debugger: Debugger, dropped: tuple[Dropped, ...] = (), asked: int | None = None) -> Arrived:
    """Where a debugger is, with the breakpoints that the last move met and the watches."""
    return Arrived(debugger.moment, debugger.hits, debugger.watched(), dropped, asked)
