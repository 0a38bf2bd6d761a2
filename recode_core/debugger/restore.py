"""Restoring: build a second run at an earlier stop of the recording, and verify it.

Its world gets the recorded actions again, and each observation is compared with the recorded one. Its code is
executed again with the recorded replies and observations. Both begin at the last checkpoint, if there is one.
The current run is not touched, and no policy call is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice

from recode_core.debugger.diverged_world import CHOICE, DivergedWorld, WorldDivergence
from recode_core.environments import guard
from recode_core.environments.environment import Restoration, Snapshots, World
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import ActionFinished, ActionReached, ActionReplaced, WorldReset
from recode_core.executor import Executor, Recorder, Run
from recode_core.executor.checkpoints import Checkpoints
from recode_core.executor.divergence import divergence
from recode_core.log import Log, Record
from recode_core.result import seconds_spent
from recode_core.values import Observation


@dataclass(frozen=True)
class RestoreStats:
    """Actions of a restore: `replayed` in the world and verified, or `recalled` from a snapshot."""

    replayed: int = 0
    recalled: int = 0


class Restorer:
    """Builds runs that are positioned at the end of a line of records.

    `stats` and `diverged` belong to the last `restore`, not to those in the background. `diverged` is the
    world whose replay diverged, if it did.
    """

    def __init__(
        self, log: Log, start: Callable[[], Run], open_world: Callable[[], World], restoration: Restoration
    ) -> None:
        self.checkpoints = Checkpoints()
        self.stats = RestoreStats()
        self.diverged: DivergedWorld | None = None
        self._restoring: World | None = None  # the world of a running restore
        self._log = log
        self._start = start
        self._open_world = open_world
        self._restoration = restoration

    def interpreter_at(self, records: Sequence[Record]) -> Executor:
        """A run without a world, for inspection only. The caller closes its interpreter."""
        checkpoint, first = self.checkpoints.last_on(records)
        run = self._start()
        run.began = run.clock() - seconds_spent(records)
        with ExitStack() as undone:
            undone.callback(run.interpreter.close)
            if checkpoint is not None and not checkpoint.restore_into(run):
                first = 0
            run.recorder = Recorder(self._log, records[first:])
            executor = Executor(run)
            executor.repeat()
            run.add_failed_call_usage(records)
            undone.pop_all()
        return executor

    def restore_background(self, records: Sequence[Record]) -> Executor:
        """A run with its own world at the end of `records`, for a roll-out. May be called from any thread.

        Raises Diverged if the world's observations differ from the recorded ones, EnvironmentUnavailable if
        the world cannot be opened or its environment cannot be restored. The current run stays as it is.
        """
        self._check_restorable(records)
        world = self._open_world()
        try:
            return self._restored(world, records)[0]
        except BaseException:
            guard.discard(world)
            raise

    def restore(self, records: Sequence[Record], world: World | None = None) -> Executor:
        """A run at the end of `records`, in a new world or in `world`, for the caller to replace the current
        run with.

        Raises the same errors as `restore_background`. A world that diverges is kept as `diverged`.
        """
        self.discard_diverged()
        if world is None:
            self._check_restorable(records)
            world = self._open_world()
        self._restoring = world
        try:
            executor, self.stats = self._restored(world, records)
            return executor
        except WorldDivergence as differs:
            self.diverged = DivergedWorld(world, differs.at, differs.observation)
            differs.offer(CHOICE)
            raise
        except BaseException:
            guard.discard(world)
            raise
        finally:
            self._restoring = None

    def discard_diverged(self) -> None:
        """Close the diverged world, if there is one."""
        if self.diverged is not None:
            guard.discard(self.diverged.world)
        self.diverged = None

    def abort(self) -> None:
        """Abort a running `restore`, from any thread."""
        if (world := self._restoring) is not None:
            guard.discard(world)

    def _restored(self, world: World, records: Sequence[Record]) -> tuple[Executor, RestoreStats]:
        stats = self._restore_world(world, records)
        executor = self.interpreter_at(records)
        executor.run.world = world
        return executor, stats

    def _check_restorable(self, records: Sequence[Record]) -> None:
        if self._restoration == "none" and any(isinstance(r.event, ActionFinished) for r in records):
            raise EnvironmentUnavailable(
                "this environment cannot be restored to an earlier state: its history can be inspected, but "
                "not continued from there; start the run again to act differently"
            )

    def _restore_world(self, world: World, records: Sequence[Record]) -> RestoreStats:
        """Restore a new world to the end of the records: from a snapshot, if any, then by its actions."""
        checkpoint, after = self.checkpoints.last_on(records)
        first, recalled = 0, 0
        if checkpoint is not None and checkpoint.world is not None and isinstance(world, Snapshots):
            guard.reset(world)
            guard.restore(world, checkpoint.world)
            first, recalled = after, checkpoint.spent.steps
        return RestoreStats(_replay_actions(world, records, first), recalled)


def _replay_actions(world: World, records: Sequence[Record], first: int) -> int:
    """Repeat the actions of `records[first:]` in a world and compare the observations; return their number.

    The score and the pending action at `first` are looked up backwards, so that a restore from a snapshot
    costs the same however long the run before it was.
    """
    before = first
    while before and _observed(records[before - 1]) is None:
        before -= 1
    last = _observed(records[before - 1]) if before else None
    action, count, score = "", 0, 0.0 if last is None else last.score
    for record in islice(records, before, None):
        match record.event:
            case ActionReached(action=text) | ActionReplaced(action=text):
                action = text
            case WorldReset(observation=recorded):
                _compare(record.n, recorded, guard.reset(world))
                score = recorded.score
            case ActionFinished(observation=recorded, by=by):
                if by == "world":
                    _compare(record.n, recorded, guard.step(world, action, score))
                    count += 1
                score = recorded.score
    return count


def _observed(record: Record) -> Observation | None:
    match record.event:
        case WorldReset(observation=observation) | ActionFinished(observation=observation):
            return observation
    return None


def _compare(n: int, recorded: Observation, actual: Observation) -> None:
    if guard.observation_of(recorded) != actual:
        raise WorldDivergence(divergence(n, recorded, actual), actual)
