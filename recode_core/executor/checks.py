"""Checking a recording: every branch is executed again and compared, and nothing that they share twice.

The line of a branch begins with records of its parent. So where another branch leaves the one that is
executed, the run is kept, and that branch is executed from there. Example: `edit-1` leaves `main` after
record 40 of 80; `main` is executed whole, `edit-1` from record 41 on. Where a run can't be kept (a call is
suspended, the world has no snapshots, there is no room), the branch is executed from its beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import msgspec

from recode_core.environments import guard
from recode_core.environments.environment import Snapshots
from recode_core.errors import Diverged
from recode_core.events import ANNOTATIONS, ActionFinished, TextStored
from recode_core.executor.checkpoints import Checkpoints
from recode_core.executor.executor import Executor
from recode_core.executor.recorder import Recorder
from recode_core.executor.run import Run
from recode_core.log import Log, Record


class Verdict(msgspec.Struct, frozen=True):
    """What a re-execution found.

    A step is an action: `replayed` gave what was recorded, `diverged` did not (it halts at the first),
    of `steps` recorded. `compared` counts all records that were met again, `reworded` the prompts that
    would be worded, and the replies that would be read, differently today; what a branch shares with
    another counts for both. `is_world_asked` is False where the environment can't be repeated.
    """

    steps: int
    replayed: int
    diverged: int
    compared: int
    reworded: int
    is_world_asked: bool
    divergence: str = ""


@dataclass(frozen=True, slots=True)
class _Position:
    """How far a line was executed: record `n`, after which the run rests (-1 at its start), and the counts up
    to there."""

    n: int = -1
    steps: int = 0
    compared: int = 0
    reworded: int = 0


_START = _Position()


class Checker:
    """Checks the branches of some records. `start` gives a run at its start, with its world if that is to be
    asked."""

    def __init__(self, records: Sequence[Record], start: Callable[[], Run], is_world_asked: bool) -> None:
        self._log = Log(records)
        self._start = start
        self._is_world_asked = is_world_asked
        self._checkpoints = Checkpoints()
        self._positions: dict[int, _Position] = {}  # by the record after which a branch begins
        self._scratch = Log()  # takes what an unfinished run does after its recording
        for record in records:
            if isinstance(record.event, TextStored):
                self._scratch.append(record.event)

    def all(self) -> Iterator[tuple[str, Verdict]]:
        """The verdict on every branch, parents first."""
        started = {name: event for name, event in self._log.branches.items() if event is not None}
        ends = {name: self._log.last_up_to(event.parent, event.at) for name, event in started.items()}
        forks = frozenset(ends.values())
        for name in self._log.branches:
            yield name, self._check(name, self._positions.get(ends.get(name, -1)), forks)

    def one(self, branch: str) -> Verdict:
        """The verdict on a branch."""
        return self._check(branch, None, frozenset())

    def _check(self, branch: str, since: _Position | None, forks: Collection[int]) -> Verdict:
        """The verdict on a branch; others begin after the `forks`. `since` is its fork."""
        if since is None:
            return self._execute(branch, _START, (), forks)
        own = self._log.own(branch)
        self._share(since, _forks_by_stop(own, since, forks))
        if all(isinstance(record.event, ANNOTATIONS) for record in own):
            return self._verdict(since, since, own)
        return self._execute(branch, since, own, forks)

    def _execute(
        self, branch: str, since: _Position, rest: Sequence[Record], forks: Collection[int]
    ) -> Verdict:
        run = self._start()
        with ExitStack() as opened:
            opened.callback(run.close)
            if not self._put(run, since):
                since, rest = _START, self._log.line(branch)
            run.recorder = Recorder(self._scratch, rest)
            leaving = _forks_by_stop(rest, since, forks)

            def keep() -> None:
                now = _now(run, since)
                if now.n in leaving:
                    self._checkpoints.keep_if_possible(now.n, run)
                    self._share(now, leaving)

            divergence = ""
            try:
                Executor(run).repeat(keep)
            except Diverged as error:
                divergence = str(error)
            return self._verdict(_now(run, since), since, rest, divergence)

    def _put(self, run: Run, since: _Position) -> bool:
        """Restore a run and its world at a position of another branch, if there is a checkpoint."""
        checkpoint, world = self._checkpoints.at(since.n), run.world
        if checkpoint is None:
            return False
        if world is None:
            return checkpoint.put(run)
        if checkpoint.world is None or not isinstance(world, Snapshots) or not checkpoint.put(run):
            return False
        guard.reset(world)
        guard.restore(world, checkpoint.world)
        return True

    def _share(self, now: _Position, leaving: Mapping[int, list[int]]) -> None:
        """Note the position at which branches fork from a line now."""
        for end in leaving.get(now.n, ()):
            self._positions[end] = now

    def _verdict(
        self, now: _Position, since: _Position, rest: Sequence[Record], divergence: str = ""
    ) -> Verdict:
        """The verdict on a line that was executed from `since` to `now`, with the records in between."""
        return Verdict(
            steps=since.steps + sum(isinstance(record.event, ActionFinished) for record in rest),
            replayed=now.steps,
            diverged=int(bool(divergence)),
            compared=now.compared,
            reworded=now.reworded,
            is_world_asked=self._is_world_asked,
            divergence=divergence,
        )


def _forks_by_stop(rest: Sequence[Record], since: _Position, forks: Collection[int]) -> dict[int, list[int]]:
    """The records of a line that branches begin after, by the record that the run rests after there."""
    n, found = since.n, dict[int, list[int]]()
    for record in rest:
        if not isinstance(record.event, ANNOTATIONS):
            n = record.n
        if record.n in forks and n >= 0:
            found.setdefault(n, []).append(record.n)
    return found


def _now(run: Run, since: _Position) -> _Position:
    """The position of a run that began at `since`."""
    recorder = run.recorder
    n = recorder.number if recorder.repeated else since.n
    return _Position(
        n, run.spent.steps, since.compared + recorder.repeated, since.reworded + len(recorder.reworded)
    )
