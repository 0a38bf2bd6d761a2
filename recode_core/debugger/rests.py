"""The stops of a line of records, past and present: what every move is made of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal

import msgspec

from recode_core.events import (
    ANNOTATIONS,
    ActionReached,
    ActionReplaced,
    EpisodeFinished,
    Event,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRequested,
    LimitRaised,
    LimitReached,
    Place,
    PromptEdited,
    StatementFailed,
    StatementReached,
    VariableSet,
)
from recode_core.log import Record
from recode_core.statements.source import Source
from recode_core.tree import Tree, base_of

Kind = Literal["start", "statement", "model", "action", "failure", "limit", "end"]


class Rest(msgspec.Struct, frozen=True):
    """A stop: after record `n`, at `place`, inside `depth` open expansions."""

    n: int
    kind: Kind
    place: Place | None
    depth: int


START = Rest(-1, "start", None, 0)


class Line:
    """The records of one branch with its stops, in order; it grows at its end only."""

    def __init__(self, records: Iterable[Record] = (), tree: Tree | None = None) -> None:
        self.records: list[Record] = []
        self.rests: list[Rest] = [START]
        self.tree = Tree() if tree is None else tree
        self._sources: dict[str, list[tuple[int, Source]]] = {}
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Take the next record."""
        self.records.append(record)
        self.tree.apply(record)
        if isinstance(record.event, ExpansionAccepted | ExpansionEdited):
            self._sources.setdefault(base_of(record.event), []).append((record.n, Source(record.event.code)))
        if (rest := self._rest(record)) is not None:
            self.rests.append(rest)

    def index(self, n: int) -> int:
        """The last record that is not after record `n`, as an index into `records`; -1 before all."""
        return bisect_right(self.records, n, key=lambda record: record.n) - 1

    def rest_at(self, n: int) -> int:
        """The last stop that is not after record `n`, as an index into `rests`."""
        return bisect_right(self.rests, n, key=lambda rest: rest.n) - 1

    def up_to(self, n: int) -> list[Record]:
        """The records to record `n`, included."""
        return self.records[: self.index(n) + 1]

    def known_at(self, n: int) -> list[Record]:
        """The records to the stop at record `n`, and those that leave the run there, as failed calls do."""
        end = self.index(n) + 1
        while end < len(self.records) and isinstance(self.records[end].event, ANNOTATIONS):
            end += 1
        return self.records[:end]

    def event_of(self, rest: Rest) -> Event | None:
        """What a stop stands at, as the record of it says; None at the start."""
        return self.records[self.index(rest.n)].event if rest.n >= 0 else None

    def call_of(self, rest: Rest) -> str:
        """The placeholder whose expansion holds a stop's statement; empty for the root."""
        if rest.place is None:
            return ""
        return self.tree.call_of(rest.place.node)

    def text_at(self, rest: Rest) -> str:
        """The statement that a stop stands at, as it was in the code then."""
        if rest.place is None or not (call := self.call_of(rest)):
            return ""
        tail = rest.place.node[len(call) :]
        base = f"{call}{tail[: tail.index('.') + 1]}"
        known = [source for n, source in self._sources.get(base, []) if n <= rest.n]
        return known[-1].text_of(rest.place.span) if known else ""

    def _rest(self, record: Record) -> Rest | None:
        event, depth = record.event, self.tree.open_calls
        match event:
            case StatementReached(place=place):
                return Rest(record.n, "statement", place, depth)
            case ExpansionRequested(place=place):
                return Rest(record.n, "model", place, depth)
            case ActionReached(place=place):
                return Rest(record.n, "action", place, depth)
            case StatementFailed(place=place):
                return Rest(record.n, "failure", place, depth)
            case LimitReached():
                return Rest(record.n, "limit", self.tree.path[-1] if self.tree.path else None, depth)
            case EpisodeFinished():
                return Rest(record.n, "end", self.tree.path[-1] if self.tree.path else None, depth)
            case PromptEdited() | ActionReplaced() | LimitRaised() | VariableSet():
                return self._changed(record)
            case ExpansionEdited() if _is_around(event):
                return self._changed(record)
        return None

    def _changed(self, record: Record) -> Rest | None:
        """The stop after a change that leaves the run where it is. A variable that is set before a policy
        call makes another request; one that is set before an action, or is, puts its statement back."""
        before = self.rests[-1]
        if not isinstance(record.event, VariableSet):
            return msgspec.structs.replace(before, n=record.n)
        if before.kind == "model":
            return None
        return msgspec.structs.replace(
            before, n=record.n, kind="statement" if before.kind == "action" else before.kind
        )


def _is_around(edit: ExpansionEdited) -> bool:
    """Whether another expansion, inside the one that was edited, is being executed: it stays where it is."""
    nodes = [place.node for place in edit.path]
    return len(nodes) > nodes.index(edit.node) + 2
