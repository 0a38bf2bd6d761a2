"""Checkpoints: runs at rest, kept in memory to come back to. Sparse, and under a budget of bytes.

An interpreter's state grows with all that it was ever fed, about 300 bytes a statement, and is mostly
repetition: packed, it takes a tenth, for less time than it took to be written.
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
"""Bytes that all checkpoints of a debugger may take."""

EVERY = 400
"""Actions and policy calls between two checkpoints."""

_QUICKLY = 1  # the level of compression


@dataclass(frozen=True)
class Checkpoint:
    """A run after record `n`. `world` is None where its environment can't save one."""

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
        """Bytes, nearly all of them the interpreter's."""
        return len(self.packed.state) + 2_000

    @property
    def image(self) -> Image:
        """The interpreter, to be loaded."""
        return replace(self.packed, state=zlib.decompress(self.packed.state))

    def put(self, run: Run) -> bool:
        """Put a run that has just begun here, all but its world; False where its sandbox can't be."""
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
    """Checkpoints by record. A record stands on one line only as far as it goes, so its number is enough."""

    def __init__(self, budget: int = BUDGET, every: int = EVERY) -> None:
        self.budget = budget
        self.every = every
        self._kept: dict[int, Checkpoint] = {}
        self._order: list[int] = []

    @property
    def size(self) -> int:
        """Bytes in use."""
        return sum(checkpoint.size for checkpoint in self._kept.values())

    def __len__(self) -> int:
        return len(self._kept)

    def offer(self, n: int, run: Run) -> None:
        """Keep the run, if it can be kept here and the last one kept is far enough away.

        The last one may be of another branch, and then further on than this one.
        """
        if n in self._kept or run.interpreter.suspended:
            return
        before = self.nearest(n)
        spent = before.spent if before else Spent()
        if abs(run.spent.steps + run.spent.calls - spent.steps - spent.calls) >= self.every:
            self.keep_if_possible(n, run)

    def keep_if_possible(self, n: int, run: Run) -> None:
        """Keep the run, unless that is done already, or it can't be saved here."""
        if n not in self._kept and not run.interpreter.suspended:
            with suppress(NotSaved):
                self.keep(n, run)

    def keep(self, n: int, run: Run) -> None:
        """Keep the run as it is after record `n`; when the budget is used up, the most crowded go.

        Raises NotSaved where the sandbox holds too much.
        """
        world = None if run.world is None else guard.snapshot(run.world)
        image = run.interpreter.image()
        self._kept[n] = Checkpoint(
            n,
            copied(run.frames),
            replace(image, state=zlib.compress(image.state, _QUICKLY)),
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
            self._thin()

    def at(self, n: int) -> Checkpoint | None:
        """The checkpoint after record `n`, if there is one."""
        return self._kept.get(n)

    def nearest(self, n: int) -> Checkpoint | None:
        """The last checkpoint that is not after record `n`, of whatever branch."""
        at = bisect_right(self._order, n)
        return self._kept[self._order[at - 1]] if at else None

    def last_on(self, records: Sequence[Record]) -> tuple[Checkpoint | None, int]:
        """The last checkpoint on a line of records, and how many of them it stands after."""
        for n in reversed(self._order):
            after = bisect_right(records, n, key=lambda record: record.n)
            if after and records[after - 1].n == n:
                return self._kept[n], after
        return None, 0

    def _thin(self) -> None:
        """Forget the one whose neighbours are closest to each other; the last stays longest."""
        order = self._order
        ends = zip([0, *order], order[1:], strict=False)
        gaps = [after - before for before, after in ends]
        at = gaps.index(min(gaps)) if gaps else 0
        del self._kept[order.pop(at)]

    def clear(self) -> None:
        """Forget all; they are rebuilt by re-execution."""
        self._kept.clear()
        self._order.clear()
