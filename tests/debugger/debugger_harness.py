"""A debugger with everything that a test compares its state with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from recode_core.debugger.debugger import Debugger
from recode_core.environments.environment import Snapshots
from recode_core.events import ANNOTATIONS, ActionFinished, Event, ExpansionReplied, Place
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.checkpoints import Checkpoints
from recode_core.interpreter import EvaluationFailed
from recode_core.log import Log, Record
from recode_core.timeline import Timeline
from tests.debugger.doubles import DebuggerSetup, EchoWorld


@dataclass(frozen=True)
class ExecutorState:
    """The whole observable state of a run at a stop."""

    stop: str
    path: tuple[Place, ...]
    variables: dict[str, str]
    spent: str
    limits: tuple[Limits, int]
    world: object


@dataclass
class PathCheck:
    """Compares the path in the tree with the executor's own, after every record that is written."""

    log: Log = field(default_factory=Log)
    differences: list[tuple[Record, object, object]] = field(default_factory=list)
    path: Callable[[], tuple[Place, ...]] = tuple
    compared: int = 0
    _timelines: dict[str, Timeline] = field(default_factory=dict)

    def __call__(self, record: Record) -> None:
        if isinstance(record.event, ANNOTATIONS):
            return
        if record.branch not in self._timelines:
            self._timelines[record.branch] = Timeline(self.log.line(record.branch))
        timeline = self._timelines[record.branch]
        timeline.add(record)
        self.compared += 1
        if timeline.end.path != self.path():
            self.differences.append((record, timeline.end.path, self.path()))


@dataclass
class DebuggerHarness:
    """A debugger with its setup and a check of its path."""

    home: DebuggerSetup
    debugger: Debugger
    watch: PathCheck

    @classmethod
    def open(cls, home: DebuggerSetup, records: Iterable[Record] = ()) -> DebuggerHarness:
        """A session at its beginning, or taken up where `records` end."""
        watch = PathCheck()
        log = watch.log = Log(records, watch)

        wiring = home.wiring(log)
        executor = wiring.executor(log.line())
        watch.path = lambda: executor.path
        executor.repeat()
        restorer = wiring.restorer()
        restorer.checkpoints = Checkpoints(every=home.every)
        harness = cls(home, Debugger(log, executor, restorer), watch)
        watch.path = lambda: harness.debugger.parts.live_run().executor.path
        return harness

    def close(self) -> None:
        """Give everything back."""
        self.debugger.close()

    def now(self) -> ExecutorState:
        """The state at the head."""
        return state_of(
            self.debugger.parts.live_run().executor,
            self.debugger.timeline.up_to(self.debugger.parts.live_run().head),
        )

    def restored(self, n: int) -> ExecutorState:
        """The state after record `n`, rebuilt; the debugger is not touched, and nobody is asked."""
        records = self.debugger.timeline.up_to(n)
        calls, written = self.home.policy.calls, len(self.debugger.log)
        executor = self.debugger.parts.restorer.restore_background(records)
        try:
            assert (self.home.policy.calls, len(self.debugger.log)) == (calls, written)
            assert executor.path == Timeline(records).end.path
            return state_of(executor, records)
        finally:
            release(executor)

    def repeated(self, n: int) -> None:
        """Rebuild the state after record `n`, and go on with the inputs recorded from there."""
        line, log = self.debugger.timeline, self.debugger.log
        calls, written = self.home.policy.calls, len(log)
        executor = self.debugger.parts.restorer.restore_background(line.up_to(n))
        try:
            executor.run.recorder = Recorder(log, line.records[line.index(n) + 1 :])
            executor.repeat()
            assert (self.home.policy.calls, len(log)) == (calls, written)
            assert executor.run.recorder.reworded == []
            assert executor.path == line.end.path
        finally:
            release(executor)


def release(executor: Executor) -> None:
    """Close what a restored executor holds."""
    executor.run.interpreter.close()
    assert executor.run.world is not None
    executor.run.world.close()


def state_of(executor: Executor, records: Sequence[Record]) -> ExecutorState:
    """What an executor holds where `records` end."""
    run = executor.run
    world: object = None
    if isinstance(run.world, Snapshots):
        world = run.world.snapshot()
    elif isinstance(run.world, EchoWorld):
        world = tuple(run.world.actions)
    spent = repr(run.spent)
    return ExecutorState(
        repr(run.state), executor.path, values(run), spent, (run.limits, run.step_limit), world
    )


def values(run: Run) -> dict[str, str]:
    """Every variable that has been shown, evaluated; or why it can't be."""
    names = sorted(run.interpreter.shown)
    try:
        return {"all": run.interpreter.evaluate(f"({''.join(f'{name}, ' for name in names)})", 10_000).value}
    except EvaluationFailed:  # of one or another
        return {name: _value(run, name) for name in names}


def _value(run: Run, name: str) -> str:
    try:
        return run.interpreter.evaluate(name, 10_000).value
    except EvaluationFailed as error:
        return str(error)


def timeless(records: Iterable[Record]) -> list[Event]:
    """What happened, without annotations and durations."""
    events: list[Any] = [record.event for record in records if not isinstance(record.event, ANNOTATIONS)]
    timed = (ActionFinished, ExpansionReplied)
    return [replace(event, seconds=0.0) if isinstance(event, timed) else event for event in events]
