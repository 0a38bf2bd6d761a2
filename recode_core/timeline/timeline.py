"""The timeline: the records of one branch, indexed once for all views and queries."""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from recode_core.events import (
    ANNOTATIONS,
    ActionFinished,
    ActionReached,
    ActionReplaced,
    CallFailed,
    ConditionEvaluated,
    EpisodeFinished,
    Event,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    LimitReached,
    PassStarted,
    Printed,
    PromptEdited,
    StatementFailed,
    StatementFinished,
    StatementReached,
    StatementSkipped,
    VariableSet,
    WorldFailed,
    WorldReset,
)
from recode_core.log import MAIN, Record
from recode_core.source import Source
from recode_core.timeline.actions import ActionIndex
from recode_core.timeline.expansions import ExpansionIndex
from recode_core.timeline.history import count
from recode_core.timeline.moment import Moment
from recode_core.timeline.stops import START, Stop, stop_after
from recode_core.timeline.tree import TreeIndex
from recode_core.timeline.usage import UsageIndex
from recode_core.timeline.variables import VariableIndex, changed_by


class Reset(NamedTuple):
    """A reset of the world, in record `n`."""

    n: int
    event: WorldReset


class EpisodeEnd(NamedTuple):
    """The end of the episode, in record `n`."""

    n: int
    event: EpisodeFinished


class LimitHit(NamedTuple):
    """A limit that was reached in record `n`."""

    n: int
    event: LimitReached


class Timeline:
    """The records of one branch with their indexes. Only one thread may call `add`, which appends a record.

    Lookups for a record `n` take O(log n). Their results do not change when records are added, except that
    failed calls are counted at the stop before them. So other threads may look up records that have been
    added.
    """

    def __init__(self, records: Iterable[Record] = (), branch: str = MAIN) -> None:
        self.branch = branch
        self.records: list[Record] = []
        self.stops: list[Stop] = [START]
        self.tree = TreeIndex()
        self.expansions = ExpansionIndex()
        self.actions = ActionIndex()
        self.variables = VariableIndex()
        self.usage = UsageIndex()
        self.failures: list[int] = []
        self.resets: list[Reset] = []
        self.endings: list[EpisodeEnd] = []
        self.limits: list[LimitHit] = []
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Append a record. This is the only place that dispatches events to the indexes."""
        n, event, tree = record.n, record.event, self.tree
        self.records.append(record)
        match event:
            case StatementFinished(place=place):  # the most frequent ones first
                tree.finished(n, place, "done")
                self._bind(n, event)
                self.variables.deleted(n, place, event.deleted)
            case StatementReached():
                tree.reached(n, event)
            case ActionReached(place=place):
                tree.acting(n, place)
                self.actions.reached(n, event)
            case ActionFinished():
                here = tree.here
                self.actions.answered(n, event, self._lineage(here.node) if here is not None else ())
            case PassStarted(place=place) | ConditionEvaluated(place=place):
                tree.moved(n, place)
                self._bind(n, event)
            case Printed():
                self.actions.printed(n, event)
            case ExpansionRequested():
                tree.requested(n, event, self.expansions.requested(n, event))
                self._bind(n, event)
            case ExpansionReplied(node=node, by=by, usage=usage):
                self.expansions.replied(n, event)
                if by == "policy":
                    self.usage.add(n, self._lineage(node), 1, usage)
            case ExpansionAccepted():
                self.expansions.accepted(n, event)
                tree.accepted(n, event)
            case _:
                self._add_rare(n, event)
        if (stop := stop_after(record, tree, self.stops[-1])) is not None:
            self.stops.append(stop)

    def _add_rare(self, n: int, event: Event) -> None:
        match event:
            case ExpansionRefused():
                self.expansions.refused(n, event)
            case ExpansionEdited():
                self.expansions.edited(n, event)
                self.tree.edited(n, event)
            case PromptEdited():
                self.expansions.prompt_edited(n, event)
            case ActionReplaced(action=action):
                self.actions.replaced(n, action)
            case VariableSet():
                self._bind(n, event)
            case StatementSkipped(place=place):
                self.tree.finished(n, place, "skipped")
            case StatementFailed():
                self.tree.failed(n, event)
                self.actions.failed(n, event)
                self.failures.append(n)
            case CallFailed(node=node, usage=usage):
                self.usage.add(self.stops[-1].n, self._lineage(node), 0, usage)
                self.failures.append(n)
            case WorldFailed():
                self.failures.append(n)
            case LimitReached():
                self.limits.append(LimitHit(n, event))
                self.failures.append(n)
            case WorldReset():
                self.resets.append(Reset(n, event))
                self.actions.reset(n, event)
                self._bind(n, event)
            case EpisodeFinished(outcome=outcome):
                self.endings.append(EpisodeEnd(n, event))
                self.tree.ended(n, "done" if outcome == "solved" else "stopped")

    # moments

    def at(self, n: int) -> Moment:
        """The moment after record `n`; -1 is the start."""
        return Moment(self, n)

    @property
    def end(self) -> Moment:
        """The moment after the last record."""
        return Moment(self, self.records[-1].n if self.records else -1)

    # records and stops

    def index(self, n: int) -> int:
        """The index in `records` of the last record up to record `n`; -1 before the first."""
        return count(self.records, n) - 1

    def stop_index(self, n: int) -> int:
        """The index in `stops` of the last stop up to record `n`."""
        return count(self.stops, n) - 1

    def stop_at(self, n: int) -> Stop:
        """The last stop up to record `n`."""
        return self.stops[self.stop_index(n)]

    def next_stop(self, n: int) -> Stop:
        """The first stop at or after record `n`, or the last stop."""
        at = bisect_left(self.stops, n, key=lambda stop: stop.n)
        return self.stops[min(at, len(self.stops) - 1)]

    def first_stop(self, node: str) -> Stop | None:
        """The first stop at a node; None if there is none."""
        return next((s for s in self.stops if s.place is not None and s.place.node == node), None)

    def stop_showing(self, n: int) -> Stop:
        """The stop at which record `n` shows: its own, or else the first after it.

        Of an annotation, such as a failed call, it is the stop at which that was made.
        """
        at = self.index(n)
        is_annotation = at >= 0 and isinstance(self.records[at].event, ANNOTATIONS)
        return self.stop_at(n) if is_annotation else self.next_stop(n)

    def stop_before(self, n: int) -> Stop:
        """The stop before the one at record `n`."""
        return self.stops[max(0, self.stop_index(n) - 1)]

    def up_to(self, n: int) -> list[Record]:
        """The records up to and including record `n`."""
        return self.records[: self.index(n) + 1]

    def since(self, stop: Stop) -> list[Record]:
        """The records after the previous stop, up to and including `stop`."""
        first = self.index(self.stop_before(stop.n).n) + 1 if stop.n >= 0 else 0
        return self.records[first : self.index(stop.n) + 1]

    def event_of(self, stop: Stop) -> Event | None:
        """The event of a stop's record; None at the start."""
        return self.records[self.index(stop.n)].event if stop.n >= 0 else None

    # code

    def call_of(self, stop: Stop) -> str:
        """The placeholder whose expansion contains a stop's statement; empty for the root."""
        return self.tree.call_of(stop.place.node) if stop.place is not None else ""

    def text_at(self, stop: Stop) -> str:
        """The text of a stop's statement, in the code at that time."""
        if stop.place is None or not (call := self.call_of(stop)):
            return ""
        tail = stop.place.node[len(call) :]
        base, history = f"{call}{tail[: tail.index('.') + 1]}", self.expansions.get(call)
        known = [] if history is None else history.codes
        code = next((code for code in reversed(known) if code.base == base and code.n <= stop.n), None)
        return Source(code.text).text_of(stop.place.span) if code is not None else ""

    def copy(self) -> Timeline:
        """An independent copy, for a branch."""
        made = copy.copy(self)
        made.records, made.stops, made.failures = [*self.records], [*self.stops], [*self.failures]
        made.resets, made.endings, made.limits = [*self.resets], [*self.endings], [*self.limits]
        made.tree, made.expansions = self.tree.copy(), self.expansions.copy()
        made.actions, made.variables = self.actions.copy(), self.variables.copy()
        made.usage = self.usage.copy()
        return made

    # inside

    def _bind(self, n: int, event: Event) -> None:
        if changed := changed_by(event):
            place = self.stops[-1].place if isinstance(event, VariableSet) else getattr(event, "place", None)
            self.variables.bound(n, place, changed)

    def _lineage(self, node: str) -> list[str]:
        return [each.id for each in self.tree.lineage(node)]
