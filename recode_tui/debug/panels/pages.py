"""The documents of the tabs of the code panel, as pure functions of a frame and a node."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import lru_cache

from textual.content import Content

from recode_core.events import ActionReached, ExpansionReplied, StatementFailed
from recode_core.policies.prompts.prompts import DIGEST
from recode_core.timeline.expansions import ExpansionReply, ExpansionRequest
from recode_core.timeline.history import latest
from recode_core.timeline.nodes import is_descendant
from recode_core.values import Span
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import BREAKPOINT, CURRENT, CURRENT_BREAKPOINT, LOOKS
from recode_tui.text import one_line, plain
from recode_tui.widgets import highlight
from recode_tui.widgets.document import Document, Line, Range
from recode_tui.widgets.look import Tone


def code(frame: Frame, node: str, width: int) -> Document:
    """The code that contains a node, below its thought, with the current statement marked."""
    call = frame.moment.call_shown(node)
    found = frame.moment.code_shown(call)
    if found is None:
        return Document(_unexpanded(frame, node))
    lines, first = _code_lines(found.thought, found.text, max(20, width))
    marks = {first + line - 1: BREAKPOINT for line in _breakpoint_lines(frame, call)}
    span = span_in(frame, call) if found.n <= frame.n else None
    event = frame.event
    if span is None:
        acting: tuple[Range, ...] = ()
        if isinstance(event, ActionReached) and event.origin is not None and event.origin.node == call:
            acting = ranges_of(event.origin.span, "now", lines, first)
        return Document(lines, first, True, marks, acting, _line_of_node(frame, call, node, first))
    ranges: tuple[Range, ...] = ()
    is_here = frame.stop.place is not None and frame.timeline.tree.call_of(frame.stop.place.node) == call
    line = first + span.line - 1
    sign = CURRENT_BREAKPOINT if line in marks else CURRENT
    if is_here and isinstance(event, ActionReached):
        ranges = ranges_of(event.span, "now", lines, first)
    elif is_here and isinstance(event, StatementFailed):
        sign = LOOKS["failed"]
        if event.failure.span is not None:
            ranges = ranges_of(event.failure.span, "failure", lines, first)
    marks[line] = sign
    return Document(lines, first, True, marks, ranges, line)


def stream(frame: Frame, node: str, text: str) -> Document:
    """A reply for a node as far as it has arrived, below the name of the model."""
    request = frame.last_request(node)
    model = request.model if request is not None else ""
    name = {"": "the model", "expert": "the expert"}.get(model, one_line(model, 60))
    return Document((Content.styled(f"◐ {name} is replying", "$accent"), "", *text.split("\n")))


def prompt(frame: Frame, node: str) -> Document:
    """The messages of the last request for the code of a node."""
    request = frame.last_request(frame.placeholder_of(node))
    if request is None:
        return Document.of("Nothing has been asked for this node.")
    return Document(_prompt_lines(frame, request))


def reply(frame: Frame, node: str) -> Document:
    """The last reply for a node as it was received, with the reason if it was refused."""
    call = frame.placeholder_of(node)
    answered = frame.last_reply(call)
    if answered is not None:
        return Document(_reply_lines(frame, answered))
    expansions = frame.timeline.expansions.histories.get(call)
    before = latest(expansions.replies, frame.n) if expansions is not None else None
    if before is None:
        return Document.of("No reply has arrived for this node.")
    note = Content.styled("No reply has arrived to the last request. The one before was:", "$quiet")
    return Document((note, "", *_reply_lines(frame, before)))


def output(frame: Frame, node: str) -> Document:
    """The output and failures of a node and its descendants."""
    lines: list[Line] = []
    for print in frame.timeline.actions.outputs:
        if print.n <= frame.n and is_descendant(print.place.node, node):
            printed = plain(print.text).rstrip("\n").split("\n")
            lines += [Content.styled(line, "$error") for line in printed] if print.is_failure else printed
    return Document(tuple(lines) or ("Nothing was printed here, and nothing failed.",))


def span_in(frame: Frame, call: str) -> Span | None:
    """The current statement in the code of a placeholder, None if the run is not inside it."""
    place = frame.stop.place
    plan = frame.timeline.tree
    if place is None or frame.stop.kind == "end":
        return None
    if plan.call_of(place.node) == call:
        return place.span
    node = place.node
    while node and plan.call_of(node) != call:
        node = plan.nodes[node].parent if node in plan.nodes else ""
    return plan.nodes[node].text_at(frame.n).span if node and call else None


def ranges_of(span: Span, tone: Tone, lines: Sequence[Line], first: int = 0) -> tuple[Range, ...]:
    """Convert a source span to ranges of a document whose line `first` is line 1 of the source."""
    found = []
    for number in range(span.line, span.end_line + 1):
        line = first + number - 1
        if 0 <= line < len(lines):
            start = span.column if number == span.line else 0
            end = span.end_column if number == span.end_line else len(lines[line])
            found.append(Range(line, start, end, tone))
    return tuple(found)


def line_of_code(frame: Frame, node: str, line: int, width: int) -> tuple[str, int] | None:
    """The placeholder and the line of its code (from 1) at a line of the document of `code`."""
    call = frame.moment.call_shown(node)
    found = frame.moment.code_shown(call)
    if found is None:
        return None
    _, first = _code_lines(found.thought, found.text, max(20, width))
    return (call, line - first + 1) if line >= first else None


@lru_cache(maxsize=64)
def _code_lines(thought: str, text: str, width: int) -> tuple[tuple[Line, ...], int]:
    """The lines of the thought and the code, and the first one of the code."""
    wrapped = [
        Content.styled(line, "$quiet italic")
        for paragraph in plain(thought).strip().split("\n")
        for line in textwrap.wrap(paragraph, width - 2)
    ]
    lines: list[Line] = [*wrapped, *([""] if wrapped else []), *highlight.python(text)]
    return tuple(lines), len(lines) - len(highlight.python(text))


def _unexpanded(frame: Frame, node: str) -> tuple[Line, ...]:
    known = frame.node_text(node)
    if known is None:
        return (Content.styled("Nothing has happened yet.", "$quiet"), "", "s steps to the first stop.")
    note = "Not expanded yet." if known.kind == "placeholder" else "The agent's own loop, a pass a turn."
    return (
        Content.styled(note, "$quiet"),
        "",
        *highlight.python(known.text),
    )


def _breakpoint_lines(frame: Frame, call: str) -> list[int]:
    """The lines of the code of a placeholder that have an enabled breakpoint."""
    found = []
    for point in frame.annotations.breakpoints.values():
        node, _, line = point.pattern.rpartition(":")
        if point.kind == "line" and node == call and point.enabled and line.isdigit():
            found.append(int(line))
    return found


def _line_of_node(frame: Frame, call: str, node: str, first: int) -> int | None:
    """The line of a node in code that is not running."""
    known = frame.node_text(node)
    if node == call or known is None or frame.timeline.tree.call_of(node) != call:
        return None
    return first + known.span.line - 1


def _prompt_lines(frame: Frame, request: ExpansionRequest) -> tuple[Line, ...]:
    lines: list[Line] = []
    how = f" · {request.label}" if request.label != "first" else ""
    for ref in request.messages:
        which = f" · prompts {ref.text[:DIGEST]}" if ref.role == "system" else ""
        lines.append(Content.styled(f"[{ref.role}]{which}{how}", "$primary bold"))
        lines += plain(frame.log.load(ref).content).split("\n")
        lines.append("")
    return tuple(lines)


def _reply_lines(frame: Frame, answered: ExpansionReply) -> tuple[Line, ...]:
    reply = answered.reply
    lines: list[Line] = [Content.styled(_usage(reply), "$quiet"), ""]
    lines += plain(reply.text).split("\n")
    expansions = frame.timeline.expansions.histories[reply.node]
    for refused in expansions.refusals:
        if answered.n < refused.n <= frame.n and not _later(expansions.replies, answered, refused.n):
            where = f"line {refused.line}: " if refused.line else ""
            lines += ["", Content.styled(f"✖ refused: {where}{plain(refused.rule)}", "$error")]
    return tuple(lines)


def _later(replies: Sequence[ExpansionReply], one: ExpansionReply, n: int) -> bool:
    return any(one.n < other.n < n for other in replies)


_BY = {"user": "written by hand", "reuse": "reused, no call"}


def _usage(reply: ExpansionReplied) -> str:
    if reply.by != "policy":
        return _BY[reply.by]
    usage = reply.usage
    cost = "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}" if usage.cost_usd else ""
    parts = [
        f"{usage.prompt_tokens:,} tokens in, {usage.completion_tokens:,} out" if usage.prompt_tokens else "",
        f"{usage.reasoning_tokens:,} of reasoning" if usage.reasoning_tokens else "",
        cost,
        f"{reply.seconds:.1f} s",
        "" if reply.finish == "stop" else reply.finish,
    ]
    return " · ".join(part for part in parts if part)
