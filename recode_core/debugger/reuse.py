"""Reuse of expansions: after a change, a request with the same prompt is not paid again."""

from __future__ import annotations

from recode_core.debugger.recording import Recording
from recode_core.events import (
    Event,
    ExpansionAccepted,
    ExpansionReplied,
    ExpansionRequested,
    StatementFinished,
)
from recode_core.log import Record


class ReusableReplies:
    """The replies that the branch which the current one left has, by the hash of their prompt."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._of: tuple[str, int, dict[str, str]] = "", 0, {}

    def reply(self) -> str | None:
        """The reply to the request at the end of the current branch, if there is one to reuse.

        Only for a first request, or one that a variable was set before, and only a reply whose expansion
        ended done there.
        """
        timeline = self._recording.timeline
        started = self._recording.log.branches[timeline.branch]
        return self.reply_on(started.parent, timeline.end.event) if started is not None else None

    def reply_on(self, parent: str, request: Event | None) -> str | None:
        """The reply to a request on a branch that left `parent`, if there is one to reuse."""
        log = self._recording.log
        if not isinstance(request, ExpansionRequested) or request.reason not in ("first", "changed"):
            return None
        last = log.last(parent)
        if self._of[:2] != (parent, last):
            self._of = parent, last, _replies(log.line(parent))
        return self._of[2].get(request.prompt)


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
