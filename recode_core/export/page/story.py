"""What happened at each node of a line of records, in order."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from recode_core.events import (
    ActionFinished,
    ActionReached,
    ActionReplaced,
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
    WorldReset,
)
from recode_core.log import Record
from recode_core.tree import Node, Tree, base_of
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
    """The tree of a line, and what happened at each of its nodes; `last` is the record that touched a node,
    or anything below it, last."""

    def __init__(self, records: Sequence[Record] = ()) -> None:
        self.tree = Tree()
        self.facts: defaultdict[str, list[Fact]] = defaultdict(list)
        self.last: dict[str, int] = {}
        self.failed: list[str] = []
        self.opening: WorldReset | None = None
        self.ending: EpisodeFinished | None = None
        self._action = ""
        self._origin: Origin | None = None
        self._author = "policy"
        for record in records:
            self.apply(record)

    def copy(self) -> Story:
        """A story that goes on by itself."""
        made = copy.copy(self)
        made.tree = self.tree.copy()
        made.facts = defaultdict(list, {node: list(facts) for node, facts in self.facts.items()})
        made.last, made.failed = dict(self.last), list(self.failed)
        return made

    def apply(self, record: Record) -> None:
        """Take the next record into account."""
        self.tree.apply(record)
        event, at = record.event, self.tree.path[-1] if self.tree.path else None
        match event:
            case WorldReset():
                self.opening = event
            case EpisodeFinished():
                self.ending = event
            case ActionReached(action=action, origin=origin):
                self._action, self._origin = action, origin
            case ActionReplaced(action=action):
                self._action = action
            case ExpansionRequested() | PromptEdited() | ExpansionReplied() | ExpansionRefused():
                self._asked(record.n, event)
            case ExpansionAccepted() | ExpansionEdited():
                self._coded(record.n, event)
            case ActionFinished(observation=observation, by=by) if at is not None:
                self._add(record.n, at.node, Acted(at.passes, self._action, observation, by, self._origin))
            case _:
                self._happened(record, at)

    def _asked(
        self, n: int, event: ExpansionRequested | PromptEdited | ExpansionReplied | ExpansionRefused
    ) -> None:
        match event:
            case ExpansionRequested(place=place, messages=messages):
                refs = tuple((ref.role, ref.text) for ref in messages)
                self._add(n, place.node, Asked(event.attempt, event.reason, event.model, refs))
            case PromptEdited(place=place, messages=messages):
                refs = tuple((ref.role, ref.text) for ref in messages)
                self._add(n, place.node, Asked(self.tree.nodes[place.node].attempt, "edited", "", refs))
            case ExpansionReplied(node=node, by=by):
                self._author = by
                self._add(n, node, event)
            case ExpansionRefused(node=node, line=line, rule=rule):
                self._add(n, node, Said("refused", f"line {line}: {rule}" if line else rule))

    def _coded(self, n: int, event: ExpansionAccepted | ExpansionEdited) -> None:
        is_edit = isinstance(event, ExpansionEdited)
        thought = self.tree.nodes[event.node].thought
        self._add(
            n, event.node, Coded(base_of(event), thought, event.code, "user" if is_edit else self._author)
        )
        for child in self.tree.nodes[event.node].children:
            self.last[child] = max(n, self.last.get(child, n))

    def _happened(self, record: Record, at: Place | None) -> None:
        n, here = record.n, at.node if at is not None else ""
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
                self._add(n, node, Said("no reply", f"{message} ({tokens:,} tokens)" if tokens else message))
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
        while (found := self.tree.nodes.get(node)) is not None:
            self.last[node] = n
            node = found.parent


def children_after(node: Node, facts: Sequence[Fact]) -> dict[int, list[str]]:
    """After which fact the children of a node are told: its expansion's; -1 stands for the end."""
    told = {fact.base: at for at, fact in enumerate(facts) if isinstance(fact, Coded)}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for child in node.children:
        found[told.get(child[: child.rindex(".") + 1], -1)].append(child)
    return found
