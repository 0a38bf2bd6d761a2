"""Plugins: code of other packages, found by their entry points and loaded on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recode_core.entry_points.calls import calling
from recode_core.errors import Unavailable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def declared(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name; the first on the path takes precedence. Nothing is imported."""
    from importlib.metadata import entry_points  # slow to import

    found = {point.name: point for point in reversed(tuple(entry_points(group=group)))}
    return dict(sorted(found.items()))


def loaded(point: EntryPoint, unavailable: type[Unavailable]) -> object:
    """Load the object of an entry point. Any exception of its import is raised as `unavailable`."""
    origin = f", which {point.dist.name} declares," if point.dist else ""
    with calling(f"{point.name} cannot be loaded: {point.value}{origin} gives", unavailable):
        found: object = point.load()
    return found
