"""Moving through a session, acting in it, and taking both back.

The *cursor* is the record that is shown, always a stop; the *head* is where executor, interpreter
and world stand. Moving through recorded history moves the cursor and writes nothing. Acting away
from the head first restores it to the cursor, and starts a branch where something was recorded after.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, reduce
from typing import Literal

from recode_core.debugger.breakpoint_hits import BreakpointHits, Hit
from recode_core.debugger.head import Head
from recode_core.debugger.history_replay import replay
from recode_core.debugger.marks import Marks, differences, marks_of
from recode_core.debugger.places import check_ahead, check_record, is_at
from recode_core.debugger.restore import Restorer
from recode_core.debugger.undo import Position, Undo
from recode_core.errors import RecodeError
from recode_core.events import BreakpointDeleted
from recode_core.executor import Executor, Run
from recode_core.log import Log
from recode_core.timeline import Stop

State = Literal["paused", "running", "pausing"]


class Navigator(Head):
    """A session with a cursor. Used by one thread; `pause` and `abort` may come from others."""

    def __init__(self, log: Log, executor: Executor, restorer: Restorer) -> None:
        super().__init__(log, executor, restorer)
        self.cursor = self.head
        self.horizon: int | None = None
        self.marks = marks_of(log.records)
        self.state: State = "paused"
        self.hits: list[Hit] = []
        self._met: BreakpointHits | None = None
        self._pause = threading.Event()
        self._working = 0
        self._undo = Undo()

    # where we are

    @property
    def stop(self) -> Stop:
        """The stop at the cursor."""
        return self.timeline.stops[self.timeline.stop_index(self.cursor)]

    @property
    def position(self) -> Position:
        """What undo would bring back now."""
        return Position(self.branch, self.cursor, self.horizon, self.marks)

    @property
    def end(self) -> int:
        """The last stop that counts: what was undone does not."""
        return self.timeline.stops[-1 if self.horizon is None else self.timeline.stop_index(self.horizon)].n

    @property
    def is_live(self) -> bool:
        """Whether the next step forward asks policy or world, nothing recorded lying ahead."""
        return self._recorded_next() is None

    @property
    def is_pausing(self) -> bool:
        """Whether what is under way is to end at its next stop."""
        return self._pause.is_set()

    # moves

    def step(self) -> Stop:
        """To the next stop, whatever it is."""
        return self._move(lambda stop, start: True)

    def next(self) -> Stop:
        """To the next statement stop in the same or an outer frame; a placeholder is run whole."""
        return self._move(lambda stop, start: _is_statement(stop) and stop.depth <= start.depth)

    def finish(self) -> Stop:
        """To the statement after the enclosing placeholder; inside a loop this leaves the loop too."""
        return self._move(lambda stop, start: _is_statement(stop) and stop.depth < start.depth)

    def resume(self) -> Stop:
        """To a breakpoint, a failure, a limit or the end (`continue`)."""
        return self._move(lambda stop, start: False)

    def until(self, node: str, line: int | None = None) -> Stop:
        """To a node, or to a line of its code. Raises RecodeError where the run can't come there."""
        check_ahead(self.timeline, self.cursor, self.end, node, line)
        return self._move(lambda stop, start: is_at(self.timeline, stop, node, line))

    def back(self) -> Stop:
        """To the stop before."""
        return self._move_back(lambda stop, start: True)

    def back_next(self) -> Stop:
        """To the statement stop before, in the same or an outer frame."""
        return self._move_back(lambda stop, start: _is_statement(stop) and stop.depth <= start.depth)

    def back_continue(self) -> Stop:
        """To a breakpoint, a failure or a limit before, or to the beginning."""
        return self._move_back(lambda stop, start: stop.kind in ("failure", "limit"))

    def goto(self, target: int | str) -> Stop:
        """To a record's stop, or to the first stop at a node."""
        stop = self._find(target)
        self._remember()
        return self._arrive(stop)

    def pause(self) -> None:
        """Stop at the next stop; from any thread. What is under way is drained and kept."""
        self._pause.set()
        if self.state == "running":
            self.state = "pausing"

    def abort(self) -> None:
        """Break off what is under way, from any thread; what arrived of a reply is kept, with its cost."""
        self.pause()
        self.break_off()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Work that `pause` is to break off: while it goes on, the state is `running` or `pausing`.

        Work may be part of other work: a pause holds until the outermost is over.
        """
        if not self._working:
            self.state = "running"
        self.hits = []
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self.state = "paused"
                self._pause.clear()

    # undo

    def undo(self) -> Position:
        """Bring back what was before the last command."""
        self._go(self._undo.back(self.position))
        return self.position

    def redo(self) -> Position:
        """Do again what was undone last."""
        self._go(self._undo.forth(self.position))
        return self.position

    def forget(self) -> None:
        """Nothing that was done so far can be undone or redone any more."""
        self._undo.clear()

    def close(self) -> None:
        """Give everything back. A change in place that is undone now stays undone in the file."""
        try:
            self._drop_hits()
            if self.horizon is not None and self._is_followed(self.horizon):
                self._leave_undone(self.end)
                self.horizon = None
        finally:
            super().close()

    def switch(self, branch: str) -> Stop:
        """To the end of a branch."""
        if branch not in self.log.branches:
            raise RecodeError(f"there is no branch {branch!r}; there are {', '.join(self.log.branches)}")
        self._remember()
        self._go(Position(branch, -1, None, self.marks))
        return self._arrive(self.timeline.stops[-1])

    # acting

    def act(self, target: int, kind: str, reason: str, do: Callable[[Run], None]) -> Stop:
        """Do something to the run as it is at stop `target`: on a branch, if more was recorded after it.

        Raises what restoring raises, and what `do` raises; nothing is changed then.
        """
        before = self.position
        end = self.timeline.records[-1].n if self.timeline.records else -1
        self._stand_at(target)
        if self._is_followed(target):
            self._start_branch(target, kind, reason)
        try:
            do(self.executor.run)
        except RecodeError:  # it may have been half done
            self._sync()
            self._is_lost = True
            self._go(before)
            raise
        self._sync()
        self._remember(before)
        if before.branch == self.branch:  # once taken back, it is no future of any earlier position either
            self._undo.end_before(self.branch, end)
        self.horizon = None
        return self._arrive(self.timeline.stops[-1])

    def mark(self, marks: Marks) -> None:
        """Leave these marks on the session."""
        self._remember()
        self._set_marks(marks)

    # inside

    def _move(self, wanted: Callable[[Stop, Stop], bool]) -> Stop:
        start, before = self.stop, self.position
        if start.kind == "end":
            raise RecodeError("the run is over: go back, or start it again")
        try:
            with self.working():
                while True:
                    stop = self._forward()
                    if self._is_interrupted(stop, start) or wanted(stop, start):
                        return stop
        finally:
            if self.cursor != before.cursor or self.branch != before.branch:
                self._remember(before)

    def _move_back(self, wanted: Callable[[Stop, Stop], bool]) -> Stop:
        start, at = self.stop, self.timeline.stop_index(self.cursor)
        if at == 0:
            raise RecodeError("this is the beginning")
        self._remember()
        self.hits = []
        points = self.marks.breakpoints.values()
        self._hits_on_timeline().evaluate_to(points, self.timeline.stops[at - 1], lambda: self.is_pausing)
        while at > 0:
            at -= 1
            stop = self.timeline.stops[at]
            if at == 0 or wanted(stop, start) or self._stops_at(stop):
                break
        self.cursor = stop.n
        return stop

    def _is_interrupted(self, stop: Stop, start: Stop) -> bool:
        return self._stops_at(stop) or self.is_pausing or stop.kind in ("failure", "limit", "end")

    def _stops_at(self, stop: Stop) -> bool:
        live = self.executor.run.interpreter if self.head == stop.n and not self._is_lost else None
        found = self._hits_on_timeline().at(self.marks.breakpoints.values(), stop, live)
        self.hits += found
        if spent := [h.breakpoint.id for h in found if h.breakpoint.once]:
            self._set_marks(reduce(Marks.after, map(BreakpointDeleted, spent), self.marks))
        return any(not h.breakpoint.log for h in found)

    def _hits_on_timeline(self) -> BreakpointHits:
        """What finds hits on the current timeline; another branch has another one."""
        if self._met is None or self._met.timeline is not self.timeline:
            self._drop_hits()
            again = partial(replay, self.restorer, self.log, self.timeline)
            self._met = BreakpointHits(self.timeline, lambda after: again(self.end, after))
        return self._met

    def _drop_hits(self) -> None:
        if self._met is not None:
            self._met.close()
        self._met = None

    def _recorded_next(self) -> Stop | None:
        after = self.timeline.stop_index(self.cursor) + 1
        if after >= len(self.timeline.stops):
            return None
        stop = self.timeline.stops[after]
        return stop if self.horizon is None or stop.n <= self.horizon else None

    def _forward(self) -> Stop:
        recorded = self._recorded_next()
        if recorded is not None:
            self.cursor = recorded.n
            return recorded
        self._stand_at(self.cursor)
        if self._is_followed(self.cursor):
            self._leave_undone(self.cursor)
        try:
            self._advance()
        finally:
            self._sync()
            self.cursor, self.horizon = self.head, None
        return self.stop

    def _leave_undone(self, at: int) -> None:
        self._start_branch(at, "undone", "going on after an undo")

    def _find(self, target: int | str) -> Stop:
        if isinstance(target, int):
            check_record(self.log, self.timeline, self.branch, target)
            return self.timeline.stops[self.timeline.stop_index(target)]
        for stop in self.timeline.stops:
            if stop.place is not None and stop.place.node == target:
                return stop
        raise RecodeError(f"nothing has been recorded at node {target!r} on {self.branch}")

    def _remember(self, position: Position | None = None) -> None:
        self._undo.remember(position or self.position)

    def _arrive(self, stop: Stop) -> Stop:
        """Put the cursor at a stop of the line."""
        self.cursor, self.hits = stop.n, []
        return stop

    def _go(self, position: Position) -> None:
        if position.branch != self.branch:
            self.log.switch(position.branch)
            self.branch = position.branch
            self._read_line()
        self._set_marks(position.marks)
        self.cursor, self.horizon, self.hits = position.cursor, position.horizon, []

    def _set_marks(self, marks: Marks) -> None:
        for event in differences(self.marks, marks):
            self.log.append(event)
        self.marks = marks
        self._read_on()


def _is_statement(stop: Stop) -> bool:
    return stop.kind in ("statement", "model")
