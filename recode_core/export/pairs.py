"""Pairs of a prompt and what should be answered, one an expansion that led to where a line of records ends.

Source: arXiv 2510.23564, section on training: the worked examples are removed from the input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

from recode_core.events import (
    ActionFinished,
    ActionReplaced,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    MessageRef,
    PromptEdited,
    StatementSkipped,
    VariableSet,
)
from recode_core.log import Log, Record
from recode_core.policies.reply import ParsedReply
from recode_core.tree import Node, Tree
from recode_core.values import Message

_EXAMPLES = "\n\n# Examples\n"  # the heading of the last section of a system message

Unused = Literal["refused", "superseded", "failed", "skipped", "overruled", "without a prompt", "duplicate"]
"""Why an expansion makes no pair.

Its reply broke a rule; another one took its place; it, or a statement of its own, failed; the user
skipped it; the user answered, set or replaced something that its code doesn't say; what was asked is
not recorded; an equal pair is there already.
"""


class Pair(msgspec.Struct, frozen=True):
    """What was asked for a placeholder, without worked examples, and thought and code as they were run.

    `by` says who wrote the code; it is the user's where they changed a part of it.
    """

    node: str
    reason: str
    by: Literal["policy", "user", "reuse"]
    prompt: tuple[Message, ...]
    target: str


@dataclass(slots=True)
class _Expansion:
    """The last accepted expansion of a placeholder."""

    reason: str
    messages: tuple[MessageRef, ...]
    thought: str
    code: str
    by: Literal["policy", "user", "reuse"]
    is_overruled: bool = False


class Expansions:
    """The expansions of a line of records, as it stands at its end."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.tree = Tree()
        self.unused: Counter[Unused] = Counter()
        self._accepted: dict[str, _Expansion] = {}
        self._asked: dict[str, ExpansionRequested] = {}
        self._author: dict[str, Literal["policy", "user", "reuse"]] = {}
        for record in records:
            self.tree.apply(record)
            self._take(record)

    def pairs(self, log: Log) -> list[Pair]:
        """Those that led to the end, in the order in which they were first accepted; counts the others."""
        found = []
        for node, expansion in self._accepted.items():
            why = self._unused(self.tree.nodes[node], expansion)
            if why is None:
                found.append(_pair(node, expansion, log))
            else:
                self.unused[why] += 1
        return found

    def _take(self, record: Record) -> None:
        match record.event:
            case ExpansionRequested(place=place) as event:
                self._asked[place.node] = event
            case PromptEdited(place=place, messages=messages):
                self._asked[place.node] = msgspec.structs.replace(self._asked[place.node], messages=messages)
            case ExpansionReplied(node=node, by=by):
                self._author[node] = by
            case ExpansionRefused():
                self.unused["refused"] += 1
            case ExpansionAccepted() as event:
                self._accept(event)
            case ExpansionEdited(node=node, code=code):
                self._accepted[node].code, self._accepted[node].by = code, "user"
            case VariableSet() | ActionReplaced() | ActionFinished(by="user"):
                self._overrule(self.tree.path[-1].node)
            case StatementSkipped(place=place):
                self._overrule(place.node)

    def _accept(self, event: ExpansionAccepted) -> None:
        asked = self._asked[event.node]
        self.unused["superseded"] += event.node in self._accepted
        self._accepted[event.node] = _Expansion(
            asked.reason, asked.messages, event.thought, event.code, self._author[event.node]
        )

    def _overrule(self, node: str) -> None:
        """The user did what the code that holds this node doesn't say."""
        if (expansion := self._accepted.get(self.tree.call_of(node))) is not None:
            expansion.is_overruled = True

    def _unused(self, node: Node, expansion: _Expansion) -> Unused | None:
        if node.status in ("failed", "superseded", "skipped"):
            return node.status
        if any(self.tree.nodes[child].status == "failed" for child in node.children):
            return "failed"
        if expansion.is_overruled:
            return "overruled"
        return None if expansion.messages else "without a prompt"


def without_examples(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Messages as they are asked of a policy that has learnt what the worked examples show."""
    return tuple(
        Message(message.role, message.content.partition(_EXAMPLES)[0])
        if message.role == "system"
        else message
        for message in messages
    )


def _pair(node: str, expansion: _Expansion, log: Log) -> Pair:
    return Pair(
        node,
        expansion.reason,
        expansion.by,
        without_examples(map(log.load, expansion.messages)),
        str(ParsedReply(expansion.thought, expansion.code)),
    )
