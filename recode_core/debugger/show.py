"""What a command says, as plain lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.debugger.breakpoint_text import format_breakpoint
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.events import (
    ActionReached,
    ActionReplaced,
    BranchStarted,
    BreakpointSet,
    EpisodeFinished,
    Event,
    LimitReached,
    RunImported,
    StatementFailed,
)
from recode_core.log import Log
from recode_core.result import imported_as
from recode_core.timeline import Stop
from recode_core.values import Message, Variable

_SHORT = 100


def short(text: str, limit: int = _SHORT) -> str:
    """One line of a text, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def arrival(debugger: Debugger) -> Iterator[str]:
    """Where a command has led, with the breakpoints that were hit and the watches."""
    for hit in debugger.hits:
        yield f"breakpoint {hit.breakpoint.id}: {hit.text}"
    yield f"[{debugger.branch}] {stop_line(debugger, debugger.stop)}"
    yield from watches(debugger)


def stop_line(debugger: Debugger, stop: Stop) -> str:
    """A stop in a line."""
    where = _KINDS[stop.kind] if stop.n < 0 else f"record {stop.n} · {_KINDS[stop.kind]}"
    if stop.place is not None:
        where += f" · {stop.place.node}"
    event = debugger.timeline.event_of(stop)
    text = _text(event, imported_as(debugger.timeline.records)) or debugger.timeline.text_at(stop)
    return f"{where} · {short(text)}" if text else where


_KINDS = {
    "start": "before the first observation",
    "statement": "before a statement",
    "model": "before the model",
    "action": "before an action",
    "failure": "at a failure",
    "limit": "at a limit",
    "end": "at the end",
}


def _text(event: Event | None, told: RunImported | None) -> str:
    match event:
        case ActionReached(action=action, origin=origin):
            return action if origin is None else f"{short(action, _SHORT // 2)}  ({origin})"
        case ActionReplaced(action=action):
            return action
        case StatementFailed(failure=failure):
            return f"{failure.type}: {failure.message}"
        case LimitReached(name=name, value=value, limit=limit):
            return f"{name}: {value:g} of {limit:g}"
        case EpisodeFinished(outcome=outcome, score=score, detail=detail):
            is_unknown = told is not None and told.score is None
            reward = "score unknown" if is_unknown else f"score {score:g}"
            return f"{outcome}, {reward}" + (f", {detail}" if detail else "")
    return ""


def watches(debugger: Debugger) -> Iterator[str]:
    """The watched expressions with their values."""
    for expression, value in debugger.watched().items():
        if isinstance(value, RecodeError):
            yield f"  {expression}: {short(str(value))}"
        else:
            yield f"  {expression} = {value}"


def where(debugger: Debugger) -> Iterator[str]:
    """The open expansions, outermost first."""
    moment = debugger.moment
    if not moment.path:
        yield "nothing has been reached yet; step goes on"
    for place in moment.path:
        passes = "".join(f" pass {number}" for number in place.passes)
        node = moment.node(place.node)
        first = node.text.split("\n")[0] if node is not None else ""
        yield f"{place.node}  line {place.span.line}{passes}  {short(first)}"


def variable(found: Variable) -> str:
    """A variable in a line."""
    more = "" if found.length is None else f"… ({found.length})"
    return f"{found.name}: {found.type} = {found.value}{more}"


def breakpoint(point: BreakpointSet) -> str:
    """A breakpoint as it would be typed."""
    return format_breakpoint(point) + ("" if point.enabled else " (disabled)")


def branches(log: Log, current: str) -> Iterator[str]:
    """Every branch with its beginning, reason and outcome."""
    endings = log.last_of_each(EpisodeFinished)
    for name, started in log.branches.items():
        mark = "*" if name == current else " "
        yield f"{mark} {name}  {_beginning(started)}{_outcome(endings[name])}"


def _beginning(started: BranchStarted | None) -> str:
    if started is None:
        return ""
    where = "the start" if started.at < 0 else f"record {started.at}"
    return f"from {started.parent} at {where}: {short(started.reason)}  "


def _outcome(ending: EpisodeFinished | None) -> str:
    return "unfinished" if ending is None else f"{ending.outcome}, score {ending.score:g}"


def message(sent: Message) -> Iterator[str]:
    """A message under its role."""
    yield f"[{sent.role}]"
    yield from sent.content.split("\n")
