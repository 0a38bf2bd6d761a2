"""A small kitchen, made by hand so that every text in a test can be checked against the domain."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from recode_core.environments.household.rooms import traits
from recode_core.environments.household.scene import Item, Receptacle, RoomGoal, RoomState, Scene
from recode_core.environments.household.world import HouseholdWorld

Open = Callable[..., HouseholdWorld]

INSIDE = {
    "apple 2": "fridge 1",
    "apple 1": "countertop 1",
    "desklamp 1": "countertop 1",
    "knife 1": "countertop 1",
    "mug 1": "stoveburner 1",
    "spoon 1": "countertop 1",
}


def kitchen_scene() -> Scene:
    """Both burners are at one place; everything else stands alone."""
    names = (
        "countertop 1",
        "drawer 1",
        "fridge 1",
        "microwave 1",
        "sinkbasin 1",
        "stoveburner 2",
        "stoveburner 1",
    )
    receptacles = {
        name: Receptacle(
            kind=name.split()[0],
            place="stove" if "stove" in name else name,
            openable=name in ("drawer 1", "fridge 1", "microwave 1"),
        )
        for name in names
    }
    items = {name: Item(name.split()[0], traits(name.split()[0])) for name in INSIDE}
    items["mug 1"] = replace(items["mug 1"], inner=("pen 1", "pencil 1"))
    return Scene(
        receptacles=receptacles,
        items=items,
        fitting=frozenset(
            (receptacle.kind, item.kind)
            for receptacle in receptacles.values()
            for item in items.values()
            if (receptacle.kind, item.kind) != ("drawer", "apple")
        ),
        goal=RoomGoal("heat", "apple", "countertop"),
        instruction="put a hot apple in countertop.",
        start=RoomState(
            place="middle",
            inside=frozenset(INSIDE.items()),
            lying=frozenset((item, receptacles[name].place) for item, name in INSIDE.items()),
        ),
    )


@pytest.fixture
def open_kitchen() -> Open:
    """Opens the kitchen, with another goal if asked, and carries out commands."""

    def opened(*commands: str, goal: RoomGoal | None = None) -> HouseholdWorld:
        scene = kitchen_scene()
        world = HouseholdWorld(replace(scene, goal=goal or scene.goal))
        world.reset()
        for command in commands:
            assert world.step(command).text != "Nothing happens.", command
        return world

    return opened
