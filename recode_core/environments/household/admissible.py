"""The admissible commands, found by trying every candidate. States are immutable, so nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from recode_core.environments.household.rules import perform
from recode_core.environments.household.scene import RoomState, Scene
from recode_core.environments.household.texts import NOTHING_HAPPENS


def admissible_actions(scene: Scene, state: RoomState) -> tuple[str, ...]:
    """Every command with another answer than "Nothing happens."."""
    return tuple(c for c in _commands(scene) if perform(scene, state, c).text != NOTHING_HAPPENS)


def _commands(scene: Scene) -> Iterator[str]:
    receptacles, items = list(scene.receptacles), list(scene.items)
    yield from ("look", "inventory", "help")
    yield from (f"{verb} {name}" for verb in ("go to", "open", "close", "examine") for name in receptacles)
    yield from (f"{verb} {name}" for verb in ("use", "examine") for name in items)
    for item, receptacle in product(items, receptacles):
        yield f"take {item} from {receptacle}"
        yield f"move {item} to {receptacle}"
        yield from (f"{verb} {item} with {receptacle}" for verb in ("clean", "heat", "cool"))
    knives = [name for name in items if "knife" in name]
    yield from (f"slice {item} with {knife}" for item, knife in product(items, knives))
