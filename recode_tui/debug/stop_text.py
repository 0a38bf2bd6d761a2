"""A stop in words: its kind, its node, and the statement or action there."""

from __future__ import annotations

from recode_core.events import EpisodeFinished, LimitReached, StatementFailed
from recode_core.timeline import StopKind
from recode_tui.debug.view_frame import Frame

STOP_KINDS: dict[StopKind, str] = {
    "start": "at the start",
    "statement": "before a statement",
    "model": "before the model",
    "action": "before an action",
    "failure": "at a failure",
    "limit": "at a limit",
    "end": "at the end",
}


def stop_text(frame: Frame) -> str:
    """The stop of a frame, such as "before an action · 0.1 · go to desk 1"."""
    stop, subject = frame.stop, _subject(frame)
    node = stop.place.node if stop.place is not None and stop.kind not in ("limit", "end") else ""
    return " · ".join(part for part in (STOP_KINDS[stop.kind], node, subject) if part)


def _subject(frame: Frame) -> str:
    """The statement, action, failure, limit or outcome at a stop."""
    if (pending := frame.pending_action) is not None:
        return pending.action
    match frame.event:
        case StatementFailed(failure=failure):
            return failure.type  # its message is below its line in the code
        case LimitReached(name=name, limit=limit):
            return f"{name} {limit:g}"
        case EpisodeFinished(outcome=outcome):
            return outcome
    text = frame.timeline.text_at(frame.stop)
    if not text and (known := frame.node_text(frame.node)) is not None and frame.stop.place is not None:
        text = known.text
    return text.partition("\n")[0]
