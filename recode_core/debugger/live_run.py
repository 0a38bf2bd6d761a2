"""The live run: executor, sandbox and world, and restoring them to a stop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from recode_core.debugger.diverged_world import PreansweredWorld
from recode_core.debugger.recording import Recording
from recode_core.debugger.restore import Restorer
from recode_core.debugger.reuse import ReusableReplies
from recode_core.debugger.wait import Wait, wait_of
from recode_core.environments import guard
from recode_core.environments.environment import has_admissible_actions
from recode_core.errors import EnvironmentUnavailable, RecodeError, SandboxUnavailable
from recode_core.executor import Executor, Run
from recode_core.executor.run_state import AtAction, AtModel
from recode_core.interpreter import Interpreter
from recode_core.policies.guard import abort


class LiveRun:
    """An execution that is positioned after record `head` of the recording's branch, independent of the
    cursor.

    It belongs to one thread; `abort` may be called from any. `background` are other running executions
    (roll-outs), which `abort` ends too. `waits_for`, None while the run is paused or executes code, may be
    read from any thread. `on_stream` is called with the branch and the text of a reply as it arrives.
    """

    def __init__(self, recording: Recording, executor: Executor, restorer: Restorer) -> None:
        self.executor = executor
        self.restorer = restorer
        self.head = recording.timeline.stops[-1].n
        self.reuse = True
        self.background: set[Executor] = set()
        self._waits_for: Wait | None = None
        self.on_stream: Callable[[str, str], None] = lambda branch, text: None
        self._recording = recording
        self._reusable = ReusableReplies(recording)
        # Whether executor and world must be rebuilt before anything is done with them.
        self.is_lost = executor.run.world is None

    def reuses_reply(self, n: int, *, forks: bool) -> bool:
        """Whether the call at the stop at record `n` would reuse a reply; `forks` if it starts a branch."""
        log, timeline = self._recording.log, self._recording.timeline
        started = log.branches[timeline.branch]
        parent = timeline.branch if forks else started.parent if started is not None else None
        if not self.reuse or parent is None:
            return False
        return self._reusable.reply_on(parent, timeline.event_of(timeline.stop_at(n))) is not None

    @property
    def waits_for(self) -> Wait | None:
        """The party that the run, or a restore of it, is waiting for."""
        return self._waits_for or self.restorer.waits_for

    @property
    def run(self) -> Run:
        """The executor's run."""
        return self.executor.run

    @property
    def interpreter(self) -> Interpreter:
        """The sandbox."""
        return self.executor.run.interpreter

    def needs_restore(self, n: int) -> bool:
        """Whether the run is not positioned after record `n`."""
        return self.is_lost or self.head != n

    def advance(self) -> None:
        """Advance to the next stop.

        Raises the errors of `Executor.advance`; everything recorded until then is kept.
        """
        try:
            self._advance()
        finally:
            self.settle()

    def restore(self, n: int) -> None:
        """Restore the run to the stop at record `n`: a new run is built and replaces the old one."""
        if self.needs_restore(n):
            self._replace(self.restorer.restore(self._recording.leading_to(n)), n)

    def change(self, do: Callable[[Executor], None]) -> None:
        """Apply a change to the run. If that fails, the run has to be restored before its next use."""
        try:
            do(self.executor)
        except RecodeError:  # the change may be incomplete
            self.is_lost = True
            raise
        finally:
            self.settle()

    def accept_divergence(self) -> int:
        """Fork before the diverging action and continue in the diverged world. Returns the record of the
        fork.

        Raises RecodeError if there is no diverged world.
        """
        diverged, timeline = self.restorer.diverged, self._recording.timeline
        if diverged is None or timeline.records[timeline.index(diverged.n)].n != diverged.n:
            raise RecodeError("nothing to accept: the last restore did not diverge from the recording")
        at = timeline.stop_at(diverged.n - 1).n
        executor = self.restorer.interpreter_at(timeline.up_to(at))
        self.restorer.diverged = None
        executor.run.world = PreansweredWorld(diverged)
        self._replace(executor, at)
        self._recording.fork(at, "accept", f"the world diverged from the observation in record {diverged.n}")
        try:
            self._advance()
        finally:
            executor.run.world = diverged.world
            self.settle()
        return at

    def admissible_actions(self, n: int) -> tuple[str, ...]:
        """The admissible actions after record `n`. The run is restored to it if necessary.

        Raises RecodeError if the environment does not list actions, and the errors of restoring.
        """
        world = self.executor.run.world
        if world is None or has_admissible_actions(world):  # else there is no need to restore it
            self.restore(n)
        return self.actions_here()

    def actions_here(self) -> tuple[str, ...]:
        """The admissible actions where the run is; nothing is restored, so a policy call may ask, too.

        Raises RecodeError if the environment does not list actions.
        """
        world = self.executor.run.world
        if world is None or not has_admissible_actions(world):
            raise RecodeError("this environment does not list its admissible actions")
        try:
            return guard.possible(world)
        except EnvironmentUnavailable:
            self.is_lost = True
            raise

    def settle(self) -> None:
        """Set `head` to the last stop of the recording and offer a checkpoint."""
        self.head = self._recording.timeline.stops[-1].n
        self.restorer.checkpoints.offer(self.head, self.executor.run)

    def abort(self) -> None:
        """Abort running policy calls, sandboxes and actions.

        Raises PolicyUnavailable if aborting a policy call fails; everything else is aborted then.
        """
        self.restorer.abort()
        for executor in (self.executor, *self.background):
            run = executor.run
            run.interpreter.kill()
            if isinstance(run.state, AtAction) and run.world is not None:
                self.is_lost = self.is_lost or executor is self.executor
                guard.discard(run.world)
        with ExitStack() as aborted:
            for executor in (self.executor, *self.background):
                aborted.callback(abort, executor.run.policy)

    def close(self) -> None:
        """Close world and sandbox."""
        self.restorer.discard_diverged()
        self.executor.run.close()

    def _advance(self) -> None:
        state, recording = self.executor.state, self._recording
        is_asking = self.reuse and isinstance(state, AtModel)
        reply = self._reusable.reply() if is_asking else None
        if reply is not None:
            self.executor.changes.reply(reply, by="reuse")
            return
        self.executor.run.stream = partial(self.on_stream, recording.branch)
        self._waits_for = wait_of(state, self.executor.run)
        try:
            self.executor.advance()
        except (EnvironmentUnavailable, SandboxUnavailable):
            self.is_lost = True
            raise
        finally:
            self._waits_for = None

    def _replace(self, executor: Executor, n: int) -> None:
        before = self.executor.run
        self.executor, self.head, self.is_lost = executor, n, False
        before.discard()
