"""The events at each node of a timeline, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from recode_core.events import (
    ActionFinished,
    CallFailed,
    ConditionEvaluated,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    Failure,
    LimitReached,
    NoteSet,
    Origin,
    PassStarted,
    Place,
    Printed,
    PromptEdited,
    StatementFailed,
    StatementFinished,
    StatementSkipped,
    VariableSet,
    WorldFailed,
)
from recode_core.format import counted
from recode_core.log import Record
from recode_core.timeline import Timeline
from recode_core.timeline.nodes import Node
from recode_core.values import Observation, Variable


class CodeRequested(msgspec.Struct, frozen=True):
    """A request for the code of a placeholder. Each message is its role and the hash of its text."""

    attempt: int
    reason: str
    model: str
    messages: tuple[tuple[str, str], ...]


class CodeSet(msgspec.Struct, frozen=True):
    """A placeholder got its code; the ids of its statements begin with `base`."""

    base: str
    thought: str
    text: str
    by: str


class ActionTaken(msgspec.Struct, frozen=True):
    """An action and its observation, in record `n`; `origin` is set in a function of an earlier turn."""

    n: int
    passes: tuple[int, ...]
    action: str
    observation: Observation
    by: str
    origin: Origin | None = None


class VariablesChanged(msgspec.Struct, frozen=True):
    """Variables that a statement or a pass changed."""

    passes: tuple[int, ...]
    variables: tuple[Variable, ...]
    deleted: tuple[str, ...] = ()


class TextEvent(msgspec.Struct, frozen=True):
    """Text with a heading (`what`), such as printed output, a note or a refusal."""

    what: str
    text: str


NodeEvent = CodeRequested | CodeSet | ActionTaken | VariablesChanged | TextEvent | ExpansionReplied | Failure


class NodeEvents:
    """The events at each node of a timeline, in order.

    `numbers` are the records of the events in `by_node`. `last` maps each node to the last record that
    concerns it or a descendant.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.end = timeline.end
        self.nodes = self.end.nodes
        self.by_node: defaultdict[str, list[NodeEvent]] = defaultdict(list)
        self.numbers: defaultdict[str, list[int]] = defaultdict(list)
        self.last: dict[str, int] = {}
        self.failed: list[str] = []
        for record in timeline.records:
            self._add_record(record)

    def _add_record(self, record: Record) -> None:
        event, n, timeline = record.event, record.n, self.timeline
        match event:
            case ExpansionRequested() | PromptEdited() | ExpansionReplied() | ExpansionRefused():
                self._asked(n, event)
            case ExpansionAccepted(node=node) | ExpansionEdited(node=node):
                self._coded(n, node)
            case ActionFinished(observation=observation, by=by):
                action = timeline.actions.actions[timeline.actions.until(n) - 1]
                if (place := timeline.tree.place_at(n)) is not None:
                    taken = ActionTaken(n, place.passes, action.action, observation, by, action.origin)
                    self._add(n, place.node, taken)
            case _:
                self._happened(record)

    def _asked(
        self, n: int, event: ExpansionRequested | PromptEdited | ExpansionReplied | ExpansionRefused
    ) -> None:
        match event:
            case ExpansionRequested(place=place) | PromptEdited(place=place):
                request = self.timeline.expansions.request_at(place.node, n)
                assert request is not None
                refs = tuple((ref.role, ref.text) for ref in request.messages)
                model = "" if request.is_edited else request.model
                self._add(n, place.node, CodeRequested(request.attempt, request.label, model, refs))
            case ExpansionReplied(node=node):
                self._add(n, node, event)
            case ExpansionRefused(node=node, line=line, rule=rule):
                self._add(n, node, TextEvent("refused", f"line {line}: {rule}" if line else rule))

    def _coded(self, n: int, node: str) -> None:
        code = self.timeline.expansions.code_at(node, n)
        assert code is not None
        self._add(n, node, CodeSet(code.base, code.thought, code.text, code.by))
        for child in self.timeline.tree.children_at(node, n):
            self.last[child] = max(n, self.last.get(child, n))

    def _happened(self, record: Record) -> None:
        n, at = record.n, self.timeline.tree.place_at(record.n)
        here = at.node if at is not None else ""
        match record.event:
            case Printed(place=place, text=text):
                self._add(n, place.node, TextEvent("printed", text))
            case StatementFinished(place=place, changed=changed, deleted=deleted):
                self._changed(n, place, changed, deleted)
            case PassStarted(place=place, changed=changed) | ConditionEvaluated(place=place, changed=changed):
                self._changed(n, place, changed)
            case StatementFailed(place=place, failure=failure):
                self.failed.append(place.node)
                self._add(n, place.node, failure)
            case StatementSkipped(place=place):
                self._add(n, place.node, TextEvent("skipped", "by the user"))
            case VariableSet(name=name, expression=expression):
                self._add(n, here, TextEvent("set by the user", f"{name} = {expression}"))
            case LimitReached(name=name, value=value):
                self._add(n, here, TextEvent("limit", f"{name} reached {value:g}"))
            case CallFailed(node=node, message=message, usage=usage):
                tokens = usage.prompt_tokens + usage.completion_tokens
                self._add(
                    n,
                    node,
                    TextEvent("no reply", f"{message} ({counted(tokens, 'token')})" if tokens else message),
                )
            case WorldFailed(message=message):
                self._add(n, here, TextEvent("the world failed", message))
            case NoteSet(node=node, text=text):
                self._add(n, node, TextEvent("note", text))

    def _changed(
        self, n: int, place: Place, variables: tuple[Variable, ...], deleted: tuple[str, ...] = ()
    ) -> None:
        self._touch(n, place.node)
        if variables or deleted:
            self.by_node[place.node].append(VariablesChanged(place.passes, variables, deleted))
            self.numbers[place.node].append(n)

    def _add(self, n: int, node: str, event: NodeEvent) -> None:
        self.by_node[node].append(event)
        self.numbers[node].append(n)
        self._touch(n, node)

    def _touch(self, n: int, node: str) -> None:
        while (found := self.timeline.tree.nodes.get(node)) is not None:
            self.last[node] = n
            node = found.parent


def children_after(node: Node, events: Sequence[NodeEvent]) -> dict[int, list[str]]:
    """The children of a node by the index of the event that they are shown after, -1 for the end.

    Children follow the `CodeSet` event of their expansion.
    """
    index = {event.base: at for at, event in enumerate(events) if isinstance(event, CodeSet)}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for child in node.children:
        found[index.get(child[: child.rindex(".") + 1], -1)].append(child)
    return found
