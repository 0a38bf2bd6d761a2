"""What the panels show: one moment of one line of records."""

from __future__ import annotations

from dataclasses import dataclass

from recode_core.debugger.annotations import Annotations
from recode_core.events import Event, RunImported
from recode_core.log import Log
from recode_core.result import imported_as
from recode_core.timeline import Moment, Stop, Timeline
from recode_core.timeline.expansions import ExpansionReply, ExpansionRequest
from recode_core.timeline.history import latest
from recode_core.timeline.tree import NodeText


@dataclass(frozen=True, eq=False)
class Frame:
    """A moment: what there was after record `n`. Each frame is another one, even of the same moment.

    `stop` is the stop at `n`, `is_running` says that the run goes on meanwhile, `known` is how many records
    of the session were read so far, `step_limit` is the environment's (0: unknown).
    """

    log: Log
    timeline: Timeline
    n: int
    stop: Stop
    annotations: Annotations
    is_running: bool = False
    known: int = 0
    step_limit: int = 0

    @property
    def branch(self) -> str:
        """The branch that it is on."""
        return self.timeline.branch

    @property
    def moment(self) -> Moment:
        """What was so then."""
        return self.timeline.at(self.n)

    @property
    def event(self) -> Event | None:
        """What the stop is at, as its record says; None at the start."""
        return self.timeline.event_of(self.stop)

    def node_text(self, node: str) -> NodeText | None:
        """What a node says, also one that lies ahead; None where there is none."""
        known = self.timeline.tree.get(node)
        return known.text_at(self.n) if known is not None else None

    def placeholder_of(self, node: str) -> str:
        """The placeholder whose request and reply belong to a node: itself, if there was a request for it."""
        return node if self.last_request(node) is not None else self.moment.call_shown(node)

    def last_request(self, node: str) -> ExpansionRequest | None:
        """The last request for a placeholder."""
        history = self.timeline.expansions.get(node)
        return latest(history.requests, self.n) if history is not None else None

    def last_reply(self, node: str) -> ExpansionReply | None:
        """The last reply for a placeholder; None while there is none to its last request."""
        history, request = self.timeline.expansions.get(node), self.last_request(node)
        reply = latest(history.replies, self.n) if history is not None else None
        return reply if reply is not None and (request is None or request.n < reply.n) else None

    @property
    def imported(self) -> RunImported | None:
        """What is known of an imported run as a whole: its single actions and calls are not."""
        return imported_as(self.timeline.records)

    @property
    def node(self) -> str:
        """The node that the run stands at; the root before there is any."""
        return self.stop.place.node if self.stop.place is not None else "0"
