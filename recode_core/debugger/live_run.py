"""The run itself: executor, sandbox and world, and how they come to the stop that the user is at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Literal

from recode_core.debugger.diverged_world import PreansweredWorld
from recode_core.debugger.recording import Recording
from recode_core.debugger.restore import Restorer
from recode_core.debugger.reuse import ReusableReplies
from recode_core.environments import guard
from recode_core.environments.environment import tells_possible
from recode_core.errors import EnvironmentUnavailable, RecodeError, SandboxUnavailable
from recode_core.executor import Executor, Run
from recode_core.executor.stops import AtAction, AtModel
from recode_core.executor.stops import Stop as ExecutorStop
from recode_core.interpreter import Interpreter
from recode_core.policies.guard import abort
from recode_core.policies.human import Human

WaitsFor = Literal["", "the model", "the environment", "you"]
"""What a run waits for; empty where it computes, or waits for nothing."""


class LiveRun:
    """An execution that stands after record `head` of the recording's branch; it knows of no cursor.

    It belongs to one thread; `abort` may be called from any. `background` are other executions under way,
    which `abort` ends too. `waits_for` says what is being waited for, for any thread to read. `on_stream`
    is told the text of replies as it arrives, with the branch.
    """

    def __init__(self, recording: Recording, executor: Executor, restorer: Restorer) -> None:
        self.executor = executor
        self.restorer = restorer
        self.head = recording.timeline.stops[-1].n
        self.reuse = True
        self.background: set[Executor] = set()
        self.waits_for: WaitsFor = ""
        self.on_stream: Callable[[str, str], None] = lambda branch, text: None
        self._recording = recording
        self._reusable = ReusableReplies(recording)
        # Whether executor and world must be rebuilt before anything is done with them.
        self.is_lost = executor.run.world is None

    @property
    def run(self) -> Run:
        """What the executor holds."""
        return self.executor.run

    @property
    def interpreter(self) -> Interpreter:
        """The sandbox."""
        return self.executor.run.interpreter

    def needs_restore(self, n: int) -> bool:
        """Whether the world stands somewhere else than after record `n`."""
        return self.is_lost or self.head != n

    def advance(self) -> None:
        """Go on to the next stop.

        Raises what `Executor.advance` raises; what was recorded by then stays.
        """
        try:
            self._advance()
        finally:
            self.settle()

    def restore(self, n: int) -> None:
        """Come to the stop at record `n`: a new run is built beside the old one, and takes its place."""
        if self.needs_restore(n):
            self._replace(self.restorer.bring(self._recording.leading_to(n)), n)

    def change(self, do: Callable[[Executor], None]) -> None:
        """Do something to the run where it stands. Where that fails, it is to be restored."""
        try:
            do(self.executor)
        except RecodeError:  # it may have been half done
            self.is_lost = True
            raise
        finally:
            self.settle()

    def accept_divergence(self) -> int:
        """Go on in the world that answered otherwise when it was last restored: on a branch, from the action
        or the start before that answer. The record that the branch leaves its parent after.

        Raises RecodeError where no world did.
        """
        diverged, timeline = self.restorer.diverged, self._recording.timeline
        if diverged is None or timeline.records[timeline.index(diverged.n)].n != diverged.n:
            raise RecodeError("no world has answered otherwise than recorded when it was last brought back")
        at = timeline.stop_at(diverged.n - 1).n
        executor = self.restorer.interpreter_at(timeline.up_to(at))
        self.restorer.diverged = None
        executor.run.world = PreansweredWorld(diverged)
        self._replace(executor, at)
        self._recording.fork(at, "accept", f"the world answered otherwise than in record {diverged.n}")
        try:
            self._advance()
        finally:
            executor.run.world = diverged.world
            self.settle()
        return at

    def admissible_actions(self, n: int) -> tuple[str, ...]:
        """What would do something in the world after record `n`. It is restored to that, and asked.

        Raises RecodeError where the environment doesn't tell, and what restoring raises.
        """
        world = self.executor.run.world
        if world is None or tells_possible(world):  # else there is no need to restore it
            self.restore(n)
            world = self.executor.run.world
        if world is None or not tells_possible(world):
            raise RecodeError("this environment doesn't tell which actions are possible")
        try:
            return guard.possible(world)
        except EnvironmentUnavailable:
            self.is_lost = True
            raise

    def settle(self) -> None:
        """The run stands at the last stop of the recording."""
        self.head = self._recording.timeline.stops[-1].n
        self.restorer.checkpoints.offer(self.head, self.executor.run)

    def abort(self) -> None:
        """End what is under way: policy calls, the sandbox's feeds, the worlds' answers.

        Raises PolicyUnavailable where a policy fails in that; all else is ended then.
        """
        self.restorer.break_off()
        for executor in (self.executor, *self.background):
            run = executor.run
            run.interpreter.kill()
            if isinstance(run.stop, AtAction) and run.world is not None:
                self.is_lost = self.is_lost or executor is self.executor
                guard.discard(run.world)
        with ExitStack() as aborted:
            for executor in (self.executor, *self.background):
                aborted.callback(abort, executor.run.policy)

    def close(self) -> None:
        """Give world and sandbox back."""
        self.restorer.drop()
        self.executor.run.close()

    def _advance(self) -> None:
        stop, recording = self.executor.stop, self._recording
        is_asking = self.reuse and isinstance(stop, AtModel)
        reply = self._reusable.reply() if is_asking else None
        if reply is not None:
            self.executor.changes.reply(reply, by="reuse")
            return
        self.executor.run.stream = partial(self.on_stream, recording.branch)
        self.waits_for = _waits_for(stop, self.executor.run)
        try:
            self.executor.advance()
        except (EnvironmentUnavailable, SandboxUnavailable):
            self.is_lost = True
            raise
        finally:
            self.waits_for = ""

    def _replace(self, executor: Executor, n: int) -> None:
        before = self.executor.run
        self.executor, self.head, self.is_lost = executor, n, False
        before.discard()


def _waits_for(stop: ExecutorStop, run: Run) -> WaitsFor:
    match stop:
        case AtModel():
            return "you" if isinstance(run.policy, Human) else "the model"
        case AtAction():
            return "the environment"
    return ""
