"""Reuse: when a run is repeated after a change, an expansion with the same prompt is not paid for twice."""

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
    """The reply to the request at the end of `timeline`, if the branch that this one left has it.

    Only for a first request, or one that a variable was set before, and only a reply whose expansion
    ended done there.
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
    """Replies of expansions that ended done, by the hash of their prompt."""
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
