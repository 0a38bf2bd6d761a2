"""The failures that a frame shows: their line of the code, their summary, and their full text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from recode_core.events import ANNOTATIONS, CallFailed, Failure, StatementFailed, WorldFailed
from recode_core.timeline.expansions import ExpansionCode
from recode_core.timeline.history import latest
from recode_core.timeline.tree import NodeFailure
from recode_core.values import Span
from recode_tui.debug.keys import shown
from recode_tui.debug.view_frame import Frame


class FailureNote(NamedTuple):
    """A failure to be shown below line `line` of the code (from 1). At the one where the run is stopped,
    `is_now` is set."""

    line: int
    text: str
    is_now: bool = False


def failure_at(frame: Frame, node: str, *, is_superseded: bool = False) -> Failure | None:
    """The failure of a node that has failed; with `is_superseded`, also if another expansion followed."""
    found = _failure(frame, node, is_superseded)
    return found.failure if found is not None else None


def record_of(frame: Frame, node: str) -> int | None:
    """The record of the failure of a node that has failed."""
    found = _failure(frame, node)
    return found.n if found is not None else None


def _failure(frame: Frame, node: str, is_superseded: bool = False) -> NodeFailure | None:
    history = frame.timeline.tree.nodes.get(node)
    status = history.status_at(frame.n) if history is not None else None
    if history is None or not (status == "failed" or (is_superseded and status == "superseded")):
        return None
    return latest(history.failures, frame.n)


def summary(failure: Failure) -> str:
    """The type and the message of a failure."""
    return f"{failure.type}: {failure.message}" if failure.message else failure.type


def refusal_at(frame: Frame, node: str) -> str:
    """The last refusal of a reply for a placeholder, empty if a later reply was accepted."""
    history = frame.timeline.expansions.get(node)
    refused = latest(history.refusals, frame.n) if history is not None else None
    code = latest(history.codes, frame.n) if history is not None else None
    if refused is None or (code is not None and refused.n < code.n):
        return ""
    where = f"line {refused.line}: " if refused.line else ""
    return f"refused: {where}{refused.rule}"


def unanswered(frame: Frame) -> str:
    """Why the model or the environment did not answer at the stop, empty if it did or was not asked."""
    timeline, found = frame.timeline, ""
    for at in range(timeline.index(frame.stop.n) + 1, len(timeline.records)):
        event = timeline.records[at].event
        if not isinstance(event, ANNOTATIONS):
            return ""
        if isinstance(event, CallFailed | WorldFailed):
            found = event.message
    return found


def failure_notes(frame: Frame, call: str, code: ExpansionCode) -> tuple[FailureNote, ...]:
    """The failures and refusals in the code of a placeholder, by line."""
    return tuple(sorted(_notes(frame, call, code), key=lambda note: note.line))


def _notes(frame: Frame, call: str, code: ExpansionCode) -> Iterator[FailureNote]:
    tree, last = frame.timeline.tree, code.text.count("\n") + 1
    for index, child in enumerate(code.children):
        node = f"{code.base}{index}"
        for each in (node, *_innermost(frame, node)):
            if (failure := failure_at(frame, each)) is not None:
                span = failure.span or tree.nodes[each].text_at(frame.n).span
                is_now = frame.stop.kind == "failure" and frame.node == each
                yield FailureNote(min(span.end_line, last), summary(failure), is_now)
            elif text := refusal_at(frame, each):
                yield FailureNote(child.span.end_line, text)
    if text := refusal_at(frame, call):
        yield FailureNote(last, text)
    place = frame.stop.place
    if place is not None and tree.call_of(place.node) == call and (text := unanswered(frame)):
        yield FailureNote(min(place.span.end_line, last), text)


def _innermost(frame: Frame, node: str) -> list[str]:
    """The last placeholder that was reached inside a statement of control flow."""
    tree = frame.timeline.tree
    history = tree.nodes.get(node)
    inside = tree.children_at(node, frame.n) if history is not None and history.kind == "control" else []
    return inside[-1:]


def whole(frame: Frame, node: str) -> tuple[str, ...]:
    """The full text of the failure of a node, as lines; none if it did not fail."""
    failure = failure_at(frame, node, is_superseded=True)
    if failure is None:
        return _whole_refusal(frame, node)
    text = frame.node_text(node)
    span = failure.span or (text.span if text is not None else None)
    lines = [*summary(failure).split("\n"), "", f"at {_where(frame, node, span)}"]
    if failure.lost:
        lines.append("The variables were set back to what they were before the statement.")
    if text is not None:
        lines += ["", *(f"    {line}" for line in text.text.split("\n"))]
    if failure.traceback:
        lines += ["", *failure.traceback.split("\n")]
    return tuple(lines)


def next_steps(frame: Frame, blame: str = "") -> str:
    """The keys that help at a failure, or at the end of a run that did not solve its task.

    `blame` is that command with its price, empty where it cannot be used.
    """
    is_failure = frame.stop.kind == "failure"
    changes = (
        () if frame.is_read_only else (blame, f"{shown('regenerate')} ask again", f"{shown('edit')} edit")
    )
    steps = (
        f"{shown('continue')} continue with a repair" if is_failure and not frame.is_read_only else "",
        *changes,
        f"{shown('read')} read it whole" if is_failure else "",
    )
    return " · ".join(step for step in steps if step)


def _whole_refusal(frame: Frame, node: str) -> tuple[str, ...]:
    text = refusal_at(frame, node)
    if not text and frame.node == node:
        text = unanswered(frame)
    return tuple(text.split("\n")) if text else ()


def _where(frame: Frame, node: str, span: Span | None) -> str:
    call, place = frame.timeline.tree.call_of(node), frame.stop.place
    line = f", line {span.line} of {call}" if span is not None and call else ""
    is_here = isinstance(frame.event, StatementFailed) and place is not None and place.node == node
    passes = "".join(f", pass {number}" for number in place.passes) if place is not None and is_here else ""
    return f"{node}{line}{passes}"
