"""What other packages bring, found by the entry points that they declare and loaded when it is first used."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from recode_core.errors import RecodeError, Unavailable


def declared(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name, of equal names the first on the path. None of them is imported."""
    return {point.name: point for point in reversed(tuple(entry_points(group=group)))}


def loaded(point: EntryPoint, unavailable: type[Unavailable]) -> object:
    """What an entry point names. Raises `unavailable` whatever its import raises, with what that was."""
    try:
        found: object = point.load()
    except RecodeError:
        raise
    except Exception as error:  # what a package needs may be broken in any way
        origin = f", which {point.dist.name} declares," if point.dist else ""
        raise unavailable(
            f"{point.name} cannot be loaded: {point.value}{origin} gives {type(error).__name__}: {error}"
        ) from error
    return found
