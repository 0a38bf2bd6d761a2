"""The documents of the tabs of the code panel, as pure functions of a frame and a node."""

from __future__ import annotations

import textwrap
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

import msgspec
from textual.content import Content

from recode_core.events import ActionReached, ExpansionReplied, StatementFailed
from recode_core.format import counted, dollars
from recode_core.timeline.expansions import ExpansionCode, ExpansionReply, ExpansionRequest
from recode_core.timeline.history import latest
from recode_core.timeline.nodes import is_descendant
from recode_core.values import Span
from recode_tui.debug.failures import FailureNote, failure_notes, next_steps, refusal_at, unanswered
from recode_tui.debug.keys import shown, to_come
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import BREAKPOINT, CURRENT, CURRENT_BREAKPOINT, GLYPHS
from recode_tui.text import one_line, plain
from recode_tui.widgets import highlight
from recode_tui.widgets.document import Document, Line, Range
from recode_tui.widgets.glyph import Tone

_MOST_ROWS = 30
"""Rows of a failure below its line; the rest is read in the viewer."""


class CodeLines(msgspec.Struct, frozen=True):
    """The lines of a thought, of the code below it, and of the failures between those of the code.

    `rows` are the lines of the document at which the lines of the code are.
    """

    lines: tuple[Line, ...]
    first: int
    rows: tuple[int, ...]
    notes: tuple[int, ...]

    def row(self, line: int) -> int:
        """The line of the document with a line of the code (from 1)."""
        return self.rows[line - 1] if 1 <= line <= len(self.rows) else self.first + line - 1

    def line_at(self, row: int) -> int | None:
        """The line of the code (from 1) at a line of the document, of a failure the one above it."""
        return bisect_right(self.rows, row) or None

    def end_of(self, row: int) -> int:
        """The last line of the document that is about the line of the code at `row`."""
        after = bisect_right(self.rows, row)
        return self.rows[after] - 1 if after < len(self.rows) else len(self.lines) - 1

    def ranges(self, span: Span, tone: Tone) -> tuple[Range, ...]:
        """Convert a source span to ranges of the document."""
        found = []
        for number in range(span.line, span.end_line + 1):
            row = self.row(number)
            if 0 <= row < len(self.lines):
                start = span.column if number == span.line else 0
                end = span.end_column if number == span.end_line else len(self.lines[row])
                found.append(Range(row, start, end, tone))
        return tuple(found)


def code(frame: Frame, node: str, width: int) -> Document:
    """The code that contains a node, below its thought, with the current statement marked.

    A failure or a refusal is shown in full below its line.
    """
    call = frame.moment.call_shown(node)
    found = frame.moment.code_shown(call)
    if found is None:
        return Document(_unexpanded(frame, node, max(20, width)))
    page = _page_lines(frame, call, found, width)
    marks = {page.row(line): BREAKPOINT for line in _breakpoint_lines(frame, call)}
    ranges: tuple[Range, ...] = ()

    def document(current: int | None) -> Document:
        end = page.end_of(current) if current is not None else None
        return Document(page.lines, page.first, page.notes, True, marks, ranges, current, end)

    span = span_in(frame, call) if found.n <= frame.n else None
    event = frame.event
    if span is None:
        if isinstance(event, ActionReached) and event.origin is not None and event.origin.node == call:
            ranges = page.ranges(event.origin.span, "now")
        line = _line_of_node(frame, call, node)
        return document(None if line is None else page.row(line))
    is_here = frame.stop.place is not None and frame.timeline.tree.call_of(frame.stop.place.node) == call
    line = page.row(span.line)
    sign = CURRENT_BREAKPOINT if line in marks else CURRENT
    if is_here and isinstance(event, ActionReached):
        ranges = page.ranges(event.span, "now")
    elif is_here and isinstance(event, StatementFailed):
        sign = GLYPHS["failed"]
        if event.failure.span is not None:
            ranges = page.ranges(event.failure.span, "failure")
    marks[line] = sign
    return document(line)


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
        return Document.of("The model has not been asked for this node.")
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


def line_of_code(frame: Frame, node: str, line: int, width: int) -> tuple[str, int] | None:
    """The placeholder and the line of its code (from 1) at a line of the document of `code`."""
    call = frame.moment.call_shown(node)
    found = frame.moment.code_shown(call)
    at = _page_lines(frame, call, found, width).line_at(line) if found is not None else None
    return (call, at) if at is not None else None


def _page_lines(frame: Frame, call: str, found: ExpansionCode, width: int) -> CodeLines:
    notes = failure_notes(frame, call, found) if found.n <= frame.n else ()
    steps = next_steps(frame) if any(note.is_now for note in notes) else ""
    return _code_lines(found.thought, found.text, max(20, width), notes, steps)


@lru_cache(maxsize=64)
def _code_lines(
    thought: str, text: str, width: int, notes: tuple[FailureNote, ...] = (), steps: str = ""
) -> CodeLines:
    lines: list[Line] = [
        Content.styled(line, "$quiet italic")
        for paragraph in plain(thought).strip().split("\n")
        for line in textwrap.wrap(paragraph, width - 2)
    ]
    lines += [""] if lines else []
    first = len(lines)
    rows: list[int] = []
    inserted: list[int] = []
    below = {line: list(group) for line, group in groupby(notes, key=lambda note: note.line)}
    for number, line in enumerate(highlight.python(text), 1):
        rows.append(len(lines))
        lines.append(line)
        for note in below.get(number, ()):
            added = _note_lines(note, width, steps if note.is_now else "")
            inserted += range(len(lines), len(lines) + len(added))
            lines += added
    return CodeLines(tuple(lines), first, tuple(rows), tuple(inserted))


def _note_lines(note: FailureNote, width: int, steps: str = "") -> list[Line]:
    """The rows of a failure, wrapped, and what can be done next."""
    wrapped = [
        line
        for paragraph in plain(note.text).expandtabs().split("\n")
        for line in textwrap.wrap(paragraph, max(8, width - 4), break_on_hyphens=False) or [""]
    ]
    if len(wrapped) > _MOST_ROWS:
        more = f"… {shown('read')} reads the other {len(wrapped) - _MOST_ROWS + 1} lines"
        wrapped = [*wrapped[: _MOST_ROWS - 1], more]
    lead = (f"  {GLYPHS['failed'].text} ", *["    "] * (len(wrapped) - 1))
    rows: list[Line] = [
        Content.styled(f"{start}{line}", "$error") for start, line in zip(lead, wrapped, strict=True)
    ]
    return [*rows, *(Content.styled(f"    {line}", "$quiet") for line in textwrap.wrap(steps, width - 4))]


def _unexpanded(frame: Frame, node: str, width: int) -> tuple[Line, ...]:
    known = frame.node_text(node)
    if known is None:
        wrapped = textwrap.wrap(to_come("code"), width)
        to_do = "s steps to the first stop, c runs to the end."
        return (*(Content.styled(line, "$quiet") for line in wrapped), "", to_do)
    note = "Not expanded yet." if known.kind == "placeholder" else "The agent's own loop, a pass a turn."
    texts = (refusal_at(frame, node), unanswered(frame) if frame.node == node else "")
    notes = [line for text in texts if text for line in _note_lines(FailureNote(1, text), width)]
    return (Content.styled(note, "$quiet"), "", *highlight.python(known.text), *notes)


def _breakpoint_lines(frame: Frame, call: str) -> list[int]:
    """The lines of the code of a placeholder that have an enabled breakpoint."""
    found = []
    for point in frame.annotations.breakpoints.values():
        node, _, line = point.pattern.rpartition(":")
        if point.kind == "line" and node == call and point.enabled and line.isdigit():
            found.append(int(line))
    return found


def _line_of_node(frame: Frame, call: str, node: str) -> int | None:
    """The line of a node in code that is not running."""
    known = frame.node_text(node)
    if node == call or known is None or frame.timeline.tree.call_of(node) != call:
        return None
    return known.span.line


def _prompt_lines(frame: Frame, request: ExpansionRequest) -> tuple[Line, ...]:
    from recode_core.policies.prompts.prompts import DIGEST  # imports the environments

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
            lines += [
                "",
                Content.styled(f"{GLYPHS['failed'].text} refused: {where}{plain(refused.rule)}", "$error"),
            ]
    return tuple(lines)


def _later(replies: Sequence[ExpansionReply], one: ExpansionReply, n: int) -> bool:
    return any(one.n < other.n < n for other in replies)


_BY = {"user": "written by hand", "reuse": "reused, no call"}


def _usage(reply: ExpansionReplied) -> str:
    if reply.by != "policy":
        return _BY[reply.by]
    usage = reply.usage
    parts = [
        f"{counted(usage.prompt_tokens, 'token')} in, {usage.completion_tokens:,} out"
        if usage.prompt_tokens
        else "",
        f"{usage.reasoning_tokens:,} of reasoning" if usage.reasoning_tokens else "",
        dollars(usage.cost_usd),
        f"{reply.seconds:.1f} s",
        "" if reply.finish == "stop" else reply.finish,
    ]
    return " · ".join(part for part in parts if part)
