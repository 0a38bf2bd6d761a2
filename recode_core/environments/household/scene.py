"""A scene is data: what stands and lies in a room, how it starts, and what is to be achieved."""

from __future__ import annotations

from typing import Literal

import msgspec

GoalKind = Literal["put", "clean", "heat", "cool", "examine", "puttwo"]
Trait = Literal["pickupable", "heatable", "coolable", "cleanable", "sliceable", "toggleable", "container"]


class Receptacle(msgspec.Struct, frozen=True):
    """A place to go to, which may hold items. Receptacles at one `place` are reached together."""

    kind: str
    place: str
    openable: bool = False


class Item(msgspec.Struct, frozen=True):
    """A thing that lies in or on a receptacle. `inner` names what lies in a container for good."""

    kind: str
    traits: frozenset[Trait] = frozenset()
    inner: tuple[str, ...] = ()


class RoomGoal(msgspec.Struct, frozen=True):
    """What is to be achieved; `target` is a kind of receptacle, for `examine` a kind of lamp."""

    kind: GoalKind
    item: str
    target: str


class RoomState(msgspec.Struct, frozen=True):
    """All that can change in a scene. A state is never altered, so keeping one is a snapshot."""

    place: str
    inside: frozenset[tuple[str, str]]
    """(item, receptacle); a real scene may list one item in two receptacles."""
    lying: frozenset[tuple[str, str]]
    """(item, place): what a knife reaches there."""
    taken: frozenset[tuple[str, str]] = frozenset()
    """(item, receptacle) it was taken from and not put back to: `look` tells of these."""
    held: str | None = None
    opened: frozenset[str] = frozenset()
    clean: frozenset[str] = frozenset()
    hot: frozenset[str] = frozenset()
    cool: frozenset[str] = frozenset()
    sliced: frozenset[str] = frozenset()
    lit: frozenset[str] = frozenset()


class Scene(msgspec.Struct, frozen=True):
    """A room and its task. Both mappings go from name to thing, in the order in which texts list them."""

    receptacles: dict[str, Receptacle]
    items: dict[str, Item]
    fitting: frozenset[tuple[str, str]]
    """(kind of receptacle, kind of item) pairs that can be put together."""
    goal: RoomGoal
    instruction: str
    start: RoomState
