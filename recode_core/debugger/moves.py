"""Moving through a session, undo and redo.

Moves through recorded history only change the cursor. At the end of the recorded history the live run is
restored to the cursor and advanced, on a new branch if undone records follow the cursor.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.breakpoint_hits import Hit
from recode_core.debugger.node_names import node_error
from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.targets import check_reachable, check_record, is_at
from recode_core.debugger.undo_history import SessionPosition
from recode_core.errors import RecodeError
from recode_core.events import BreakpointDeleted
from recode_core.executor import Executor
from recode_core.timeline import Stop

Wanted = Callable[[Stop, Stop], bool]
"""Whether a move ends at the first stop; the second one is the start of the move."""


class Moves:
    """The moves of a debugger. `hits` are the breakpoints that were hit by the last one."""

    def __init__(self, parts: DebuggerParts) -> None:
        self.hits: list[Hit] = []
        self._parts = parts

    # forward

    def step(self) -> Stop:
        """To the next stop, whatever it is."""
        return self._forward_to(lambda stop, start: True)

    def next(self) -> Stop:
        """To the next statement stop in the same or an outer frame; a placeholder is run whole."""
        return self._forward_to(_is_next)

    def finish(self) -> Stop:
        """To the statement after the enclosing placeholder; inside a loop this leaves the loop too."""
        return self._forward_to(lambda stop, start: _is_statement(stop) and stop.depth < start.depth)

    def resume(self) -> Stop:
        """To a breakpoint, a failure, a limit or the end (`continue`)."""
        return self._forward_to(lambda stop, start: False)

    def until(self, node: str, line: int | None = None) -> Stop:
        """To a node, or to a line of its code. Raises RecodeError if the run cannot reach it."""
        parts = self._parts
        check_reachable(parts.timeline, parts.cursor, parts.end, node, line)
        return self._forward_to(lambda stop, start: is_at(parts.timeline, stop, node, line))

    @property
    def is_live(self) -> bool:
        """Whether the next step calls policy or world, because nothing is recorded after the cursor."""
        return self._recorded_next() is None

    # back

    def back(self) -> Stop:
        """To the previous stop."""
        return self._back_to(lambda stop, start: True)

    def back_next(self) -> Stop:
        """To the previous statement stop in the same or an outer frame."""
        return self._back_to(_is_next)

    def back_continue(self) -> Stop:
        """Back to a breakpoint, a failure, a limit or the start."""
        return self._back_to(lambda stop, start: stop.kind in ("failure", "limit"))

    # anywhere

    def goto(self, target: int | str) -> Stop:
        """To the stop of a record, or to the first stop at a node."""
        stop = self._find(target)
        self.remember()
        return self.arrive(stop)

    def switch(self, branch: str, after: int | None = None) -> Stop:
        """To the end of a branch, or to its first stop after a record."""
        before = self._parts.position
        self._parts.recording.switch(branch)
        self.remember(before)
        self._parts.history.future_limit = None
        stops = self._parts.timeline.stops
        found = stops[-1] if after is None else next(stop for stop in stops if stop.n > after)
        return self.arrive(found)

    def undo(self) -> SessionPosition:
        """Return to the position before the last command."""
        self._set_position(self._parts.history.back(self._parts.position))
        return self._parts.position

    def redo(self) -> SessionPosition:
        """Redo the last undone command."""
        self._set_position(self._parts.history.forth(self._parts.position))
        return self._parts.position

    # changing the run

    def act(self, target: int, kind: str, reason: str, do: Callable[[Executor], None]) -> Stop:
        """Restore the run to the stop `target` and apply a change, on a new branch if records follow it.

        Raises the errors of restoring and of `do`; nothing is changed then.
        """
        parts, live, recording = self._parts, self._parts.live_run(), self._parts.recording
        before, end = parts.position, parts.timeline.end.n
        live.restore(target)
        if recording.goes_on_after(target):
            recording.fork(target, kind, reason)
        try:
            live.change(do)
        except RecodeError:
            self._set_position(before)
            raise
        self.remember(before)
        if before.branch == recording.branch:  # a change in place: once undone, no position may move into it
            parts.history.limit_future(recording.branch, end)
        parts.history.future_limit = None
        return self.arrive(parts.timeline.stops[-1])

    def accept(self) -> Stop:
        """Continue in the diverged world of the last restore, on a new branch."""
        before = self._parts.position
        try:
            self._parts.live_run().accept_divergence()
        finally:
            if self._parts.recording.branch != before.branch:
                self.remember(before)
                self._parts.history.future_limit = None
        return self.arrive(self._parts.timeline.stops[-1])

    def annotate(self, annotations: Annotations) -> None:
        """Replace breakpoints, watches and notes; can be undone."""
        self.remember()
        self._parts.annotations.set(annotations)
        if points := self._parts.annotations.now.breakpoints:
            self._parts.hits.prepare(points)  # now, so that the next move does not take longer

    def remember(self, position: SessionPosition | None = None) -> None:
        """Add a position (by default the current one) to the undo history."""
        self._parts.history.remember(position or self._parts.position)

    def arrive(self, stop: Stop) -> Stop:
        """Move the cursor to a stop of the timeline."""
        self._parts.history.cursor, self.hits = stop.n, []
        return stop

    def discard_undone(self) -> None:
        """Fork if a change in place is undone now, so that it stays undone in the file."""
        limit, recording = self._parts.history.future_limit, self._parts.recording
        if limit is not None and recording.goes_on_after(limit):
            self._fork_undone(self._parts.end)
            self._parts.history.future_limit = None

    # inside

    def _forward_to(self, wanted: Wanted) -> Stop:
        parts = self._parts
        start, before = parts.stop, parts.position
        if start.kind == "end":
            raise RecodeError("the run has ended: go back, or start it again with `rerun`")
        self.hits = []
        try:
            with parts.activity.busy():
                while True:
                    stop = self._forward()
                    if self._is_interrupted(stop) or wanted(stop, start):
                        return stop
        finally:
            if parts.cursor != before.cursor or parts.recording.branch != before.branch:
                self.remember(before)

    def _back_to(self, wanted: Wanted) -> Stop:
        parts, timeline = self._parts, self._parts.timeline
        start, at = parts.stop, timeline.stop_index(parts.cursor)
        if at == 0:
            raise RecodeError("already at the start of the run")
        self.remember()
        self.hits = []
        points = parts.annotations.now.breakpoints
        with parts.activity.busy():
            parts.hits.evaluate_to(points, timeline.stops[at - 1], lambda: parts.activity.is_pausing)
        while at > 0:
            at -= 1
            stop = timeline.stops[at]
            if at == 0 or wanted(stop, start) or self._stops_at(stop):
                break
        parts.history.cursor = stop.n
        return stop

    def _is_interrupted(self, stop: Stop) -> bool:
        is_pausing = self._parts.activity.is_pausing
        return self._stops_at(stop) or is_pausing or stop.kind in ("failure", "limit", "end")

    def _stops_at(self, stop: Stop) -> bool:
        parts = self._parts
        points = parts.annotations.now.breakpoints
        if not (points and parts.hits.may_hit(points, stop)):
            return False
        found = parts.hits.at(points, stop, parts.live_sandbox(stop))
        self.hits += found
        if spent := [hit.breakpoint.id for hit in found if hit.breakpoint.once]:
            deleted = map(BreakpointDeleted, spent)
            parts.annotations.set(reduce(Annotations.after, deleted, parts.annotations.now))
        return any(not hit.breakpoint.log for hit in found)

    def _recorded_next(self) -> Stop | None:
        timeline, limit = self._parts.timeline, self._parts.history.future_limit
        after = timeline.stop_index(self._parts.cursor) + 1
        if after >= len(timeline.stops):
            return None
        stop = timeline.stops[after]
        return stop if limit is None or stop.n <= limit else None

    def _forward(self) -> Stop:
        parts, history = self._parts, self._parts.history
        if (recorded := self._recorded_next()) is not None:
            history.cursor = recorded.n
            return recorded
        live = parts.live_run()
        live.restore(parts.cursor)
        if parts.recording.goes_on_after(parts.cursor):
            self._fork_undone(parts.cursor)
        try:
            live.advance()
        finally:
            history.cursor, history.future_limit = live.head, None
        return parts.stop

    def _fork_undone(self, at: int) -> None:
        self._parts.recording.fork(at, "undone", "continued after an undo")

    def _find(self, target: int | str) -> Stop:
        timeline, branch = self._parts.timeline, self._parts.recording.branch
        if isinstance(target, int):
            check_record(self._parts.log, timeline, branch, target)
            return timeline.stop_at(target)
        stop = timeline.first_stop(target)
        if stop is None:
            raise node_error(timeline, target, f"no record at node {target!r} on {branch}")
        return stop

    def _set_position(self, position: SessionPosition) -> None:
        """Set branch, cursor and annotations; the live run stays where it is."""
        parts = self._parts
        parts.recording.switch(position.branch)
        parts.annotations.set(position.annotations)
        parts.history.cursor, parts.history.future_limit = position.cursor, position.future_limit
        self.hits = []


def _is_statement(stop: Stop) -> bool:
    return stop.kind in ("statement", "model")


def _is_next(stop: Stop, start: Stop) -> bool:
    return _is_statement(stop) and stop.depth <= start.depth
