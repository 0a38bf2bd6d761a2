"""The head: where executor, interpreter and world stand, and how they get where the cursor is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from recode_core.debugger.restore import Restorer
from recode_core.debugger.reuse import reusable
from recode_core.environments.guard import discard
from recode_core.errors import EnvironmentUnavailable, SandboxUnavailable
from recode_core.events import ANNOTATIONS
from recode_core.executor import Executor, changes
from recode_core.executor.stops import AtAction, AtModel
from recode_core.interpreter import Interpreter
from recode_core.log import Log, Record
from recode_core.policies.guard import abort
from recode_core.timeline import Stop, Timeline


class Head:
    """The live end of a session: `head` is the stop where the executor stands, on `branch`.

    `timeline` has the records of the branch. `asides` are other executions under way, which `abort` ends too.
    `is_advancing` says that policy, world or sandbox are being waited for, not an earlier state brought back.
    `hear` is told the text of replies as it arrives, with the branch; from any thread. `path` is the file
    that the session is recorded in, if any.
    """

    def __init__(self, log: Log, executor: Executor, restorer: Restorer) -> None:
        self.log = log
        self.executor = executor
        self.restorer = restorer
        self.branch = log.branch
        self.timeline = Timeline(log.line())
        self.head = self.timeline.stops[-1].n
        self.reuse = True
        self.asides: set[Executor] = set()
        self.is_advancing = False
        self.hear: Callable[[str, str], None] = lambda branch, text: None
        self.path: Path | None = None
        # Whether executor and world must be rebuilt before anything is done with them.
        self._is_lost = executor.run.world is None
        self._seen = len(log)
        self._scratch: tuple[int, Executor] | None = None

    def interpreter_at(self, stop: Stop) -> Interpreter:
        """The sandbox as it was at a stop, for looking only: the run's own, or one that is rebuilt."""
        if self.head == stop.n:
            return self.executor.run.interpreter
        if self._scratch is None or self._scratch[0] != stop.n:
            self._drop_scratch()
            self._scratch = (stop.n, self.restorer.interpreter_at(self.timeline.up_to(stop.n)))
        return self._scratch[1].run.interpreter

    def close(self) -> None:
        """Give worlds and interpreters back."""
        self._drop_scratch()
        self.restorer.drop()
        self.executor.run.close()

    def break_off(self) -> None:
        """End what is under way, from any thread: policy calls, the sandbox's feeds, the worlds' answers.

        Raises PolicyUnavailable where a policy fails in that; all else is ended then.
        """
        self.restorer.break_off()
        for executor in (self.executor, *self.asides):
            run = executor.run
            run.interpreter.kill()
            if isinstance(run.stop, AtAction) and run.world is not None:
                self._is_lost = self._is_lost or executor is self.executor
                discard(run.world)
        with ExitStack() as aborted:
            for executor in (self.executor, *self.asides):
                aborted.callback(abort, executor.run.policy)

    def _drop_scratch(self) -> None:
        if self._scratch is not None:
            self._scratch[1].run.discard()
        self._scratch = None

    def _advance(self) -> None:
        stop = self.executor.stop
        reply = reusable(self.log, self.timeline) if self.reuse and isinstance(stop, AtModel) else None
        if reply is not None:
            changes.reply(self.executor.run, reply, by="reuse")
            return
        self.executor.run.stream = partial(self.hear, self.branch)
        self.is_advancing = True
        try:
            self.executor.advance()
        except (EnvironmentUnavailable, SandboxUnavailable):
            self._is_lost = True
            raise
        finally:
            self.is_advancing = False

    def _stand_at(self, target: int) -> None:
        """Bring the head to a stop: a new run is built beside the old, and takes its place when it stands."""
        if self.head == target and not self._is_lost:
            return
        self._put(self.restorer.bring(self._leading_to(target)), target)

    def _put(self, executor: Executor, target: int) -> None:
        before = self.executor.run
        self.executor, self.head, self._is_lost = executor, target, False
        before.discard()

    def _is_followed(self, target: int) -> bool:
        later = self.timeline.records[self.timeline.index(target) + 1 :]
        return any(not isinstance(record.event, ANNOTATIONS) for record in later)

    def _leading_to(self, target: int) -> list[Record]:
        """The records that a run at a stop goes on from; at the end of its branch all, failed calls too."""
        return self.timeline.up_to(target) if self._is_followed(target) else self.timeline.records

    def _start_branch(self, at: int, kind: str, reason: str) -> None:
        self.log.switch(self.branch)
        self.branch = self.log.fork(at, kind, reason)
        self._read_line()

    def _read_line(self) -> None:
        self.timeline = Timeline(self.log.line())
        self._seen = len(self.log)

    def _sync(self) -> None:
        self._read_on()
        self.head = self.timeline.stops[-1].n
        self.restorer.checkpoints.offer(self.head, self.executor.run)

    def _read_on(self) -> None:
        for record in self.log.records[self._seen :]:
            if record.branch == self.branch:
                self.timeline.add(record)
        self._seen = len(self.log)
