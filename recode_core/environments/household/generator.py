"""Generates a scene from a seed, the same in every process and every Python version."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from recode_core.environments.household.goals import TREATMENTS, WORDINGS
from recode_core.environments.household.rooms import (
    FOUND_IN,
    FURNITURE,
    HELD_BY,
    ITEM_COUNTS,
    LAMP,
    LAMP_STANDS,
    OPENABLE,
    SIZES,
    Size,
    traits,
)
from recode_core.environments.household.scene import GoalKind, Item, Receptacle, RoomGoal, RoomState, Scene

T = TypeVar("T")

_ROOMS_FOR: dict[GoalKind, tuple[str, ...]] = {
    "put": ("kitchen", "bathroom", "bedroom", "livingroom"),
    "clean": ("kitchen", "bathroom"),
    "heat": ("kitchen",),
    "cool": ("kitchen",),
    "examine": ("bedroom", "livingroom"),
    "puttwo": ("kitchen", "bathroom", "bedroom", "livingroom"),
}

_APPLIANCES: dict[GoalKind, str] = {"clean": "sinkbasin", "heat": "microwave", "cool": "fridge"}

_FITTING = frozenset((receptacle, item) for receptacle, items in HELD_BY.items() for item in items)


class _Placement(msgspec.Struct, frozen=True):
    """The kind of an item to create, and the receptacle in which it starts."""

    kind: str
    receptacle: str


class _Dice:
    """Random choices made with `random()` only, whose values Python guarantees for a seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random

    def one(self, options: Sequence[T]) -> T:
        return options[int(self._random() * len(options))]


def generate(kind: GoalKind, seed: int, size: Size) -> Scene:
    """A solvable scene whose goal is not reached yet."""
    dice = _Dice(f"household {kind} {seed} {size}")
    room = dice.one(_ROOMS_FOR[kind])
    receptacles = _furnish(room, size)
    goal = _choose_goal(dice, kind, room, receptacles)
    placements = _fill(dice, goal, room, receptacles, ITEM_COUNTS[size])
    items, inside = _number(placements)
    return Scene(
        receptacles=receptacles,
        items=items,
        fitting=_FITTING,
        goal=goal,
        instruction=dice.one(WORDINGS[kind]).format(item=goal.item, target=goal.target),
        start=RoomState(place="middle", inside=frozenset(inside), lying=frozenset(inside)),
    )


def _furnish(room: str, size: Size) -> dict[str, Receptacle]:
    """The receptacles of a room, each at a place of its own with its name."""
    column = SIZES.index(size)
    names = {
        f"{kind} {number}": kind
        for kind, counts in sorted(FURNITURE[room].items())
        for number in range(counts[column], 0, -1)
    }
    return {name: Receptacle(kind, name, kind in OPENABLE) for name, kind in names.items()}


def _choose_goal(dice: _Dice, kind: GoalKind, room: str, receptacles: dict[str, Receptacle]) -> RoomGoal:
    if kind == "examine":
        return RoomGoal(kind, dice.one([i for i in FOUND_IN[room] if _starts(i, receptacles)]), LAMP)
    items_of = {
        target: [i for i in HELD_BY[target] if _is_suitable(kind, i, target, room, receptacles)]
        for target in dict.fromkeys(receptacle.kind for receptacle in receptacles.values())
        if target != _APPLIANCES.get(kind)
    }
    target = dice.one([target for target, items in items_of.items() if items])
    return RoomGoal(kind, dice.one(items_of[target]), target)


def _is_suitable(
    kind: GoalKind, item: str, target: str, room: str, receptacles: dict[str, Receptacle]
) -> bool:
    needed = TREATMENTS.get(kind)
    return (
        item in FOUND_IN[room]
        and (needed is None or needed in traits(item))
        and bool(_starts(item, receptacles, but=target))
    )


def _starts(item: str, receptacles: dict[str, Receptacle], but: str = "") -> list[str]:
    """The receptacles in which an item of the kind may start."""
    return [
        name
        for name, receptacle in receptacles.items()
        if item in HELD_BY[receptacle.kind] and receptacle.kind != but
    ]


def _fill(
    dice: _Dice, goal: RoomGoal, room: str, receptacles: dict[str, Receptacle], count: int
) -> Iterable[_Placement]:
    """The items: those of the goal, which start outside of its target, and distractors."""
    wanted = dice.one((2, 3) if goal.kind == "puttwo" else (1, 1, 2, 3))
    starts = _starts(goal.item, receptacles, but=goal.target)
    yield from (_Placement(goal.item, dice.one(starts)) for _ in range(wanted))
    if room in _ROOMS_FOR["examine"]:
        stands = [name for name, receptacle in receptacles.items() if receptacle.kind in LAMP_STANDS]
        yield _Placement(LAMP, dice.one(stands))
    others = [kind for kind in FOUND_IN[room] if kind != goal.item and _starts(kind, receptacles)]
    for _ in range(count - wanted):
        kind = dice.one(others)
        yield _Placement(kind, dice.one(_starts(kind, receptacles)))


def _number(placements: Iterable[_Placement]) -> tuple[dict[str, Item], list[tuple[str, str]]]:
    """The items by kind, the highest number first, as ALFWorld lists them; and their receptacles."""
    numbers: Counter[str] = Counter()
    inside = {}
    for placement in placements:
        numbers[placement.kind] += 1
        inside[f"{placement.kind} {numbers[placement.kind]}"] = placement.receptacle
    items = {
        f"{kind} {number}": Item(kind, traits(kind))
        for kind, count in sorted(numbers.items())
        for number in range(count, 0, -1)
    }
    return items, list(inside.items())
