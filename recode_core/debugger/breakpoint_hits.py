"""Which breakpoints stop a run where, over recorded history and live.

A move asks for one stop after the other. What a breakpoint has met is counted as it goes, and conditions
are evaluated in a sandbox that goes along: so a move is linear in the stops that it passes, whatever
breakpoints there are. What was found of a stop is kept, since a timeline only grows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable

import msgspec

from recode_core.debugger.breakpoints import trigger
from recode_core.debugger.conditions import holds_during_replay
from recode_core.debugger.history_replay import Replay
from recode_core.events import BreakpointSet, Event
from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.timeline import Stop, Timeline

Verdict = bool | EvaluationFailed


class Hit(msgspec.Struct, frozen=True):
    """A breakpoint that a stop met, and what there is to say."""

    breakpoint: BreakpointSet
    n: int
    text: str


class BreakpointHits:
    """The hits on one timeline. `replay` makes a replay of it that begins after a record."""

    def __init__(self, timeline: Timeline, replay: Callable[[int], Replay]) -> None:
        self.timeline = timeline
        self._replay = replay
        self._walk: Replay | None = None
        self._at: tuple[Stop, Interpreter] | None = None
        self._triggers: dict[tuple[str, str, str], _Triggers] = {}
        self._verdicts: dict[tuple[str, int], Verdict] = {}

    def at(self, points: Iterable[BreakpointSet], stop: Stop, live: Interpreter | None = None) -> list[Hit]:
        """The breakpoints that a stop meets; `live` is the run's own sandbox, where it rests there."""
        hits = (self._hit(point, stop, live) for point in points if point.enabled)
        return [hit for hit in hits if hit is not None]

    def evaluate_to(
        self, points: Iterable[BreakpointSet], stop: Stop, is_interrupted: Callable[[], bool]
    ) -> None:
        """Evaluate the conditions at all stops up to one, in one replay: `at` then goes backwards."""
        conditional = [point for point in points if point.enabled and point.condition]
        for past in self.timeline.stops[: self.timeline.stop_index(stop.n) + 1] if conditional else ():
            if is_interrupted():
                return
            self.at(conditional, past)

    def close(self) -> None:
        """Give the sandbox back."""
        if self._walk is not None:
            self._walk.close()
        self._walk = self._at = None

    def _hit(self, point: BreakpointSet, stop: Stop, live: Interpreter | None) -> Hit | None:
        event = trigger(point, self.timeline, stop)
        if event is None or (point.after and self._count_before(point, stop) < point.after):
            return None
        text = f"{point.kind} {point.pattern}".strip()
        if not point.condition:
            return Hit(point, stop.n, text)
        verdict = self._verdict(point.condition, stop, event, live)
        if isinstance(verdict, EvaluationFailed):
            if verdict.type == "NameError":  # a variable that isn't there yet: the condition doesn't hold
                return None
            return Hit(point, stop.n, f"{text}: the condition failed: {verdict}")
        return Hit(point, stop.n, text) if verdict else None

    def _count_before(self, point: BreakpointSet, stop: Stop) -> int:
        """How many stops before one trigger a breakpoint."""
        key = point.kind, point.pattern, point.text
        found = self._triggers.setdefault(key, _Triggers())
        index = self.timeline.stop_index(stop.n)
        for past in self.timeline.stops[found.seen : index]:
            if trigger(point, self.timeline, past) is not None:
                found.stops.append(past.n)
        found.seen = max(found.seen, index)
        return bisect_left(found.stops, stop.n)

    def _verdict(self, condition: str, stop: Stop, event: Event, live: Interpreter | None) -> Verdict:
        key = condition, stop.n
        if key not in self._verdicts:
            interpreter = live if live is not None else self._interpreter_at(stop)
            facts = self.timeline.at(stop.n).facts()
            try:
                found: Verdict = holds_during_replay(condition, interpreter, event, facts, live is not None)
            except EvaluationFailed as error:
                found = error
            self._verdicts[key] = found
        return self._verdicts[key]

    def _interpreter_at(self, stop: Stop) -> Interpreter:
        """The sandbox at a stop: a replay goes on to it, or begins anew where it is past it already."""
        if self._at is not None and self._at[0].n > stop.n:
            self.close()
        if self._walk is None:
            self._walk = self._replay(self.timeline.stop_before(stop.n).n)
        while self._at is None or self._at[0].n < stop.n:
            found = next(self._walk, None)
            if found is None:
                raise EvaluationFailed(f"the recording can't be executed again up to record {stop.n}")
            self._at = found[0], found[2]
        return self._at[1]


class _Triggers:
    """The stops among the first `seen` that trigger a breakpoint."""

    def __init__(self) -> None:
        self.seen = 0
        self.stops: list[int] = []
