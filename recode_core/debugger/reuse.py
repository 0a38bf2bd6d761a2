"""Reuse of expansions: after a change, a request with the same prompt is not paid again."""

from __future__ import annotations

from recode_core.events import (
    ExpansionAccepted,
    ExpansionReplied,
    ExpansionRequested,
    StatementFinished,
)
from recode_core.log import Log, Record
from recode_core.timeline import Timeline


def reusable(log: Log, timeline: Timeline) -> str | None:
    """The reply to the request at the end of `timeline`, if the parent branch has one for the same prompt.

    Only for a first request, or one after a variable was set, and only if the expansion of that reply was
    completed.
    """
    started = log.branches[log.branch]
    request = _last_request(timeline)
    if started is None or request is None or request.reason not in ("first", "changed"):
        return None
    return _replies(log.line(started.parent)).get(request.prompt)


def _last_request(timeline: Timeline) -> ExpansionRequested | None:
    event = timeline.end.event
    return event if isinstance(event, ExpansionRequested) else None


def _replies(records: list[Record]) -> dict[str, str]:
    """Replies of completed expansions by the hash of their prompt."""
    asked: dict[str, str] = {}
    replied: dict[str, str] = {}
    accepted: dict[str, tuple[str, str]] = {}
    done: dict[str, str] = {}
    for record in records:
        match record.event:
            case ExpansionRequested() as event:
                asked[event.place.node] = event.prompt
            case ExpansionReplied() as event:
                replied[event.node] = event.text
            case ExpansionAccepted(node=node):
                accepted[node] = (asked[node], replied[node])
            case StatementFinished(place=place) if place.node in accepted:
                prompt, text = accepted.pop(place.node)
                done[prompt] = text
    return done
