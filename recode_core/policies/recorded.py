"""A policy that replays recorded replies, as long as the same statements are requested."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from recode_core.errors import Diverged, PolicyUnavailable
from recode_core.events import Event, ExpansionReplied, ExpansionRequested
from recode_core.policies.policy import FreePolicy, Reply, Request


class Recorded(FreePolicy):
    """Replays the replies in `events` in order, without the first `taken`.

    `expand` raises Diverged for another statement than the recorded one.
    """

    def __init__(self, events: Iterable[Event], taken: int = 0) -> None:
        recorded = list(events)
        self._requests = [
            (n, event) for n, event in enumerate(recorded) if isinstance(event, ExpansionRequested)
        ]
        self._replies = [event for event in recorded if isinstance(event, ExpansionReplied)]
        self.model = self._requests[0][1].model if self._requests else "recorded"
        self.sampling: dict[str, str | float | int] = {}
        self.taken = taken

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if self.taken >= len(self._replies):
            raise PolicyUnavailable(f"the recording has no reply left for {request.statement!r}")
        at, recorded = self._requests[self.taken]
        if request.statement != recorded.statement:
            raise Diverged(at, recorded.statement, request.statement)
        reply = self._replies[self.taken]
        self.taken += 1
        stream(reply.text)
        return Reply(reply.text, reply.usage, reply.finish, reply.why)

    def abort(self) -> None:
        """Does nothing: `expand` returns at once."""
