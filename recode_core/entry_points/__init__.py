"""Code of other packages: found by the entry points that they declare, and loaded when first used."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from recode_core.entry_points.calls import calling
from recode_core.errors import Unavailable


def declared(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name, of equal names the first on the path. None of them is imported."""
    found = {point.name: point for point in reversed(tuple(entry_points(group=group)))}
    return dict(sorted(found.items()))


def loaded(point: EntryPoint, unavailable: type[Unavailable]) -> object:
    """What an entry point names. Raises `unavailable` whatever its import raises, with what that was."""
    origin = f", which {point.dist.name} declares," if point.dist else ""
    with calling(f"{point.name} cannot be loaded: {point.value}{origin} gives", unavailable):
        found: object = point.load()
    return found
