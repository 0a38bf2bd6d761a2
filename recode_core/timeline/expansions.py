"""The requests, replies, refusals and code of each placeholder of a line, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec

from recode_core.events import (
    Child,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    MessageRef,
    PromptEdited,
)
from recode_core.timeline.history import latest
from recode_core.timeline.nodes import Author, base_of


class ExpansionCode(msgspec.Struct, frozen=True, gc=False):
    """The code of a placeholder from record `n` on, and its author.

    The expansion was accepted in record `accepted`; this may be a later edit of it. The ids of its
    statements begin with `base`.
    """

    n: int
    accepted: int
    attempt: int
    base: str
    thought: str
    text: str
    children: tuple[Child, ...]
    by: Author


class ExpansionRequest(msgspec.Struct, frozen=True, gc=False):
    """A request that was made in record `asked`, with its messages after record `n`, which may be edited."""

    n: int
    asked: int
    attempt: int
    reason: str
    messages: tuple[MessageRef, ...]
    model: str
    hint: str
    is_edited: bool = False

    @property
    def label(self) -> str:
        """The reason of the request, or "edited"."""
        return "edited" if self.is_edited else self.reason


class ExpansionReply(msgspec.Struct, frozen=True, gc=False):
    """A reply in record `n`."""

    n: int
    reply: ExpansionReplied


class ExpansionRefusal(msgspec.Struct, frozen=True, gc=False):
    """A refusal: the line in the code (0 if unknown) and the broken rule."""

    n: int
    line: int
    rule: str


@dataclass(slots=True)
class PlaceholderHistory:
    """The history of one placeholder."""

    codes: list[ExpansionCode] = field(default_factory=list)
    requests: list[ExpansionRequest] = field(default_factory=list)
    replies: list[ExpansionReply] = field(default_factory=list)
    refusals: list[ExpansionRefusal] = field(default_factory=list)

    def author_at(self, n: int) -> Author:
        """The author of the last reply or code up to record `n`."""
        code, replied = latest(self.codes, n), latest(self.replies, n)
        if code is not None and (replied is None or replied.n < code.n):
            return code.by
        return replied.reply.by if replied is not None else "policy"

    def copy(self) -> PlaceholderHistory:
        """An independent copy."""
        return replace(
            self,
            codes=[*self.codes],
            requests=[*self.requests],
            replies=[*self.replies],
            refusals=[*self.refusals],
        )


class ExpansionIndex:
    """The expansions of every placeholder of a line."""

    def __init__(self) -> None:
        self.histories: dict[str, PlaceholderHistory] = {}

    def get(self, node: str) -> PlaceholderHistory | None:
        """The history of a placeholder; None if it was never requested."""
        return self.histories.get(node)

    def code_at(self, node: str, n: int) -> ExpansionCode | None:
        """The code of a placeholder after record `n`; None if it has none yet."""
        found = self.histories.get(node)
        return latest(found.codes, n) if found is not None else None

    def request_at(self, node: str, n: int) -> ExpansionRequest | None:
        """The last request for a placeholder up to record `n`."""
        found = self.histories.get(node)
        return latest(found.requests, n) if found is not None else None

    def attempt_at(self, node: str, n: int) -> int:
        """The number of the last requested expansion; 0 before the first."""
        request = self.request_at(node, n)
        return request.attempt if request is not None else 0

    def requested(self, n: int, event: ExpansionRequested) -> bool:
        """Add a request. Returns whether it starts a new attempt."""
        history = self._of(event.place.node)
        last = history.requests[-1].attempt if history.requests else 0
        history.requests.append(
            ExpansionRequest(n, n, event.attempt, event.reason, event.messages, event.model, event.hint)
        )
        return event.attempt > last

    def prompt_edited(self, n: int, event: PromptEdited) -> None:
        """Replace the messages of the last request."""
        requests = self._of(event.place.node).requests
        requests.append(msgspec.structs.replace(requests[-1], n=n, messages=event.messages, is_edited=True))

    def replied(self, n: int, event: ExpansionReplied) -> None:
        """Add a reply."""
        self._of(event.node).replies.append(ExpansionReply(n, event))

    def refused(self, n: int, event: ExpansionRefused) -> None:
        """Add a refusal."""
        self._of(event.node).refusals.append(ExpansionRefusal(n, event.line, event.rule))

    def accepted(self, n: int, event: ExpansionAccepted) -> None:
        """Add the code of an accepted reply."""
        history = self._of(event.node)
        by = history.replies[-1].reply.by
        history.codes.append(
            ExpansionCode(n, n, event.attempt, base_of(event), event.thought, event.code, event.children, by)
        )

    def edited(self, n: int, event: ExpansionEdited) -> None:
        """Add the edited code of an expansion."""
        codes = self._of(event.node).codes
        before = [code for code in codes if code.attempt == event.attempt][-1]
        codes.append(
            msgspec.structs.replace(before, n=n, text=event.code, children=event.children, by="user")
        )

    def copy(self) -> ExpansionIndex:
        """An independent copy."""
        made = ExpansionIndex()
        made.histories = {node: history.copy() for node, history in self.histories.items()}
        return made

    def _of(self, node: str) -> PlaceholderHistory:
        found = self.histories.get(node)
        if found is None:
            found = self.histories[node] = PlaceholderHistory()
        return found
