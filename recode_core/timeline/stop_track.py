"""The stops of a branch on a track: each has a position, and the later passes of a loop are folded.

Positions are integers. A stop takes one `UNIT`, so two stops outside loops are one unit apart. Of a loop the
stops of its first `PASSES` passes do, too; all later ones together, its *fold*, take at most `FOLD` units:
whenever they would need more, the distance between them is halved. So a position changes only inside a fold,
and there only when the number of its stops doubles. For example, after three passes the 100 stops of the next
ones take 12.5 units: 100 stops, an eighth of a unit each.

The loop of a turn-based agent is the whole run, so it is not folded; loops in the code of a turn are.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from recode_core.events import Place

UNIT = 1 << 20
PASSES = 3
FOLD = 16

_PASS = re.compile(r"#([0-9]+)")


@dataclass(frozen=True, slots=True)
class Fold:
    """The folded passes of a loop: the positions from `start` to before `end`. `passes` counts all of them.

    `step` is the distance of two stops inside.
    """

    start: int
    end: int
    step: int
    passes: int


class StopTrack:
    """The stops of one branch itself, from position `start` on. Lookups take O(log n).

    `numbers` are their records. Stops are only appended, so another thread may look at those that are there.
    """

    def __init__(self, start: int = 0) -> None:
        self.numbers: list[int] = []
        # Stretches of stops with the same distance; one with a loop is a fold.
        self._firsts = [0]
        self._starts = [start]
        self._loops = [""]
        self._passes = [0]
        self.end = start
        """The position after the last stop."""

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def start(self) -> int:
        """The position of the first stop."""
        return self._starts[0]

    def add(self, n: int, place: Place | None) -> None:
        """Append the stop in record `n`; without a place it is in no loop."""
        loop, number = _folded(place) if place is not None else ("", 0)
        if loop != self._loops[-1]:
            if self._firsts[-1] == len(self.numbers):  # nothing is in that stretch yet
                self._loops[-1] = loop
            else:
                self._passes.append(0)
                self._loops.append(loop)
                self._starts.append(self.end)
                self._firsts.append(len(self.numbers))  # last: a reader counts these
        self._passes[-1] = number
        self.numbers.append(n)
        if loop:
            count = len(self.numbers) - self._firsts[-1]
            self.end = self._starts[-1] + count * _step_in_fold(count)
        else:
            self.end += UNIT

    def position(self, index: int) -> int:
        """The position of a stop."""
        stretch = bisect_right(self._firsts, index) - 1
        return self._starts[stretch] + (index - self._firsts[stretch]) * self._step(stretch)

    def index_from(self, position: int) -> int:
        """The first stop at or after a position; the number of stops, if there is none."""
        stretch = self._stretch_at(position)
        if stretch < 0:
            return 0
        index = self._firsts[stretch] - (self._starts[stretch] - position) // self._step(stretch)
        return min(index, self._last_of(stretch))

    def index_at(self, position: int) -> int:
        """The last stop at or before a position; the first one, if all are after it."""
        return max(0, self.index_from(position + 1) - 1)

    def fold_at(self, position: int) -> Fold | None:
        """The fold around a position; None outside, and in a fold that has room for all its stops."""
        stretch = self._stretch_at(position)
        if stretch < 0 or (step := self._step(stretch)) == UNIT or position >= (end := self._end_of(stretch)):
            return None
        return Fold(self._starts[stretch], end, step, self._passes[stretch])

    def has_any(self, numbers: list[int], first: int, last: int) -> bool:
        """Whether any of `numbers`, which are records, is at a stop from `first` to before `last`."""
        if first >= last:
            return False
        begin = bisect_left(numbers, self.numbers[first])
        if last < len(self.numbers):
            return begin < len(numbers) and numbers[begin] < self.numbers[last]
        return begin < len(numbers)

    def _stretch_at(self, position: int) -> int:
        """The last stretch that starts at or before a position; -1 if none does."""
        return bisect_right(self._starts, position, hi=len(self._firsts)) - 1

    def _last_of(self, stretch: int) -> int:
        """The stop after those of a stretch."""
        return self._firsts[stretch + 1] if stretch + 1 < len(self._firsts) else len(self.numbers)

    def _end_of(self, stretch: int) -> int:
        count = self._last_of(stretch) - self._firsts[stretch]
        return self._starts[stretch] + count * self._step(stretch)

    def _step(self, stretch: int) -> int:
        """The distance of the stops of a stretch."""
        if not self._loops[stretch]:
            return UNIT
        return _step_in_fold(self._last_of(stretch) - self._firsts[stretch])


def _step_in_fold(count: int) -> int:
    """The distance of the stops of a fold with so many."""
    return max(1, UNIT >> (max(0, count - 1) // FOLD).bit_length())


def _folded(place: Place) -> tuple[str, int]:
    """The outermost loop around a place whose pass there is folded, and that pass; an empty one if none is.

    In the node `0.3#2#7.0` pass 7 of the inner loop is folded, whose id is `0.3#2#`.
    """
    if not place.passes and "#" not in place.node:
        return "", 0
    path = place.node + "".join(f"#{number}" for number in place.passes)
    for found in _PASS.finditer(path):
        if found.start() > 1 and (number := int(found[1])) > PASSES:
            return path[: found.start(1)], number
    return "", 0
