"""The breakpoints that are hit at a stop, over recorded history and live.

An event *triggers* a breakpoint if it matches kind and pattern. At the stop after it the condition is *met*
if it holds or cannot be evaluated; if a variable in it is undefined, it is not met. The first `after` stops
at which it is met are ignored, the later ones are hits.

Each record is checked once against each breakpoint and the result is kept, since a timeline only grows. So
a move over stops that trigger nothing, or are known not to be hit, costs as much as without breakpoints.
Conditions are evaluated on recorded values (see `recorded_conditions`), or else in a sandbox that advances
with the move: one replay, however many stops it passes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.conditions import holds, holds_during_replay
from recode_core.debugger.history_replay import Replay
from recode_core.debugger.recorded_conditions import ConditionResult, RecordedCondition
from recode_core.events import BreakpointSet, Event
from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.timeline import Stop, Timeline


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
        self._scratch: Interpreter | None = None
        self._recorded: dict[str, RecordedCondition] = {}
        self._triggers: dict[tuple[str, str, str], _Triggers] = {}
        self._points: Mapping[int, BreakpointSet] = {}
        self._seen = 0  # number of stops of the timeline that were checked
        self._at_stop: dict[int, list[BreakpointSet]] = {}

    def at(
        self, points: Mapping[int, BreakpointSet], stop: Stop, live: Interpreter | None = None
    ) -> list[Hit]:
        """The breakpoints that are hit at a stop; `live` is the run's own sandbox if the run is there."""
        if not self.may_hit(points, stop):
            return []
        hits = (self._hit(point, stop, live) for point in self._at_stop.get(stop.n, ()))
        return [hit for hit in hits if hit is not None]

    def may_hit(self, points: Mapping[int, BreakpointSet], stop: Stop) -> bool:
        """Whether a breakpoint may be hit at a stop: nearly all stops of a long line are passed with this."""
        self.prepare(points)
        return stop.n in self._at_stop

    def prepare(self, points: Mapping[int, BreakpointSet]) -> None:
        """Find the stops that trigger the breakpoints, as far as they are not known."""
        if points is not self._points or self._seen < len(self.timeline.stops):
            self._find_triggered(points)

    def evaluate_to(
        self, points: Mapping[int, BreakpointSet], stop: Stop, is_interrupted: Callable[[], bool]
    ) -> None:
        """Evaluate the conditions at all stops up to `stop`, in one replay.

        A move backwards calls this first: its calls of `at` then use the results, where each of them would
        otherwise restart the replay. It returns early once `is_interrupted` is true.
        """
        self.prepare(points)
        for n in sorted(n for n in self._at_stop if n <= stop.n):
            if is_interrupted():
                return
            if any(point.condition for point in self._at_stop[n]):
                self.at(points, self.timeline.stop_at(n))

    def close(self) -> None:
        """Close the sandboxes."""
        self._close_walk()
        if self._scratch is not None:
            self._scratch.close()
        self._scratch = None

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
                for n in self._triggers_of(point).candidates(point, first):
                    found[n].append(point)
        self._at_stop.update(found)

    def _hit(self, point: BreakpointSet, stop: Stop, live: Interpreter | None) -> Hit | None:
        triggers = self._triggers_of(point)
        text = f"{point.kind} {point.pattern}".strip()
        if not point.condition:
            return Hit(point, stop.n, text)
        is_ignored = self._has_fewer_hits(point, triggers, stop.n)
        # The condition is evaluated at an ignored stop, too: a later stop counts it.
        result = self._condition_result(point, triggers, stop, live)
        if is_ignored or not _is_met(result):
            return None
        failure = f": the condition failed: {result}" if isinstance(result, EvaluationFailed) else ""
        return Hit(point, stop.n, f"{text}{failure}")

    def _has_fewer_hits(self, point: BreakpointSet, triggers: _Triggers, n: int) -> bool:
        """Whether the condition was met at fewer than `after` of the triggering stops before record `n`.

        The stops are evaluated in order, and only until `after` of them are found.
        """
        met = triggers.met(point.condition)
        while len(met.stops) < point.after and (before := triggers.stop_after(met.up_to, n)) is not None:
            if _is_met(self._condition_result(point, triggers, self.timeline.stop_at(before))):
                met.stops.append(before)
            met.up_to = before
        return bisect_left(met.stops, n) < point.after

    def _triggers_of(self, point: BreakpointSet) -> _Triggers:
        key = point.kind, point.pattern, point.text
        found = self._triggers.setdefault(key, _Triggers())
        found.catch_up(point, self.timeline)
        return found

    def _condition_result(
        self, point: BreakpointSet, triggers: _Triggers, stop: Stop, live: Interpreter | None = None
    ) -> ConditionResult:
        results = triggers.met(point.condition).results
        if stop.n not in results and live is None:
            recorded = self._recorded_condition(point.condition).result_at(stop, triggers.events[stop.n])
            if recorded is not None:
                results[stop.n] = recorded
        if stop.n not in results:
            interpreter = live if live is not None else self._interpreter_at(stop)
            evaluated = holds if live is not None else holds_during_replay
            facts = self.timeline.at(stop.n).facts()
            try:
                results[stop.n] = evaluated(point.condition, interpreter, triggers.events[stop.n], facts)
            except EvaluationFailed as error:
                results[stop.n] = error
        return results[stop.n]

    def _recorded_condition(self, condition: str) -> RecordedCondition:
        if condition not in self._recorded:
            recorded = RecordedCondition(condition, self.timeline, self._empty_sandbox)
            self._recorded[condition] = recorded
        return self._recorded[condition]

    def _empty_sandbox(self) -> Interpreter:
        if self._scratch is None:
            self._scratch = Interpreter()
        return self._scratch

    def _close_walk(self) -> None:
        if self._walk is not None:
            self._walk.close()
        self._walk = self._at = None

    def _interpreter_at(self, stop: Stop) -> Interpreter:
        """The sandbox at a stop.

        The replay is advanced to it. If it is already past it, or ends before it because the run has gone on
        since it was started, it is restarted.
        """
        if self._at is None or self._at[0].n > stop.n or not self._advance_to(stop):
            self._close_walk()
            self._walk = self._replay(self.timeline.stop_before(stop.n).n)
            if not self._advance_to(stop):
                raise EvaluationFailed(f"the recording cannot be replayed up to record {stop.n}")
        assert self._at is not None
        return self._at[1]

    def _advance_to(self, stop: Stop) -> bool:
        """Advance the replay to a stop. Return False if it ends before it."""
        while self._at is None or self._at[0].n < stop.n:
            found = None if self._walk is None else next(self._walk, None)
            if found is None:
                return False
            self._at = found[0], found[2]
        return True


def _is_met(result: ConditionResult) -> bool:
    """Whether a condition holds, or fails for another reason than a variable that is not defined yet."""
    return result.type != "NameError" if isinstance(result, EvaluationFailed) else result


class _ConditionStops:
    """The results of a condition by stop, and the stops up to record `up_to` at which it is met."""

    def __init__(self) -> None:
        self.results: dict[int, ConditionResult] = {}
        self.stops: list[int] = []
        self.up_to = -2  # the stop before the first record is -1


class _Triggers:
    """The stops that trigger a breakpoint, with the first triggering event since the previous stop."""

    def __init__(self) -> None:
        self.stops: list[int] = []
        self.events: dict[int, Event] = {}
        self._conditions: dict[str, _ConditionStops] = {}
        self._seen = 0  # number of records that were checked

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

    def candidates(self, point: BreakpointSet, n: int) -> Iterable[int]:
        """The stops after record `n` at which the breakpoint may be hit, as far as is known."""
        first = bisect_left(self.stops, n + 1)
        if not point.condition:
            return self.stops[max(first, point.after) :]
        results = self.met(point.condition).results
        return [n for n in self.stops[first:] if n not in results or _is_met(results[n])]

    def stop_after(self, n: int, end: int) -> int | None:
        """The first stop after record `n` and before record `end`."""
        at = bisect_left(self.stops, n + 1)
        return self.stops[at] if at < len(self.stops) and self.stops[at] < end else None

    def met(self, condition: str) -> _ConditionStops:
        """The stops at which a condition is met; it is evaluated for the events of this breakpoint."""
        return self._conditions.setdefault(condition, _ConditionStops())
