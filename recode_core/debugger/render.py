"""Render outcomes as plain lines of text. No other module formats them.

Lines that name records, nodes or branches are `ReferencingText`.
"""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.debugger import prompts_used
from recode_core.debugger.breakpoint_text import format_breakpoint
from recode_core.debugger.candidates import Candidate
from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.debugger.diff import AlignedNodes, ObservedStep, State
from recode_core.debugger.outcomes import (
    ActionsListed,
    AssertionHeld,
    Blamed,
    BranchesListed,
    BreakpointAdded,
    BreakpointChanged,
    BreakpointsListed,
    CandidatesSampled,
    DiffFound,
    ExpressionValue,
    FileWritten,
    HelpShown,
    HistoryFound,
    LimitSet,
    Noted,
    OriginFound,
    Outcome,
    PathShown,
    PromptsUsed,
    QuitRequested,
    RequestShown,
    Restarted,
    ReuseSet,
    Reverted,
    StopReached,
    StopsFound,
    UndoListed,
    VariablesListed,
    Watches,
    WatchesShown,
)
from recode_core.debugger.references import branch as branch_name
from recode_core.debugger.references import join
from recode_core.debugger.references import node as node_id
from recode_core.debugger.references import record as record_number
from recode_core.errors import RecodeError
from recode_core.events import (
    ActionFinished,
    ActionReached,
    ActionReplaced,
    BranchStarted,
    BreakpointSet,
    EpisodeFinished,
    Event,
    ExpansionEdited,
    ExpansionReplied,
    ExpansionRequested,
    LimitReached,
    RunImported,
    StatementFailed,
    VariableSet,
    WorldReset,
)
from recode_core.format import counted, dollars, estimated_dollars
from recode_core.log import Log, Record
from recode_core.policies.prompts import Prompts
from recode_core.result import imported_as
from recode_core.timeline import Stop, Timeline
from recode_core.timeline.branches import BranchIndex, BranchSummary
from recode_core.timeline.variables import Binding
from recode_core.values import Message, Variable

_SHORT = 100
_SIGNS: dict[State, str] = {"same": "=", "changed": "~", "added": "+", "removed": "-"}
_KINDS = {
    "start": "before the first observation",
    "statement": "before a statement",
    "model": "before the model",
    "action": "before an action",
    "failure": "at a failure",
    "limit": "at a limit",
    "end": "at the end",
}


def outcome(found: Outcome) -> Iterator[str]:
    """Render an outcome."""
    match found:
        case StopReached():
            yield from stop_reached(found)
        case Restarted(debugger=debugger, before=before):
            yield f"the new session is recorded in {debugger.path}; the old one is kept in {before}"
            yield from stop_reached(found.at)
        case Reverted():
            yield reverted(found)
            yield from stop_reached(found.at)
        case UndoListed():
            yield from _undo_steps(found)
        case LimitSet(name=name, value=value):
            yield f"the limit of {name} is {'none' if value is None else f'{value:.12g}'}"
        case ReuseSet(on=on):
            yield f"reuse is {'on' if on else 'off'}"
        case FileWritten(how=how, path=path):
            yield f"{how} {path}"
        case HelpShown(lines=lines):
            yield from lines
        case CandidatesSampled(candidates=candidates):
            yield from _candidates(candidates)
        case Blamed():
            yield from _blame(found)
        case BranchesListed(log=log, current=current):
            yield from branches(log, current)
        case QuitRequested():
            pass
        case BreakpointAdded() | BreakpointChanged() | BreakpointsListed() | WatchesShown() | Noted():
            yield from _annotation(found)
        case _:
            yield from _query(found)


def _annotation(
    found: BreakpointAdded | BreakpointChanged | BreakpointsListed | WatchesShown | Noted,
) -> Iterator[str]:
    match found:
        case BreakpointAdded(point=point, undefined=undefined):
            yield f"breakpoint {point.id}: {breakpoint(point)}"
            if undefined:
                names = ", ".join(undefined)
                yield f"  not defined yet: {names}; the condition does not hold until then"
        case BreakpointChanged(number=number, state=state):
            yield f"breakpoint {number} is {state}"
        case BreakpointsListed(annotations=annotations):
            points = annotations.breakpoints.values()
            yield from (f"{point.id}  {breakpoint(point)}" for point in points)
            if not points:
                yield "no breakpoints"
        case WatchesShown(watches=values):
            yield from watches(values)
        case Noted(node=node, text=text):
            at = node_id(node)
            yield join(at, f": {text}") if text else join("the note at ", at, " was deleted")


def _query(
    found: ExpressionValue
    | AssertionHeld
    | RequestShown
    | PathShown
    | VariablesListed
    | ActionsListed
    | HistoryFound
    | StopsFound
    | OriginFound
    | DiffFound
    | PromptsUsed,
) -> Iterator[str]:
    match found:
        case ExpressionValue(text=text):
            yield text
        case AssertionHeld(expression=expression):
            yield f"holds: {expression}"
        case RequestShown(messages=messages):
            yield from (line for sent in messages for line in message(sent))
        case PathShown():
            yield from _path(found)
        case VariablesListed(variables=variables):
            yield from map(variable, variables)
            if not variables:
                yield "no variables yet"
        case ActionsListed(pattern=pattern, actions=actions):
            yield from actions
            if not actions:
                yield f"no admissible action matches {pattern!r}"
        case HistoryFound(name=name, branch=branch, changes=changes):
            yield from map(_change, changes)
            if not changes:
                yield f"unknown variable {name!r} on {branch}"
        case StopsFound(expression=expression, moment=moment, stops=stops):
            yield from (stop_line(moment.timeline, stop) for stop in stops)
            if not stops:
                yield f"{expression} holds at no stop of {moment.timeline.branch}"
        case OriginFound():
            yield from _origin(found)
        case DiffFound():
            yield from _difference(found)
        case PromptsUsed():
            yield from _prompts_used(found)


def short(text: str, limit: int = _SHORT) -> str:
    """A text on one line, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def stop_reached(found: StopReached) -> Iterator[str]:
    """Render a stop with the breakpoints that were hit and the watches."""
    timeline, stop = found.moment.timeline, found.stop
    if found.prompts is not None:
        yield f"{found.prompts.name} ({found.prompts.digest}): {_sources(found.prompts)}"
    for hit in found.hits:
        yield f"breakpoint {hit.breakpoint.id}: {hit.text}"
    yield join("[", branch_name(timeline.branch), "] ", stop_line(timeline, stop))
    yield from watches(found.watches)
    for each in found.dropped:
        name, expression = each.event.name, each.event.expression
        number = record_number(each.n)
        yield join(f"  dropped: {name} = {expression}, which was set later (", number, "); `set` it again")
    if found.asked is not None and found.asked != stop.n:
        last = stop_line(timeline, stop)
        yield join(f"record {found.asked} is not a stop; the last stop before it is ", last)


def reverted(found: Reverted) -> str:
    """An undo or a redo on one line: the command, the next reply, the record, and what is no longer used."""
    stop, left = found.at.stop, found.left
    parts: list[str] = [f"{found.how}: {found.command or 'the last command'}"]
    if (call := next_call(found)) != "":
        parts.append(call)
    where = _KINDS[stop.kind] if stop.n < 0 else record_number(stop.n)
    parts.append(join("back at " if found.how == "undone" else "at ", where))
    if left is not None:
        counts = [counted(left.steps, "action")] if left.steps else []
        if left.calls:
            cost = f" ({dollars(left.cost_usd)})" if left.cost_usd != 0 else ""
            counts.append(f"{counted(left.calls, 'call')}{cost}")
        are = "is" if left.steps + left.calls == 1 else "are"
        is_here = left.branch == found.at.moment.timeline.branch
        where = "no longer part of the run" if is_here else join("only on ", branch_name(left.branch))
        parts.append(join(f"{' and '.join(counts)} {are} ", where))
    return _separated(*parts)


def next_call(found: Reverted) -> str:
    """The reply that the next step takes after an undo or a redo; empty if it takes none."""
    call = found.next_call
    if found.reply == "recorded":
        return "the next step takes the recorded reply"
    if call is None:
        return ""
    again = " again" if call.is_again else ""
    cost = call.estimate.cost_usd
    price = "" if cost == 0 else ", price unknown" if cost is None else f", about {estimated_dollars(cost)}"
    return f"the next step asks {call.model}{again}{price}"


def _undo_steps(found: UndoListed) -> Iterator[str]:
    if not found.steps:
        yield f"nothing to {found.name}"
    for number, (step, moment) in enumerate(zip(found.steps, found.moments, strict=True), 1):
        words = f" ({step.words})" if step.words else ""
        where = stop_line(moment.timeline, moment.stop)
        lead = f"{number}  {step.command or 'a command'}{words}  → "
        yield join(lead, where, " · on ", branch_name(moment.timeline.branch))


def stop_line(timeline: Timeline, stop: Stop) -> str:
    """A stop on one line."""
    parts = [_KINDS[stop.kind]] if stop.n < 0 else [record_number(stop.n), _KINDS[stop.kind]]
    if stop.place is not None:
        parts.append(node_id(stop.place.node))
    text = _text(timeline.event_of(stop), imported_as(timeline.records)) or timeline.text_at(stop)
    return _separated(*parts, *([short(text)] if text else []))


def _separated(*parts: str) -> str:
    first, *more = parts
    return join(first, *(piece for part in more for piece in (" · ", part)))


def _text(event: Event | None, imported: RunImported | None) -> str:
    match event:
        case ActionReached(action=action, origin=origin):
            return action if origin is None else f"{short(action, _SHORT // 2)}  ({origin})"
        case ActionReplaced(action=action):
            return action
        case StatementFailed(failure=failure):
            return f"{failure.type}: {failure.message}"
        case LimitReached(name=name, value=value, limit=limit):
            return f"{name}: {value:g} of {limit:g}"
        case ExpansionRequested(statement=statement):
            return statement
        case EpisodeFinished(outcome=outcome, score=score, detail=detail):
            is_unknown = imported is not None and imported.score is None
            reward = "score unknown" if is_unknown else f"score {score:g}"
            return f"{outcome}, {reward}" + (f", {detail}" if detail else "")
    return ""


def watches(values: Watches) -> Iterator[str]:
    """The watched expressions with their values."""
    for expression, value in values.items():
        if isinstance(value, RecodeError):
            yield f"  {expression}: {short(str(value))}"
        else:
            yield f"  {expression} = {value}"


def _path(found: PathShown) -> Iterator[str]:
    """The open expansions, outermost first."""
    path = found.moment.path
    if not path:
        yield "the run has not started; `step` starts it"
    for place in path:
        passes = "".join(f" pass {number}" for number in place.passes)
        node = found.moment.node(place.node)
        first = node.text.split("\n")[0] if node is not None else ""
        yield join(node_id(place.node), f"  line {place.span.line}{passes}  {short(first)}")


def variable(found: Variable) -> str:
    """A variable on one line."""
    more = "" if found.length is None else f"… ({found.length})"
    return f"{found.name}: {found.type} = {found.value}{more}"


def breakpoint(point: BreakpointSet) -> str:
    """A breakpoint as it would be typed."""
    return format_breakpoint(point) + ("" if point.enabled else " (disabled)")


def branches(log: Log, current: str) -> Iterator[str]:
    """Every branch with its beginning, reason and outcome."""
    for each in BranchIndex(log.records).branches():
        mark = "*" if each.name == current else " "
        yield join(f"{mark} ", branch_name(each.name), "  ", _beginning(each.started), _ending(each))


def _beginning(started: BranchStarted | None) -> str:
    if started is None:
        return ""
    where = "the start" if started.at < 0 else record_number(started.at)
    return join("from ", branch_name(started.parent), " at ", where, f": {short(started.reason)}  ")


def _ending(branch: BranchSummary) -> str:
    if branch.outcome is not None:
        return f"{branch.outcome}, score {branch.score:g}"
    return "failed, can be continued" if branch.is_failed else "unfinished"


def message(sent: Message) -> Iterator[str]:
    """A message under its role."""
    yield f"[{sent.role}]"
    yield from sent.content.split("\n")


def _change(found: Binding) -> str:
    where = "the world's reset" if found.place is None else node_id(found.place.node)
    value = variable(found.variable) if found.variable else "deleted"
    return _separated(record_number(found.n), where, value)


def _origin(found: OriginFound) -> Iterator[str]:
    """The origin of a value: statement, observations and reply."""
    origin = found.origin
    yield _change(origin.change)
    if origin.statement:
        yield f"  by the statement: {short(origin.statement)}"
    for record in origin.observations:
        if isinstance(record.event, ActionFinished | WorldReset):
            text = short(record.event.observation.text)
            yield join("  from the observation in ", record_number(record.n), f": {text}")
    if origin.written is not None:
        yield join("  written in ", record_number(origin.written.n), ": ", _writer(origin.written))


def _writer(record: Record) -> str:
    match record.event:
        case ExpansionReplied(node=node, by="policy"):
            return join("the policy's reply for ", node_id(node))
        case ExpansionReplied(node=node, by=by):
            return join("the reply for ", node_id(node), f", by {by}")
        case ExpansionEdited(node=node):
            return join("an edit of ", node_id(node))
        case VariableSet(name=name):
            return f"{name} was set by the user"
    return type(record.event).__name__


def _difference(found: DiffFound) -> Iterator[str]:
    """The nodes that differ, the first observation that differs, and the prompts."""
    nodes, first, reached = found.difference.nodes, found.difference.first, found.difference.reached
    yield f"{reached - found.difference.differing} of {reached} nodes are equal"
    if never := len(nodes) - reached:
        yield f"{counted(never, 'other node')} {'was' if never == 1 else 'were'} not reached on either side"
    yield from (_aligned(node, found) for node in nodes if node.state != "same")
    if first is not None:
        yield f"the first observation that differs is that of action {first.step}:"
        yield join("  - ", _observed(first.left, found.are_here[0]))
        yield join("  + ", _observed(first.right, found.are_here[1]))
    yield from prompts_used.diff_lines(*found.prompts)


def _aligned(node: AlignedNodes, found: DiffFound) -> str:
    ids = (node.left, node.right)
    sides = [
        (moment, id, is_here)
        for moment, id, is_here in zip(found.moments, ids, found.are_here, strict=True)
        if id is not None
    ]
    named = {id: node_id(id, moment.timeline.branch) if is_here else id for moment, id, is_here in sides}
    text = " → ".join(dict.fromkeys(short(moment.nodes[id].text) for moment, id, _ in sides))
    aspects = (*node.differs, *(() if node.is_reached else ("not reached",)))
    differs = f"  ({', '.join(aspects)})" if aspects else ""
    first, *more = named.values()
    arrows = (piece for id in more for piece in (" → ", id))
    return join(f"{_SIGNS[node.state]} ", first, *arrows, f"  {text}{differs}")


def _observed(answer: ObservedStep | None, is_here: bool) -> str:
    if answer is None:
        return "no more observations"
    action = f"{short(answer.action)}: " if answer.action else ""
    number = record_number(answer.n) if is_here else f"record {answer.n}"
    return _separated(number, f"{action}{short(answer.text)}")


def _prompts_used(found: PromptsUsed) -> Iterator[str]:
    if not found.used:
        yield "no requests yet; `step` to the first one"
    for each in found.used:
        lead = f"{prompts_used.prompt_label(each)} {'for' if each.only else 'from'} "
        yield join(lead, node_id(each.node))
    if found.own is not None:
        yield f"{found.own.name}: {_sources(found.own)}"


def _sources(prompts: Prompts) -> str:
    """The source of each part of a prompt set."""
    return ", ".join(f"{part} from {source}" for part, source in sorted(prompts.sources.items()))


def estimate(expected: CostEstimate) -> str:
    """Render an estimated cost, with its basis unless the calls cost nothing and take no tokens."""
    if expected.is_free and expected.tokens == 0:
        return f"about {counted(expected.calls, 'call')}, {dollars(0)}"
    tokens = "" if expected.tokens is None else f", {counted(expected.tokens, 'token')}"
    return f"about {counted(expected.calls, 'call')}{tokens}, {dollars(expected.cost_usd)}: {expected.basis}"


def _candidates(tried: tuple[Candidate, ...]) -> Iterator[str]:
    """One line per candidate."""
    for candidate in tried:
        cells = [
            f"{candidate.number}  {candidate.outcome}",
            f"score {candidate.score:g}",
            counted(candidate.steps, "step"),
            counted(candidate.calls, "call"),
            dollars(candidate.cost_usd),
            short(candidate.code.partition("\n")[0] or candidate.detail, 60),
        ]
        yield " · ".join(cells)


def _blame(found: Blamed) -> Iterator[str]:
    """Every probe, and the decision that lost the task."""
    for probe in found.blame.probes:
        yield join(node_id(probe.node), f": {probe.successes} of {probe.k} solved")
    if not found.blame.is_whole:
        yield "paused before the search was complete"
    elif found.blame.last_good is None:
        yield "no roll-out succeeds, not even from the start"
    else:
        last = node_id(found.blame.last_good)
        yield join("the expansion of ", last, " is the decision that lost the task")
