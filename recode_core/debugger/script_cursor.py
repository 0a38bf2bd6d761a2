"""Where a script is on a branch of the session that it repeats, and the moves to a later stop."""

from __future__ import annotations

from collections.abc import Container, Iterator

from recode_core.debugger.commands import Continue, Step, Until
from recode_core.debugger.targets import check_reachable, is_at
from recode_core.errors import RecodeError
from recode_core.events import (
    ANNOTATIONS,
    EpisodeFinished,
    LimitRaised,
    LimitReached,
    PromptEdited,
    PromptsChanged,
)
from recode_core.timeline import Stop, Timeline
from recode_core.timeline.history import count

_Move = Continue | Until | Step


class ScriptCursor:
    """A position among the stops of a branch, without those after the records `left_out`.

    A branch that `is_over` has been run by the script before; else the script's run is at its head.
    """

    def __init__(self, timeline: Timeline, left_out: Container[int] = (), is_over: bool = False) -> None:
        self.timeline = timeline
        self._stops = [stop for stop in timeline.stops if stop.n not in left_out]
        self._is_over = is_over
        self._at = 0

    @property
    def stop(self) -> Stop:
        """The stop at which the script is."""
        return self._stops[self._at]

    def put(self, stop: Stop) -> None:
        """Set the stop at which the script is."""
        self._at = self._index(stop)

    def moves(self, target: Stop) -> Iterator[_Move]:
        """Move forward to a stop. Yields the commands for it, each of which leads as far as possible."""
        last = self._index(target)
        while self._at < last:
            commands = self._towards(target)
            landings = [self._landing(command, last) for command in commands]
            self._at = max(landings)
            yield commands[landings.index(self._at)]

    def _index(self, stop: Stop) -> int:
        return count(self._stops, stop.n) - 1

    def _towards(self, target: Stop) -> list[_Move]:
        """Moves in the direction of a stop, the plainest first."""
        moves: list[_Move] = [Continue()]
        if target.place is not None:
            moves.append(Until(target.place.node))
            if call := self.timeline.call_of(target):
                moves.append(Until(call, target.place.span.line))
        return [*moves, Step()]

    def _landing(self, command: _Move, last: int) -> int:
        """The index of the stop that a move leads to; -1 if it leads past `last`, or is refused."""
        if isinstance(command, Step):
            return self._at + 1
        if isinstance(command, Until) and not self._is_reachable(command):
            return -1
        for at in range(self._at + 1, last + 1):
            stop = self._stops[at]
            is_there = isinstance(command, Until) and is_at(self.timeline, stop, command.node, command.line)
            if is_there or stop.kind in ("failure", "limit", "end"):
                return at
        return -1

    def _is_reachable(self, command: Until) -> bool:
        here = self.stop.n
        end = self.timeline.end.n if self._is_over else here
        try:
            check_reachable(self.timeline, here, end, command.node, command.line)
        except RecodeError:
            return False
        return True


def left_out(timeline: Timeline, unreached_limits: Container[str], are_replies_given: bool) -> set[int]:
    """The records of stops that a script does not come to.

    They are those that only a changed prompt led to, and limits that are reached or raised before a call: a
    script in which the replies are given makes none. `unreached_limits` are left out if the run went on
    after them.
    """
    found, is_before_call = _of_changed_prompts(timeline), False
    for stop in timeline.stops:
        match timeline.event_of(stop):
            case LimitReached(name=name):
                is_unreached = name in unreached_limits or is_before_call
                is_before_call = is_unreached and _goes_on(timeline, stop.n)
                found |= {stop.n} if is_before_call else set()
            case LimitRaised():
                found |= {stop.n} if is_before_call else set()
            case _:
                is_before_call = stop.kind == "model" and are_replies_given
    return found


def _goes_on(timeline: Timeline, n: int) -> bool:
    """Whether the run went on after the limit in record `n`."""
    for record in timeline.records[timeline.index(n) + 1 :]:
        if not isinstance(record.event, (LimitRaised, *ANNOTATIONS)):
            return not isinstance(record.event, EpisodeFinished)
    return False


def _of_changed_prompts(timeline: Timeline) -> set[int]:
    """The records of stops that a change of a prompt led to; without it the run is where it was before."""
    found = set[int]()
    for record in timeline.records:
        match record.event:
            case PromptEdited():
                found.add(record.n)
            case PromptsChanged():
                found.add(timeline.next_stop(record.n).n)
    return found
