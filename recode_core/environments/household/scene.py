"""The data of a scene: the receptacles and items of a room, its initial state, and the goal."""

from __future__ import annotations

from typing import Literal

import msgspec

GoalKind = Literal["put", "clean", "heat", "cool", "examine", "puttwo"]
Trait = Literal["pickupable", "heatable", "coolable", "cleanable", "sliceable", "toggleable", "container"]


class Receptacle(msgspec.Struct, frozen=True):
    """A thing to go to, which may hold items. Receptacles with the same `place` are reached together."""

    kind: str
    place: str
    openable: bool = False


class Item(msgspec.Struct, frozen=True):
    """A thing in or on a receptacle. `inner` names the items that a container always holds."""

    kind: str
    traits: frozenset[Trait] = frozenset()
    inner: tuple[str, ...] = ()


class RoomGoal(msgspec.Struct, frozen=True):
    """The goal of a task. `target` is a kind of receptacle, for `examine` a kind of lamp."""

    kind: GoalKind
    item: str
    target: str


class RoomState(msgspec.Struct, frozen=True):
    """Everything that can change in a scene. Immutable, so a reference to a state is a snapshot."""

    place: str
    inside: frozenset[tuple[str, str]]
    """(item, receptacle) pairs; one of ALFWorld's scenes may list an item in two receptacles."""
    lying: frozenset[tuple[str, str]]
    """(item, place) pairs; `slice` needs the item at the agent's place."""
    taken: frozenset[tuple[str, str]] = frozenset()
    """(item, receptacle) pairs of items that were taken and not put back there; `look` lists only these."""
    held: str | None = None
    opened: frozenset[str] = frozenset()
    clean: frozenset[str] = frozenset()
    hot: frozenset[str] = frozenset()
    cool: frozenset[str] = frozenset()
    sliced: frozenset[str] = frozenset()
    lit: frozenset[str] = frozenset()


class Scene(msgspec.Struct, frozen=True):
    """A room and its task. Both mappings are by name, in the order in which texts list the things."""

    receptacles: dict[str, Receptacle]
    items: dict[str, Item]
    fitting: frozenset[tuple[str, str]]
    """(kind of receptacle, kind of item) pairs; the receptacle accepts the item."""
    goal: RoomGoal
    instruction: str
    start: RoomState
