"""What was asked, answered and accepted for each placeholder, in order."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

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
from recode_core.log import Record


class Code(msgspec.Struct, frozen=True, gc=False):
    """The code of a placeholder from record `n` on, and who wrote it."""

    n: int
    attempt: int
    thought: str
    text: str
    children: tuple[Child, ...]
    by: Literal["policy", "user", "reuse"]


class Asked(msgspec.Struct, frozen=True, gc=False):
    """The messages of a request, as record `n` says."""

    n: int
    attempt: int
    reason: str
    messages: tuple[MessageRef, ...]
    model: str
    hint: str


class Answered(msgspec.Struct, frozen=True, gc=False):
    """A reply, as record `n` has it."""

    n: int
    reply: ExpansionReplied


class Refused(msgspec.Struct, frozen=True, gc=False):
    """A refusal: the line in the code (0: none) and the rule."""

    n: int
    line: int
    rule: str


@dataclass(slots=True)
class Expansions:
    """All that happened to one placeholder, each kind in order."""

    codes: list[Code] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class _Numbered(Protocol):
    @property
    def n(self) -> int: ...


_Item = TypeVar("_Item", bound=_Numbered)


def latest(items: list[_Item], n: int) -> _Item | None:
    """The last one that is not after record `n`."""
    at = bisect_right(items, n, key=lambda item: item.n)
    return items[at - 1] if at else None


class Codes(dict[str, Expansions]):
    """The expansions of every placeholder of a line, by node."""

    def take(self, record: Record) -> None:
        """Take the next record."""
        event, n = record.event, record.n
        match event:
            case ExpansionRequested(place=place):
                request = Asked(n, event.attempt, event.reason, event.messages, event.model, event.hint)
                self._of(place.node).asked.append(request)
            case PromptEdited(place=place):
                before = self._of(place.node).asked[-1]
                edited = msgspec.structs.replace(before, n=n, reason="edited", messages=event.messages)
                self._of(place.node).asked.append(edited)
            case ExpansionReplied(node=node):
                self._of(node).answered.append(Answered(n, event))
            case ExpansionRefused(node=node, line=line, rule=rule):
                self._of(node).refused.append(Refused(n, line, rule))
            case ExpansionAccepted(node=node, thought=thought):
                by = self._of(node).answered[-1].reply.by
                self._of(node).codes.append(Code(n, event.attempt, thought, event.code, event.children, by))
            case ExpansionEdited(node=node):
                thought = self._of(node).codes[-1].thought
                self._of(node).codes.append(
                    Code(n, event.attempt, thought, event.code, event.children, "user")
                )

    def _of(self, node: str) -> Expansions:
        return self.setdefault(node, Expansions())
