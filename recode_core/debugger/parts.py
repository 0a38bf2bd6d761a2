"""The parts of a debugger, shared by its moves, changes and queries."""

from __future__ import annotations

from functools import partial
from typing import NoReturn

from recode_core.debugger.activity import Activity
from recode_core.debugger.annotations import AnnotationLog
from recode_core.debugger.breakpoint_hits import BreakpointHits
from recode_core.debugger.history_replay import replay
from recode_core.debugger.live_run import LiveRun
from recode_core.debugger.recording import Recording
from recode_core.debugger.restore import Restorer
from recode_core.debugger.undo_history import SessionPosition, UndoHistory
from recode_core.errors import ReadOnlyError, RecodeError
from recode_core.executor import Executor
from recode_core.interpreter import Interpreter
from recode_core.log import Log
from recode_core.timeline import Moment, Stop, Timeline


class DebuggerParts:
    """The parts of a debugger, and values that depend on more than one of them.

    `live` is None in a read-only session; `refusal` is the reason. Everything belongs to one thread, the
    one that executes commands. Other threads may call `Activity.pause` and `LiveRun.abort`, and read from
    timelines about records that have been added.
    """

    def __init__(
        self, log: Log, restorer: Restorer, live: LiveRun | None, recording: Recording, refusal: str = ""
    ) -> None:
        self.log = log
        self.recording = recording
        self.restorer = restorer
        self.live = live
        self.history = UndoHistory(recording.timeline.stops[-1].n)
        self.annotations = AnnotationLog(log, is_readonly=live is None)
        self.activity = Activity()
        self.refusal = refusal
        self._hits: BreakpointHits | None = None
        self._past: tuple[int, Executor] | None = None

    @property
    def timeline(self) -> Timeline:
        """The records of the current branch."""
        return self.recording.timeline

    @property
    def cursor(self) -> int:
        """The number of the current record, which is always a stop."""
        return self.history.cursor

    @property
    def stop(self) -> Stop:
        """The stop at the cursor."""
        return self.timeline.stop_at(self.cursor)

    @property
    def moment(self) -> Moment:
        """The state of the run at the cursor."""
        return self.timeline.at(self.cursor)

    @property
    def end(self) -> int:
        """The last stop that can be reached by moving forward; undone records do not count."""
        limit = self.history.future_limit
        return self.timeline.stops[-1].n if limit is None else self.timeline.stop_at(limit).n

    @property
    def position(self) -> SessionPosition:
        """The current position, for undo."""
        return self.history.position(self.recording.branch, self.annotations.now)

    @property
    def hits(self) -> BreakpointHits:
        """The breakpoint hits on the current timeline, recreated after a change of branch."""
        if self._hits is None or self._hits.timeline is not self.timeline:
            self._drop_hits()
            again = partial(replay, self.restorer, self.log, self.timeline)
            self._hits = BreakpointHits(self.timeline, lambda after: again(self.end, after))
        return self._hits

    def live_run(self) -> LiveRun:
        """The live run. Raises ReadOnlyError if there is none."""
        if self.live is None:
            self.refuse()
        return self.live

    def refuse(self) -> NoReturn:
        """Raise ReadOnlyError with the reason."""
        raise ReadOnlyError(self.refusal)

    def live_sandbox(self, stop: Stop) -> Interpreter | None:
        """The sandbox of the live run if it is at this stop."""
        return self.live.interpreter if self.live is not None and self.live.head == stop.n else None

    def sandbox_at(self, stop: Stop) -> Interpreter:
        """A sandbox at a stop, for inspection only: that of the live run, or a rebuilt one."""
        if (live := self.live_sandbox(stop)) is not None:
            return live
        if self._past is None or self._past[0] != stop.n:
            self._drop_past()
            self._past = stop.n, self.restorer.interpreter_at(self.timeline.up_to(stop.n))
        return self._past[1].run.interpreter

    def node_here(self) -> str:
        """The node at the cursor. Raises RecodeError at the start."""
        place = self.stop.place
        if place is None:
            raise RecodeError("the run has not started; `step` first")
        return place.node

    def close(self) -> None:
        """Close sandboxes and world."""
        self.recording.close()
        self._drop_hits()
        self._drop_past()
        if self.live is not None:
            self.live.close()

    def _drop_hits(self) -> None:
        if self._hits is not None:
            self._hits.close()
        self._hits = None

    def _drop_past(self) -> None:
        if self._past is not None:
            self._past[1].run.discard()
        self._past = None
