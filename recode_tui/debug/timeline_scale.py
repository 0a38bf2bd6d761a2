"""The scale of the timeline: which positions of the tracks each cell shows.

The whole timeline has room for twice as many positions whenever the run has outgrown it, so that marks keep
their cells until then. The part that is shown after zooming in keeps its positions even then.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from recode_core.timeline.stop_track import UNIT

_ROOM = 32 * UNIT
"""The positions that the whole timeline has room for at first."""


class Scale(msgspec.Struct, frozen=True):
    """`extent` positions from `left` on, shown in `width` cells."""

    width: int
    left: int
    extent: int

    @classmethod
    def whole(cls, width: int, length: int) -> Scale:
        """The scale that shows all of `length` positions."""
        extent = _ROOM
        while extent < length:
            extent *= 2
        return cls(width, 0, extent)

    def cell(self, position: int) -> int:
        """The cell of a position; one outside 0 to `width` - 1 is not shown."""
        return (position - self.left) * self.width // self.extent

    def start(self, cell: int) -> int:
        """The first position in a cell."""
        return self.left - (-cell * self.extent // self.width)

    def zoomed(self, by: int, position: int) -> Scale:
        """Half (`by` 1) or twice (-1) as much, with `position` in the same cell if the start allows it."""
        extent = self.extent // 2 if by > 0 else self.extent * 2
        before = (position - self.left) * extent // self.extent
        return replace(self, left=max(0, position - before), extent=max(self.width, extent))

    def showing(self, position: int) -> Scale:
        """The scale moved by as much as needed to show a position: to its middle, unless it is shown."""
        if 0 <= self.cell(position) < self.width:
            return self
        return replace(self, left=max(0, position - self.extent // 2))
