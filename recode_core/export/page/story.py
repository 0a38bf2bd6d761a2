"""What happened at each node of a timeline, in order."""

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


class Asked(msgspec.Struct, frozen=True):
    """A request for code: its messages by hash, with their roles."""

    attempt: int
    reason: str
    model: str
    messages: tuple[tuple[str, str], ...]


class Coded(msgspec.Struct, frozen=True):
    """The code of a placeholder from here on; its statements' ids begin with `base`."""

    base: str
    thought: str
    text: str
    by: str


class Acted(msgspec.Struct, frozen=True):
    """An action and its answer; `origin` is where it stands in a function of an earlier turn."""

    passes: tuple[int, ...]
    action: str
    observation: Observation
    by: str
    origin: Origin | None = None


class Changed(msgspec.Struct, frozen=True):
    """Variables that a statement or a pass changed."""

    passes: tuple[int, ...]
    variables: tuple[Variable, ...]
    deleted: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True):
    """Something in words: of the run (`what`), as `text` gives it."""

    what: str
    text: str


Fact = Asked | Coded | Acted | Changed | Said | ExpansionReplied | Failure


class Story:
    """What happened at each node of a timeline; `last` is the record that touched a node, or anything below
    it, last."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.end = timeline.end
        self.nodes = self.end.nodes
        self.facts: defaultdict[str, list[Fact]] = defaultdict(list)
        self.last: dict[str, int] = {}
        self.failed: list[str] = []
        for record in timeline.records:
            self._tell(record)

    def _tell(self, record: Record) -> None:
        event, n, timeline = record.event, record.n, self.timeline
        match event:
            case ExpansionRequested() | PromptEdited() | ExpansionReplied() | ExpansionRefused():
                self._asked(n, event)
            case ExpansionAccepted(node=node) | ExpansionEdited(node=node):
                self._coded(n, node)
            case ActionFinished(observation=observation, by=by):
                action = timeline.actions.actions[timeline.actions.until(n) - 1]
                if (place := timeline.tree.place_at(n)) is not None:
                    acted = Acted(place.passes, action.action, observation, by, action.origin)
                    self._add(n, place.node, acted)
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
                self._add(n, place.node, Asked(request.attempt, request.label, model, refs))
            case ExpansionReplied(node=node):
                self._add(n, node, event)
            case ExpansionRefused(node=node, line=line, rule=rule):
                self._add(n, node, Said("refused", f"line {line}: {rule}" if line else rule))

    def _coded(self, n: int, node: str) -> None:
        code = self.timeline.expansions.code_at(node, n)
        assert code is not None
        self._add(n, node, Coded(code.base, code.thought, code.text, code.by))
        for child in self.timeline.tree.children_at(node, n):
            self.last[child] = max(n, self.last.get(child, n))

    def _happened(self, record: Record) -> None:
        n, at = record.n, self.timeline.tree.place_at(record.n)
        here = at.node if at is not None else ""
        match record.event:
            case Printed(place=place, text=text):
                self._add(n, place.node, Said("printed", text))
            case StatementFinished(place=place, changed=changed, deleted=deleted):
                self._changed(n, place, changed, deleted)
            case PassStarted(place=place, changed=changed) | ConditionEvaluated(place=place, changed=changed):
                self._changed(n, place, changed)
            case StatementFailed(place=place, failure=failure):
                self.failed.append(place.node)
                self._add(n, place.node, failure)
            case StatementSkipped(place=place):
                self._add(n, place.node, Said("skipped", "by the user"))
            case VariableSet(name=name, expression=expression):
                self._add(n, here, Said("set by the user", f"{name} = {expression}"))
            case LimitReached(name=name, value=value):
                self._add(n, here, Said("limit", f"{name} reached {value:g}"))
            case CallFailed(node=node, message=message, usage=usage):
                tokens = usage.prompt_tokens + usage.completion_tokens
                self._add(
                    n,
                    node,
                    Said("no reply", f"{message} ({counted(tokens, 'token')})" if tokens else message),
                )
            case WorldFailed(message=message):
                self._add(n, here, Said("the world failed", message))
            case NoteSet(node=node, text=text):
                self._add(n, node, Said("note", text))

    def _changed(
        self, n: int, place: Place, variables: tuple[Variable, ...], deleted: tuple[str, ...] = ()
    ) -> None:
        self._touch(n, place.node)
        if variables or deleted:
            self.facts[place.node].append(Changed(place.passes, variables, deleted))

    def _add(self, n: int, node: str, fact: Fact) -> None:
        self.facts[node].append(fact)
        self._touch(n, node)

    def _touch(self, n: int, node: str) -> None:
        while (found := self.timeline.tree.nodes.get(node)) is not None:
            self.last[node] = n
            node = found.parent


def children_after(node: Node, facts: Sequence[Fact]) -> dict[int, list[str]]:
    """After which fact the children of a node are told: its expansion's; -1 stands for the end."""
    told = {fact.base: at for at, fact in enumerate(facts) if isinstance(fact, Coded)}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for child in node.children:
        found[told.get(child[: child.rindex(".") + 1], -1)].append(child)
    return found
