"""Restoring: a second run is built beside the first, by re-execution with recorded answers, and verified.

Nothing is switched before it stands. It costs no policy call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

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
class Verdicts:
    """What a restore met: actions asked again that gave what was recorded, and actions only looked up."""

    replayed: int = 0
    recalled: int = 0


class Restorer:
    """Builds runs that stand where a line of records ends.

    `verdicts` are those of the world of the run itself, not of roll-outs. `diverged` is the world that
    differed when one was brought last, if it did.
    """

    def __init__(
        self, log: Log, start: Callable[[], Run], open_world: Callable[[], World], restoration: Restoration
    ) -> None:
        self.checkpoints = Checkpoints()
        self.verdicts = Verdicts()
        self.diverged: DivergedWorld | None = None
        self._coming: World | None = None  # under way to where it is wanted
        self._log = log
        self._start = start
        self._open_world = open_world
        self._restoration = restoration

    def interpreter_at(self, records: Sequence[Record]) -> Executor:
        """A run without a world, for looking only. The caller closes its interpreter."""
        checkpoint, first = self.checkpoints.last_on(records)
        run = self._start()
        run.began = run.clock() - seconds_spent(records)
        with ExitStack() as undone:
            undone.callback(run.interpreter.close)
            if checkpoint is not None and not checkpoint.put(run):
                first = 0
            run.recorder = Recorder(self._log, records[first:])
            executor = Executor(run)
            executor.repeat()
            run.add_failed_call_usage(records)
            undone.pop_all()
        return executor

    def restore(self, records: Sequence[Record]) -> Executor:
        """A run with a world, where `records` end; from any thread.

        Raises Diverged where the world answers otherwise than recorded, EnvironmentUnavailable where it
        can't be had or can't be brought back at all. The present run is as it was then.
        """
        self._check_contract(records)
        world = self._open_world()
        try:
            return self._restored(world, records)[0]
        except BaseException:
            guard.discard(world)
            raise

    def bring(self, records: Sequence[Record], world: World | None = None) -> Executor:
        """The same, perhaps in a world that was opened for it. One that diverges is kept as `diverged`."""
        self.drop()
        if world is None:
            self._check_contract(records)
            world = self._open_world()
        self._coming = world
        try:
            executor, self.verdicts = self._restored(world, records)
            return executor
        except WorldDivergence as differs:
            self.diverged = DivergedWorld(world, differs.at, differs.observation)
            differs.offer(CHOICE)
            raise
        except BaseException:
            guard.discard(world)
            raise
        finally:
            self._coming = None

    def drop(self) -> None:
        """Close the world that differed, if there is one."""
        if self.diverged is not None:
            guard.discard(self.diverged.world)
        self.diverged = None

    def break_off(self) -> None:
        """End the bringing of a world, from any thread."""
        if (world := self._coming) is not None:
            guard.discard(world)

    def _restored(self, world: World, records: Sequence[Record]) -> tuple[Executor, Verdicts]:
        verdicts = self._bring(world, records)
        executor = self.interpreter_at(records)
        executor.run.world = world
        return executor, verdicts

    def _check_contract(self, records: Sequence[Record]) -> None:
        if self._restoration == "none" and any(isinstance(r.event, ActionFinished) for r in records):
            raise EnvironmentUnavailable(
                "this environment can't be brought back to an earlier state: looking at the past is free, "
                "acting from there is not possible; start the run again to act differently"
            )

    def _bring(self, world: World, records: Sequence[Record]) -> Verdicts:
        """Put a new world where the records end."""
        checkpoint, after = self.checkpoints.last_on(records)
        first, recalled = 0, 0
        if checkpoint is not None and checkpoint.world is not None and isinstance(world, Snapshots):
            guard.reset(world)
            guard.restore(world, checkpoint.world)
            first, recalled = after, checkpoint.spent.steps
        return Verdicts(_replay(world, records, first), recalled)


def _replay(world: World, records: Sequence[Record], first: int) -> int:
    """Ask a world for the recorded actions again, and compare. How many there were."""
    action, count, score = "", 0, 0.0
    for position, record in enumerate(records):
        match record.event:
            case ActionReached(action=text) | ActionReplaced(action=text):
                action = text
            case WorldReset(observation=recorded) if position >= first:
                _compare(record.n, recorded, guard.reset(world))
            case ActionFinished(observation=recorded, by="world") if position >= first:
                _compare(record.n, recorded, guard.step(world, action, score))
                count += 1
        if isinstance(record.event, WorldReset | ActionFinished):
            score = record.event.observation.score
    return count


def _compare(n: int, recorded: Observation, actual: Observation) -> None:
    if guard.observation_of(recorded) != actual:
        raise WorldDivergence(divergence(n, recorded, actual), actual)
