"""Pairs of a prompt and what should be answered, one an expansion that led to where a line of records ends.

Source: arXiv 2510.23564, section on training: the worked examples are removed from the input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec

from recode_core.events import ActionFinished, ActionReplaced, StatementSkipped, VariableSet
from recode_core.log import Log
from recode_core.policies.reply import ParsedReply
from recode_core.timeline import Timeline
from recode_core.timeline.expansions import ExpansionCode, ExpansionRequest, PlaceholderHistory
from recode_core.timeline.history import latest
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


class Expansions:
    """The expansions of a timeline, as it stands at its end."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.unused: Counter[Unused] = Counter()
        self._overruled = self._last_overruled()

    def pairs(self, log: Log) -> list[Pair]:
        """Those that led to the end, in the order in which they were first accepted; counts the others."""
        found = []
        for node, history in self._accepted():
            self.unused["superseded"] += sum(code.n == code.accepted for code in history.codes) - 1
            code = history.codes[-1]
            request = latest(history.requests, code.accepted)
            why = self._unused(node, code, request)
            if why is None and request is not None:
                found.append(_pair(node, code, request, log))
            elif why is not None:
                self.unused[why] += 1
        refused = sum(len(history.refusals) for history in self.timeline.expansions.histories.values())
        self.unused["refused"] += refused
        return found

    def _accepted(self) -> list[tuple[str, PlaceholderHistory]]:
        """The placeholders that have code, in the order in which they were first accepted."""
        histories = self.timeline.expansions.histories.items()
        return sorted(((n, h) for n, h in histories if h.codes), key=lambda each: each[1].codes[0].n)

    def _last_overruled(self) -> dict[str, int]:
        """Of each placeholder, the last record in which the user did what the code it holds doesn't say."""
        found: dict[str, int] = {}
        tree = self.timeline.tree
        for record in self.timeline.records:
            match record.event:
                case VariableSet() | ActionReplaced() | ActionFinished(by="user"):
                    if (place := tree.place_at(record.n)) is not None:
                        found[tree.call_of(place.node)] = record.n
                case StatementSkipped(place=place):
                    found[tree.call_of(place.node)] = record.n
        return found

    def _unused(self, node: str, code: ExpansionCode, request: ExpansionRequest | None) -> Unused | None:
        nodes = self.timeline.tree.nodes
        status = nodes[node].status
        if status in ("failed", "superseded", "skipped"):
            return status
        children = self.timeline.tree.children_at(node, self.timeline.end.n)
        if any(nodes[child].status == "failed" for child in children):
            return "failed"
        if self._overruled.get(node, -1) > code.accepted:
            return "overruled"
        return None if request is not None and request.messages else "without a prompt"


def without_examples(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Messages as they are asked of a policy that has learnt what the worked examples show."""
    return tuple(
        Message(message.role, message.content.partition(_EXAMPLES)[0])
        if message.role == "system"
        else message
        for message in messages
    )


def _pair(node: str, code: ExpansionCode, request: ExpansionRequest, log: Log) -> Pair:
    return Pair(
        node,
        request.reason,
        code.by,
        without_examples(map(log.load, request.messages)),
        str(ParsedReply(code.thought, code.text)),
    )
