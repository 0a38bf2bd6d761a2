"""The edges between panels that the mouse drags, and the sizes that follow from their new places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

import msgspec

from recode_tui.preferences import Preferences

Size = Literal["left", "right", "upper", "environment", "lines", "plan"]
"""A size of the layout that an edge changes, as in `Preferences`."""
_LEAST_LINES = 3  # of the timeline, with its border


class Region(Protocol):
    """A rectangle on the screen, such as one of Textual."""

    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def right(self) -> int: ...
    @property
    def bottom(self) -> int: ...


Regions = Mapping[str, Region]
"""The regions of the visible panels by name, and of the `body` that contains all but timeline and console."""


class Edge(NamedTuple):
    """An edge: the size it changes, its direction, and the first cell of the panel after it."""

    size: Size
    is_vertical: bool
    at: int


def columns(width: int) -> int:
    """The columns of panels on a screen that is so wide."""
    return 3 if width >= 170 else 2 if width >= 100 else 1


def edge_at(regions: Regions, count: int, x: int, y: int) -> Edge | None:
    """The edge at a cell in a layout of `count` columns; both borders that meet there belong to it."""
    for edge, first, last in _edges(regions, count):
        along, across = (y, x) if edge.is_vertical else (x, y)
        if first <= along < last and across in (edge.at - 1, edge.at):
            return edge
    return None


def _edges(regions: Regions, count: int) -> list[tuple[Edge, int, int]]:
    """The edges, each with its first cell and the cell after its last one."""
    found: list[tuple[Edge, int, int]] = []

    def add(size: Size, before: str, after: str, is_vertical: bool) -> None:
        if before in regions and after in regions:
            one, other = regions[before], regions[after]
            if is_vertical:
                found.append((Edge(size, True, other.x), one.y, one.bottom))
            else:
                found.append((Edge(size, False, other.y), other.x, other.right))

    if count == 1:
        for name in ("code", "environment", "variables"):
            add("plan", "plan", name, False)
    else:
        add("left", "plan", "code", True)
        add("environment", "environment", "variables", False)
        if count == 2:
            add("upper", "code", "environment", False)
        else:
            add("right", "code", "environment", True)
    add("lines", "body", "timeline", False)
    return found


class Drag(msgspec.Struct, frozen=True):
    """An edge that is dragged from a cell, in the layout of that moment."""

    edge: Edge
    regions: Regions
    layout: Preferences
    count: int
    x: int
    y: int

    def to(self, x: int, y: int) -> Preferences:
        """The layout with the edge as far from its place as the mouse is from its own."""
        moved = x - self.x if self.edge.is_vertical else y - self.y
        at, body, layout = self.edge.at + moved, self.regions["body"], self.layout
        match self.edge.size:
            case "left":
                whole = 100 + (layout.right if self.count == 3 else 0)
                return layout.with_size("left", round(whole * (at - body.x) / body.width))
            case "right":
                share = min(0.6, max(0.0, (body.right - at) / body.width))
                right = layout.with_size("right", round(100 * share / (1 - share)))
                plan = self.regions["plan"].width / body.width
                return right.with_size("left", round(plan * (100 + right.right)))
            case "upper":
                return layout.with_size("upper", round(100 * (at - body.y) / body.height))
            case "environment":
                top = self.regions["environment"].y
                return layout.with_size("environment", round(100 * (at - top) / (body.bottom - top)))
            case "lines":
                lines = self.regions["timeline"].bottom - at
                return layout.with_size("lines", max(_LEAST_LINES, lines))
            case "plan":
                return layout.with_size("plan", round(100 * (at - body.y) / body.height))

    def is_at(self, x: int, y: int) -> bool:
        """Whether the mouse is where it was pressed."""
        return (x, y) == (self.x, self.y)
