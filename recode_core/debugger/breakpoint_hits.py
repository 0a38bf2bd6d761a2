"""The breakpoints that are hit at a stop, over recorded history and live.

Each record is checked once against each breakpoint and the result is kept, since a timeline only grows. So
a move over stops that trigger nothing costs as much as without breakpoints. Conditions are evaluated in a
sandbox that advances with the move: one replay, however many stops it passes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.conditions import holds_during_replay
from recode_core.debugger.history_replay import Replay
from recode_core.events import BreakpointSet, Event
from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.timeline import Stop, Timeline

ConditionResult = bool | EvaluationFailed


class Hit(msgspec.Struct, frozen=True):
    """A breakpoint that was hit at a stop, with a text for the user."""

    breakpoint: BreakpointSet
    n: int
    text: str


class BreakpointHits:
    """Finds the hits on one timeline. `replay` starts a replay of it after a record."""

    def __init__(self, timeline: Timeline, replay: Callable[[int], Replay]) -> None:
        self.timeline = timeline
        self._replay = replay
        self._walk: Replay | None = None
        self._at: tuple[Stop, Interpreter] | None = None
        self._triggers: dict[tuple[str, str, str], _Triggers] = {}
        self._results: dict[tuple[str, int], ConditionResult] = {}
        self._points: Mapping[int, BreakpointSet] = {}
        self._seen = 0  # stops of the timeline that were looked at
        self._at_stop: dict[int, list[BreakpointSet]] = {}

    def at(
        self, points: Mapping[int, BreakpointSet], stop: Stop, live: Interpreter | None = None
    ) -> list[Hit]:
        """The breakpoints that are hit at a stop; `live` is the run's own sandbox if the run is there."""
        if points is not self._points or self._seen < len(self.timeline.stops):
            self._find_triggered(points)
        hits = (self._hit(point, stop, live) for point in self._at_stop.get(stop.n, ()))
        return [hit for hit in hits if hit is not None]

    def evaluate_to(
        self, points: Mapping[int, BreakpointSet], stop: Stop, is_interrupted: Callable[[], bool]
    ) -> None:
        """Evaluate the conditions at all stops up to `stop` in one replay, so that `at` can be called
        backwards.
        """
        self._find_triggered(points)
        for n in sorted(n for n in self._at_stop if n <= stop.n):
            if is_interrupted():
                return
            if any(point.condition for point in self._at_stop[n]):
                self.at(points, self.timeline.stop_at(n))

    def close(self) -> None:
        """Close the sandbox."""
        if self._walk is not None:
            self._walk.close()
        self._walk = self._at = None

    def _find_triggered(self, points: Mapping[int, BreakpointSet]) -> None:
        """Update the triggered breakpoints of each stop; only new stops, if the breakpoints are the same."""
        if points is not self._points:
            self._points, self._at_stop, first = points, {}, -2
        else:
            first = self.timeline.stops[self._seen - 1].n if self._seen else -2
        self._seen = len(self.timeline.stops)
        found: defaultdict[int, list[BreakpointSet]] = defaultdict(list)
        for point in points.values():
            if point.enabled:
                for n in self._triggers_of(point).after(first):
                    found[n].append(point)
        self._at_stop.update(found)

    def _hit(self, point: BreakpointSet, stop: Stop, live: Interpreter | None) -> Hit | None:
        triggers = self._triggers_of(point)
        if point.after and triggers.before(stop.n) < point.after:
            return None
        text = f"{point.kind} {point.pattern}".strip()
        if not point.condition:
            return Hit(point, stop.n, text)
        result = self._condition_result(point.condition, stop, triggers.events[stop.n], live)
        if isinstance(result, EvaluationFailed):
            if result.type == "NameError":  # a variable that isn't there yet: the condition doesn't hold
                return None
            return Hit(point, stop.n, f"{text}: the condition failed: {result}")
        return Hit(point, stop.n, text) if result else None

    def _triggers_of(self, point: BreakpointSet) -> _Triggers:
        key = point.kind, point.pattern, point.text
        found = self._triggers.setdefault(key, _Triggers())
        found.catch_up(point, self.timeline)
        return found

    def _condition_result(
        self, condition: str, stop: Stop, event: Event, live: Interpreter | None
    ) -> ConditionResult:
        key = condition, stop.n
        if key not in self._results:
            interpreter = live if live is not None else self._interpreter_at(stop)
            facts = self.timeline.at(stop.n).facts()
            try:
                found: ConditionResult = holds_during_replay(
                    condition, interpreter, event, facts, live is not None
                )
            except EvaluationFailed as error:
                found = error
            self._results[key] = found
        return self._results[key]

    def _interpreter_at(self, stop: Stop) -> Interpreter:
        """The sandbox at a stop. The replay is advanced to it, or restarted if it is already past it."""
        if self._at is not None and self._at[0].n > stop.n:
            self.close()
        if self._walk is None:
            self._walk = self._replay(self.timeline.stop_before(stop.n).n)
        while self._at is None or self._at[0].n < stop.n:
            found = next(self._walk, None)
            if found is None:
                raise EvaluationFailed(f"the recording cannot be replayed up to record {stop.n}")
            self._at = found[0], found[2]
        return self._at[1]


class _Triggers:
    """The stops that trigger a breakpoint, with the first triggering event since the previous stop."""

    def __init__(self) -> None:
        self.stops: list[int] = []
        self.events: dict[int, Event] = {}
        self._seen = 0  # records

    def catch_up(self, point: BreakpointSet, timeline: Timeline) -> None:
        """Check the new records up to the last stop."""
        end = timeline.index(timeline.stops[-1].n) + 1
        kind = KINDS[point.kind]
        for record in timeline.records[self._seen : end] if self._seen < end else ():
            if type(record.event) in kind.events:
                stop = timeline.next_stop(record.n)
                is_new = not self.stops or self.stops[-1] != stop.n
                if is_new and kind.fits(record.event, point, timeline, stop):
                    self.stops.append(stop.n)
                    self.events[stop.n] = record.event
        self._seen = max(self._seen, end)

    def after(self, n: int) -> Iterable[int]:
        """The stops after record `n`."""
        return self.stops[bisect_left(self.stops, n + 1) :]

    def before(self, n: int) -> int:
        """The number of stops before record `n` that trigger the breakpoint."""
        return bisect_left(self.stops, n)
