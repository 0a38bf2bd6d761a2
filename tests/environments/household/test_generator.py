from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

from recode_core.environments.household.generator import generate
from recode_core.environments.household.rooms import SIZES, Size
from recode_core.environments.household.scene import GoalKind, Scene
from recode_core.environments.household.task_id import KINDS
from recode_core.environments.household.texts import contents, introduction
from recode_core.environments.household.world import HouseholdWorld

ROOT = Path(__file__).parents[3]

TOOLS = {"clean": "sinkbasin 1", "heat": "microwave 1", "cool": "fridge 1"}

DRAW_EVERY_KIND = """
from recode_core.environments.household.generator import generate
from recode_core.environments.household.task_id import KINDS
for kind in KINDS:
    scene = generate(kind, 11, "large")
    print(list(scene.receptacles), list(scene.items), sorted(scene.start.inside), scene.instruction)
"""


def solution(scene: Scene) -> Iterator[str]:
    """Commands that reach the goal, from knowing where everything is; some may be needless."""
    where = dict(scene.start.inside)
    of_kind = {
        item.kind: [n for n, other in scene.items.items() if other.kind == item.kind]
        for item in scene.items.values()
    }
    target = next((name for name, r in scene.receptacles.items() if r.kind == scene.goal.target), "")
    for item in of_kind[scene.goal.item][:2]:
        yield from (f"go to {where[item]}", f"open {where[item]}", f"take {item} from {where[item]}")
        if scene.goal.kind == "examine":
            (lamp,) = of_kind[scene.goal.target]
            yield from (f"go to {where[lamp]}", f"use {lamp}")
        if tool := TOOLS.get(scene.goal.kind):
            yield from (f"go to {tool}", f"{scene.goal.kind} {item} with {tool}")
        yield from (f"go to {target}", f"open {target}", f"move {item} to {target}")


def view(scene: Scene) -> str:
    """All that can be seen at the start, with everything opened."""
    opened = replace(scene.start, opened=frozenset(scene.receptacles))
    return "\n".join([introduction(scene), *(contents(scene, opened, name) for name in scene.receptacles)])


@pytest.mark.parametrize(("kind", "size"), list(product(KINDS, SIZES)))
def test_each_of_a_hundred_seeds_can_be_solved_and_is_not_solved_yet(kind: GoalKind, size: Size) -> None:
    for seed in range(100):
        scene = generate(kind, seed, size)
        world = HouseholdWorld(scene)
        assert not world.reset().success, seed
        assert any(world.step(command).success for command in solution(scene)), (seed, scene.instruction)


@pytest.mark.parametrize("kind", KINDS)
def test_seeds_make_different_rooms(kind: GoalKind) -> None:
    assert len({view(generate(kind, seed, "medium")) for seed in range(50)}) == 50


def test_a_seed_makes_the_same_room_in_every_process() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", DRAW_EVERY_KIND],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == len(KINDS)


def test_rooms_stay_as_recorded_sessions_know_them() -> None:
    views = "\n".join(view(generate(kind, 7, size)) for kind, size in product(KINDS, SIZES))
    assert sha256(views.encode()).hexdigest()[:16] == "3a733400f82454a6"


@pytest.mark.parametrize(("size", "least", "most"), [("small", 8, 13), ("medium", 15, 25), ("large", 36, 40)])
def test_sizes_differ_in_receptacles(size: Size, least: int, most: int) -> None:
    counts = {len(generate(kind, seed, size).receptacles) for kind in KINDS for seed in range(20)}
    assert least <= min(counts)
    assert max(counts) <= most


@pytest.mark.parametrize("size", SIZES)
def test_names_are_numbered_without_gaps_and_listed_from_the_highest(size: Size) -> None:
    scene = generate("heat", 4, size)
    for names in (list(scene.receptacles), list(scene.items)):
        kinds = Counter(name.split()[0] for name in names)
        assert names == [f"{kind} {number}" for kind in sorted(kinds) for number in range(kinds[kind], 0, -1)]


def test_an_item_starts_where_it_could_be_put() -> None:
    for kind, seed in product(KINDS, range(30)):
        scene = generate(kind, seed, "medium")
        pairs = {(scene.receptacles[r].kind, scene.items[i].kind) for i, r in scene.start.inside}
        assert {pair for pair in pairs - scene.fitting if pair[1] != "desklamp"} == set()
