"""Training pairs of a prompt and a target reply, one for each expansion that is in force at the end of a
line.

As in arXiv 2510.23564, section on training, the worked examples are removed from the prompts.
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

UnusedReason = Literal[
    "refused", "superseded", "failed", "skipped", "overruled", "without a prompt", "duplicate"
]
"""Why an expansion is not used: its reply broke a rule; another expansion replaced it; it or one of its
statements failed; the user skipped it; the user set a variable, replaced an action or entered an
observation (overruled); the request is not recorded; an equal pair exists already.
"""


class TrainingPair(msgspec.Struct, frozen=True):
    """The prompt of an expansion, without worked examples, and the reply with the code that was run.

    `by` is the author of the code; "user" if the user edited a part of it.
    """

    node: str
    reason: str
    by: Literal["policy", "user", "reuse"]
    prompt: tuple[Message, ...]
    target: str


class TrainingExpansions:
    """The expansions at the end of a timeline, for training."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.unused: Counter[UnusedReason] = Counter()
        self._overruled = self._last_overruled()

    def pairs(self, log: Log) -> list[TrainingPair]:
        """The pairs in the order in which the placeholders were first expanded. Counts the others in
        `unused`.
        """
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
        """The placeholders with code, in the order in which they were first expanded."""
        histories = self.timeline.expansions.histories.items()
        return sorted(((n, h) for n, h in histories if h.codes), key=lambda each: each[1].codes[0].n)

    def _last_overruled(self) -> dict[str, int]:
        """The last record of each placeholder in which the user overruled its code."""
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

    def _unused(
        self, node: str, code: ExpansionCode, request: ExpansionRequest | None
    ) -> UnusedReason | None:
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
    """Messages without the worked examples of the system message."""
    return tuple(
        Message(message.role, message.content.partition(_EXAMPLES)[0])
        if message.role == "system"
        else message
        for message in messages
    )


def _pair(node: str, code: ExpansionCode, request: ExpansionRequest, log: Log) -> TrainingPair:
    return TrainingPair(
        node,
        request.reason,
        code.by,
        without_examples(map(log.load, request.messages)),
        str(ParsedReply(code.thought, code.text)),
    )
