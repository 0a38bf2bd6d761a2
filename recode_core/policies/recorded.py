"""A policy that is a recording: it replies as it once did, as long as it is asked the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from recode_core.errors import Diverged, PolicyUnavailable
from recode_core.events import Event, ExpansionReplied, ExpansionRequested
from recode_core.policies.policy import FreePolicy, Reply, Request


class Recorded(FreePolicy):
    """Gives the recorded replies to the recorded statements, in their order, from the `taken`-th on."""

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
        """A recorded reply is there at once, so no call is ever in flight."""
