"""The tree of a run as a plain fold over its records, to compare the timeline with.

Ids are paths. The parent of `0.2@2.1` is `0.2`, of `0.3#3#1.0` it is `0.3`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from recode_core.events import (
    ActionFinished,
    ActionReached,
    CallFailed,
    ConditionEvaluated,
    EpisodeFinished,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    Failure,
    LimitReached,
    Outcome,
    PassStarted,
    Place,
    StatementFailed,
    StatementFinished,
    StatementReached,
    StatementSkipped,
    WorldReset,
)
from recode_core.log import Record
from recode_core.source import Source
from recode_core.values import Span, Usage, summed

Status = Literal["pending", "running", "done", "failed", "skipped", "superseded", "stopped"]
Kind = Literal["placeholder", "code", "control"]

_ID = re.compile(r"0(?:(?:@[0-9]{1,9}|(?:#[0-9]{1,9})+)?\.[0-9]{1,9})*")


def is_node_id(text: str) -> bool:
    """Whether a text is the path of a node."""
    return _ID.fullmatch(text) is not None


def parent_of(node: str) -> str:
    """The id of the node above; empty for the root. Shorter than `node`, whatever text that is."""
    above = node.rpartition(".")[0]
    step = above.rfind(".") + 1
    return above[:step] + above[step:].partition("@")[0].partition("#")[0]


def base_of(event: ExpansionAccepted | ExpansionEdited) -> str:
    """What the ids of an expansion's statements begin with."""
    return f"{event.node}." if event.attempt == 1 else f"{event.node}@{event.attempt}."


@dataclass(slots=True)
class Node:
    """A top-level statement of an expansion, or a placeholder inside control flow.

    `attempt` numbers its last expansion, whose thought and code it has, and `by` says who wrote it.
    `actions`, `calls`, `tokens` and `cost_usd` count what it and everything below it took; a call that
    brought no reply is not among `calls`, though it may have taken tokens. `refusals` counts its refused
    replies, the last for the reason `refusal`.
    """

    id: str
    parent: str
    text: str
    span: Span
    kind: Kind
    status: Status = "pending"
    attempt: int = 0
    thought: str = ""
    code: str = ""
    by: Literal["policy", "user", "reuse"] = "policy"
    children: list[str] = field(default_factory=list)
    refusals: int = 0
    refusal: str = ""
    failure: Failure | None = None
    actions: int = 0
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0


class Tree:
    """What the records so far say of a run."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.nodes: dict[str, Node] = {}
        self.instruction = ""
        self.outcome: Outcome | None = None
        self.limit: LimitReached | None = None
        self.score = 0.0
        self.depth = 0
        self.path: tuple[Place, ...] = ()
        self.began: tuple[Place, ...] = ()
        """The path when this tree was copied from another one."""
        self._open: list[str] = []
        for record in records:
            self.apply(record)

    @property
    def root(self) -> Node | None:
        """The first placeholder, or the loop of an agent that takes turns, once the episode has begun."""
        return self.nodes.get("0")

    @property
    def open_calls(self) -> int:
        """How many expansions are open."""
        return len(self._open)

    def call_of(self, node: str) -> str:
        """The placeholder whose expansion holds a node's statement; empty for the root."""
        parent = parent_of(node)
        above = self.nodes.get(parent)
        return parent_of(parent) if above is not None and above.kind == "control" else parent

    def copy(self) -> Tree:
        """A tree that goes on by itself."""
        made = copy.copy(self)
        made.began = self.path
        made.nodes = {name: copy.copy(node) for name, node in self.nodes.items()}
        for node in made.nodes.values():
            node.children = list(node.children)
        made._open = list(self._open)
        return made

    def apply(self, record: Record) -> None:
        """Take the next record into account."""
        match record.event:
            case StatementFinished(place=place):  # the most frequent ones first
                self._ended(place, "done")
            case StatementReached() as event:
                self._reached(event)
            case ActionReached(place=place):
                self._move(place)
                self._put(self._at(place), "running")
            case PassStarted(place=place) | ConditionEvaluated(place=place):
                self._move(place)
            case ActionFinished(observation=observation):
                self.score = observation.score
                for above in self._lineage(self.path[-1].node):
                    above.actions += 1
            case ExpansionRequested() as event:
                self._requested(event)
            case ExpansionReplied() as event:
                self._replied(event)
            case ExpansionAccepted() as event:
                self._accepted(event)
            case WorldReset() as event:
                self.instruction, self.score = event.instruction, event.observation.score
            case CallFailed(node=asked, usage=usage):
                self._pay(asked, usage)
            case ExpansionRefused(node=refused, rule=rule):
                self.nodes[refused].refusals += 1
                self.nodes[refused].refusal = rule
            case StatementSkipped(place=place):
                self._ended(place, "skipped")
            case ExpansionEdited() as event:
                self._edited(event)
            case StatementFailed(place=place, failure=failure):
                self._close(place)
                self._move(place)
                failed = self._at(place)
                failed.failure = failure
                self._put(failed, "failed")
            case LimitReached() as event:
                self.limit = event
            case EpisodeFinished(outcome=outcome, score=score):
                self.outcome, self.score = outcome, score
                self._stop("done" if outcome == "solved" else "stopped")

    def _reached(self, event: StatementReached) -> None:
        self._move(event.place)
        node = self._at(event.place)
        if event.text:
            node.text, node.kind = event.text, "control"
        self._put(node, "running")

    def _requested(self, event: ExpansionRequested) -> None:
        self._close(event.place)
        self._move(event.place)
        node = self._at(event.place)
        node.text, node.kind = event.statement, "placeholder"
        self._put(node, "running")
        if event.attempt > node.attempt:
            for child in node.children:
                self._supersede(child)
        node.attempt = event.attempt

    def _replied(self, event: ExpansionReplied) -> None:
        for node in self._lineage(event.node):
            node.calls += event.by == "policy"
        self._pay(event.node, event.usage)
        self.nodes[event.node].by = event.by

    def _pay(self, asked: str, usage: Usage) -> None:
        for node in self._lineage(asked):
            node.tokens += usage.prompt_tokens + usage.completion_tokens
            node.cost_usd = summed(node.cost_usd, usage.cost_usd)

    def _accepted(self, event: ExpansionAccepted) -> None:
        self.nodes[event.node].thought = event.thought
        self._set_code(event)
        self._open.append(event.node)
        self.depth = max(self.depth, len(self._open))

    def _edited(self, event: ExpansionEdited) -> None:
        node = self.nodes[event.node]
        node.by = "user"
        unbegun = [child for child in node.children if self.nodes[child].status in ("pending", "running")]
        self._set_code(event)
        kept = {f"{base_of(event)}{index}" for index in range(len(event.children))}
        for child in unbegun:
            if child not in kept and self.nodes[child].status == "pending":
                self._remove(self.nodes[child])
        self.path = event.path

    def _set_code(self, event: ExpansionAccepted | ExpansionEdited) -> None:
        node, source = self.nodes[event.node], Source(event.code)
        node.code = event.code
        for index, child in enumerate(event.children):
            text, child_id = source.text_of(child.span), f"{base_of(event)}{index}"
            known = self.nodes.get(child_id)
            if known is None:
                self._add(Node(child_id, event.node, text, child.span, child.kind))
            elif known.status in ("pending", "running") or known.text == text:
                known.text, known.span, known.kind = text, child.span, child.kind

    def _ended(self, place: Place, status: Status) -> None:
        self._close(place)
        self._move(place)
        node = self._at(place)
        if node.span == place.span:  # else: a statement inside the node's control flow
            self._put(node, status)

    def _stop(self, status: Status) -> None:
        """Nothing runs any more."""
        for place in self.path:
            for node in self._lineage(place.node):
                if node.status == "running":
                    self._put(node, status)

    def _supersede(self, node_id: str) -> None:
        below = [node_id]
        while below:
            node = self.nodes[below.pop()]
            if node.status != "superseded":  # else all below it are, too
                self._put(node, "superseded")
                below += node.children

    def _move(self, place: Place) -> None:
        self.path = (*self.path[: len(self._open)], place)

    def _close(self, place: Place) -> None:
        """Expansions of `place`'s own placeholder, and those inside them, are over."""
        if place.node in self._open:
            del self._open[self._open.index(place.node) :]

    def _at(self, place: Place) -> Node:
        if (node := self.nodes.get(place.node)) is not None:
            return node
        return self._add(Node(place.node, parent_of(place.node), "", place.span, "placeholder"))

    def _add(self, node: Node) -> Node:
        self.nodes[node.id] = node
        if node.parent:
            self.nodes[node.parent].children.append(node.id)
        return node

    def _remove(self, node: Node) -> None:
        self.nodes[node.parent].children.remove(node.id)
        del self.nodes[node.id]

    def _put(self, node: Node, status: Status) -> None:
        node.status = status

    def _lineage(self, node_id: str) -> list[Node]:
        """A node and all above it."""
        found = []
        while node_id:
            node = self.nodes[node_id]
            found.append(node)
            node_id = node.parent
        return found
