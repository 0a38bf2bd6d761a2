"""Check a recording: execute every branch again and compare. Records that branches share are executed once.

The line of a branch begins with records of its parent. So a checkpoint is stored at each fork, and the branch
is executed from there. Example: `edit-1` forks from `main` after record 40 of 80; `main` is executed whole,
`edit-1` from record 41 on. If no checkpoint can be stored (a call is suspended, the world has no snapshots,
the sandbox is too large), the branch is executed from its beginning.
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
    """The result of checking a branch. Records that it shares with another branch count for both.

    Of `steps` recorded actions, `replayed` gave the recorded observation and `diverged` (0 or 1, the check
    ends there) another one. `compared` counts all records that were compared, `reworded` the prompts that are
    worded differently today and the replies that are parsed differently. `is_world_asked` is False if the
    world was not called.
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
    """A position on a line: after record `n` (-1 at its start), with the counts up to there."""

    n: int = -1
    steps: int = 0
    compared: int = 0
    reworded: int = 0


_START = _Position()


class Checker:
    """Checks the branches of a recording.

    `start` creates a run at its start, with a world if actions are to be replayed in one.
    """

    def __init__(self, records: Sequence[Record], start: Callable[[], Run], is_world_asked: bool) -> None:
        self._log = Log(records)
        self._start = start
        self._is_world_asked = is_world_asked
        self._checkpoints = Checkpoints()
        self._positions: dict[int, _Position] = {}  # by the record at which a branch forks
        self._scratch = Log()  # for events of an unfinished run beyond its recording
        for record in records:
            if isinstance(record.event, TextStored):
                self._scratch.append(record.event)

    def all(self) -> Iterator[tuple[str, Verdict]]:
        """Check every branch, parents first."""
        started = {name: event for name, event in self._log.branches.items() if event is not None}
        ends = {name: self._log.last_up_to(event.parent, event.at) for name, event in started.items()}
        forks = frozenset(ends.values())
        for name in self._log.branches:
            yield name, self._check(name, self._positions.get(ends.get(name, -1)), forks)

    def one(self, branch: str) -> Verdict:
        """Check one branch."""
        return self._check(branch, None, frozenset())

    def _check(self, branch: str, since: _Position | None, forks: Collection[int]) -> Verdict:
        """Check a branch from its fork `since` on. Other branches fork at the records `forks`."""
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
            if not self._restore_at(run, since):
                since, rest = _START, self._log.line(branch)
            run.recorder = Recorder(self._scratch, rest)
            leaving = _forks_by_stop(rest, since, forks)

            def on_stop() -> None:
                now = _now(run, since)
                if now.n in leaving:
                    self._checkpoints.store_if_possible(now.n, run)
                    self._share(now, leaving)

            divergence = ""
            try:
                Executor(run).repeat(on_stop)
            except Diverged as error:
                divergence = str(error)
            return self._verdict(_now(run, since), since, rest, divergence)

    def _restore_at(self, run: Run, since: _Position) -> bool:
        """Restore a run and its world at a position of another branch, if there is a checkpoint."""
        checkpoint, world = self._checkpoints.at(since.n), run.world
        if checkpoint is None:
            return False
        if world is None:
            return checkpoint.restore_into(run)
        if checkpoint.world is None or not isinstance(world, Snapshots) or not checkpoint.restore_into(run):
            return False
        guard.reset(world)
        guard.restore(world, checkpoint.world)
        return True

    def _share(self, now: _Position, leaving: Mapping[int, list[int]]) -> None:
        """Store a position for the branches that fork there."""
        for end in leaving.get(now.n, ()):
            self._positions[end] = now

    def _verdict(
        self, now: _Position, since: _Position, rest: Sequence[Record], divergence: str = ""
    ) -> Verdict:
        """The verdict on a line that was executed from `since` to `now`; `rest` are those after `since`."""
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
    """The records at which branches fork from a line, by the last record before it that is no annotation."""
    n, found = since.n, dict[int, list[int]]()
    for record in rest:
        if not isinstance(record.event, ANNOTATIONS):
            n = record.n
        if record.n in forks and n >= 0:
            found.setdefault(n, []).append(record.n)
    return found


def _now(run: Run, since: _Position) -> _Position:
    """The current position of a run that began at `since`."""
    recorder = run.recorder
    n = recorder.number if recorder.repeated else since.n
    return _Position(
        n, run.spent.steps, since.compared + recorder.repeated, since.reworded + len(recorder.reworded)
    )
