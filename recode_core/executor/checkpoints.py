"""Checkpoints: states of paused runs, kept in memory to restore from. Sparse, and under a budget of bytes.

The state of an interpreter grows with all code that it was ever fed, by about 300 bytes a statement. It
compresses to a tenth, in less time than it takes to save it.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right, insort
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from recode_core.environments import guard
from recode_core.executor.frames import Frame, copied
from recode_core.executor.limits import Limits, Spent
from recode_core.executor.pending import Pending
from recode_core.executor.run import Run
from recode_core.executor.run_state import AtLimit, RunState
from recode_core.interpreter import Image, NotSaved
from recode_core.log import Record

BUDGET = 64 << 20
"""Maximum size of all checkpoints of a debugger, in bytes."""

EVERY = 400
"""Actions and policy calls between two checkpoints."""

_FAST = 1  # the level of compression


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after record `n`. `world` is None if its environment cannot save one."""

    n: int
    frames: list[Frame]
    packed: Image
    world: object | None
    spent: Spent
    state: RunState
    limits: Limits
    step_limit: int
    pending: Pending | None
    system: str

    @property
    def size(self) -> int:
        """The size in bytes, nearly all of it the interpreter's."""
        return len(self.packed.state) + 2_000

    @property
    def image(self) -> Image:
        """The uncompressed state of the interpreter."""
        return replace(self.packed, state=zlib.decompress(self.packed.state))

    def restore_into(self, run: Run) -> bool:
        """Restore all of a new run but its world to this state; False if its sandbox cannot be loaded."""
        try:
            run.interpreter.load(self.image)
        except NotSaved:
            return False
        run.frames = copied(self.frames)
        run.spent = replace(self.spent)
        run.state, run.limits, run.step_limit = self.state, self.limits, self.step_limit
        run.pending, run.system = self.pending, self.system
        state = self.state.before if isinstance(self.state, AtLimit) else self.state
        place = getattr(state, "place", None)
        if place is not None:
            run.place = place
        return True


class Checkpoints:
    """Checkpoints by the number of their record; the number determines the records before it, too."""

    def __init__(self, budget: int = BUDGET, every: int = EVERY) -> None:
        self.budget = budget
        self.every = every
        self._stored: dict[int, Checkpoint] = {}
        self._order: list[int] = []

    @property
    def size(self) -> int:
        """The size of all checkpoints in bytes."""
        return sum(checkpoint.size for checkpoint in self._stored.values())

    def __len__(self) -> int:
        return len(self._stored)

    def offer(self, n: int, run: Run) -> None:
        """Store a checkpoint if the run can be saved here and the last one is far enough away.

        That is at least `every` actions and policy calls before it or, on another branch, after it.
        """
        if n in self._stored or run.interpreter.suspended:
            return
        before = self.nearest(n)
        spent = before.spent if before else Spent()
        if abs(run.spent.steps + run.spent.calls - spent.steps - spent.calls) >= self.every:
            self.store_if_possible(n, run)

    def store_if_possible(self, n: int, run: Run) -> None:
        """Store a checkpoint, unless there is one or the run cannot be saved here."""
        if n not in self._stored and not run.interpreter.suspended:
            with suppress(NotSaved):
                self.store(n, run)

    def store(self, n: int, run: Run) -> None:
        """Store a checkpoint after record `n`; over the budget, delete those closest to their neighbours.

        Raises NotSaved if the sandbox is too large.
        """
        world = None if run.world is None else guard.snapshot(run.world)
        image = run.interpreter.image()
        self._stored[n] = Checkpoint(
            n,
            copied(run.frames),
            replace(image, state=zlib.compress(image.state, _FAST)),
            world,
            replace(run.spent),
            run.state,
            run.limits,
            run.step_limit,
            run.pending,
            run.system,
        )
        insort(self._order, n)
        while self.size > self.budget:
            self._drop_one()

    def at(self, n: int) -> Checkpoint | None:
        """The checkpoint after record `n`, if there is one."""
        return self._stored.get(n)

    def nearest(self, n: int) -> Checkpoint | None:
        """The last checkpoint up to record `n`, on any branch."""
        at = bisect_right(self._order, n)
        return self._stored[self._order[at - 1]] if at else None

    def last_on(self, records: Sequence[Record]) -> tuple[Checkpoint | None, int]:
        """The last checkpoint on a line of records, and the number of records up to it."""
        for n in reversed(self._order):
            after = bisect_right(records, n, key=lambda record: record.n)
            if after and records[after - 1].n == n:
                return self._stored[n], after
        return None, 0

    def _drop_one(self) -> None:
        """Delete the checkpoint whose neighbours are closest to each other, never the last of several."""
        order = self._order
        ends = zip([0, *order], order[1:], strict=False)
        gaps = [after - before for before, after in ends]
        at = gaps.index(min(gaps)) if gaps else 0
        del self._stored[order.pop(at)]

    def clear(self) -> None:
        """Delete all checkpoints."""
        self._stored.clear()
        self._order.clear()
