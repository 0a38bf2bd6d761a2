"""The frame that the panels show: one branch at one record."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from recode_core.debugger.annotations import Annotations
from recode_core.events import Event, RunImported
from recode_core.log import Log
from recode_core.result import imported_as
from recode_core.timeline import Moment, Stop, Timeline
from recode_core.timeline.actions import Action
from recode_core.timeline.expansions import ExpansionReply, ExpansionRequest
from recode_core.timeline.history import latest
from recode_core.timeline.tree import NodeText
from recode_tui.text import one_line


def _cannot_tell(observation: str) -> bool:
    return False


class Frame(msgspec.Struct, frozen=True, eq=False):
    """The state of a branch after record `n`. Frames are compared by identity.

    `stop` is the stop at `n`, `is_running` tells whether the run is continuing, `known` is the number of
    session records read so far, and `step_limit` is the environment's step limit (0 if unknown). Of a preview
    `present` is the frame at the cursor.
    `culprit` is the node of the decision that `blame` found on this branch, empty if there is none.
    `had_no_effect` tells by an observation whether its action did nothing, if the environment can tell.
    """

    log: Log
    timeline: Timeline
    n: int
    stop: Stop
    annotations: Annotations
    is_running: bool = False
    known: int = 0
    step_limit: int = 0
    is_read_only: bool = False
    culprit: str = ""
    had_no_effect: Callable[[str], bool] = _cannot_tell
    present: Frame | None = None

    @property
    def is_preview(self) -> bool:
        """Whether the cursor is elsewhere, and this moment is only shown."""
        return self.present is not None

    @property
    def at_cursor(self) -> Frame:
        """The frame at the cursor: this one, unless it is a preview."""
        return self.present or self

    @property
    def branch(self) -> str:
        """The frame's branch."""
        return self.timeline.branch

    @property
    def moment(self) -> Moment:
        """The state at record `n`."""
        return self.timeline.at(self.n)

    @property
    def event(self) -> Event | None:
        """The event at the stop, None at the start."""
        return self.timeline.event_of(self.stop)

    @property
    def pending_action(self) -> Action | None:
        """The action that the run is stopped before, also after an edit at that stop; None at other stops."""
        return self.timeline.actions.reached_at(self.n) if self.stop.kind == "action" else None

    @property
    def last_action(self) -> Action | None:
        """The last action that was answered; the world's reset has an empty one. None before that."""
        actions = self.timeline.actions
        at = actions.until(self.n)
        return actions.actions[at - 1] if at else None

    @property
    def depth(self) -> int:
        """The number of open expansions at the stop; at the end, the most that were open at once."""
        return self.moment.depth if self.stop.kind == "end" else self.stop.depth

    def did_nothing(self, node: str) -> bool:
        """Whether a statement other than a placeholder acted, and none of its actions had an effect."""
        actions = self.timeline.actions.of_node(node, self.n)
        return bool(self.moment.actions_of(node)) and all(
            self.had_no_effect(action.observation.text) for action in actions
        )

    def node_text(self, node: str) -> NodeText | None:
        """Return a node's text, including nodes not yet reached; None if unknown."""
        known = self.timeline.tree.nodes.get(node)
        is_known = known is not None and (known.is_present or known.was_present(self.n))
        return known.text_at(self.n) if known is not None and is_known else None

    def title_of(self, node: str) -> str:
        """Return a node with the name that it calls, such as `0.2 find`."""
        known = self.node_text(node)
        name = known.text.partition("(")[0].rpartition("=")[2].strip() if known is not None else ""
        return f"{node} {one_line(name, 24)}".strip()

    def placeholder_of(self, node: str) -> str:
        """Return the placeholder whose request and reply belong to a node: the node itself if requested."""
        return node if self.last_request(node) is not None else self.moment.call_shown(node)

    def last_request(self, node: str) -> ExpansionRequest | None:
        """Return the last request for a placeholder, None if there is none."""
        history = self.timeline.expansions.get(node)
        return latest(history.requests, self.n) if history is not None else None

    def last_reply(self, node: str) -> ExpansionReply | None:
        """Return the last reply for a placeholder, None while its last request is unanswered."""
        history, request = self.timeline.expansions.get(node), self.last_request(node)
        reply = latest(history.replies, self.n) if history is not None else None
        return reply if reply is not None and (request is None or request.n < reply.n) else None

    @property
    def enabled_breakpoints(self) -> frozenset[tuple[str, str]]:
        """The kind and pattern of each enabled breakpoint."""
        points = self.annotations.breakpoints.values()
        return frozenset((point.kind, point.pattern) for point in points if point.enabled)

    @property
    def imported(self) -> RunImported | None:
        """The summary of an imported run, whose individual actions and calls are unknown."""
        return imported_as(self.timeline.records)

    @property
    def node(self) -> str:
        """The node at which the run is stopped, the root before the first one."""
        return self.stop.place.node if self.stop.place is not None else "0"
