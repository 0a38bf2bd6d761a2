"""The household environment: ALFWorld's command language and tasks in rooms generated from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from recode_core.environments.environment import Restoration, Task, TaskTraits
from recode_core.environments.household.guide import GUIDE
from recode_core.environments.household.layout import had_no_effect, laid_out
from recode_core.environments.household.task_id import (
    KINDS,
    SPLITS,
    GeneratedTask,
    absolute,
    benchmark_of,
    scene_of,
    traits_of,
)
from recode_core.environments.household.world import HouseholdWorld
from recode_core.errors import UnknownTask
from recode_core.policies.policy import Policy


@cache
def instruction_of(task_id: str) -> str:
    """The instruction of a generated task. Generating its scene takes a millisecond. Raises UnknownTask."""
    return scene_of(task_id).instruction


class Household:
    """Six kinds of household task. Worlds are deterministic and fast, and have snapshots."""

    name = "household"
    restoration: Restoration = "snapshot"
    guide = GUIDE
    laid_out = staticmethod(laid_out)
    had_no_effect = staticmethod(had_no_effect)

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        if split is not None and split not in SPLITS:
            raise UnknownTask(f"household has no split {split!r}, only {', '.join(SPLITS)}")
        for name in SPLITS if split is None else (split,):
            for seed in SPLITS[name]:
                for kind in KINDS:
                    task_id = GeneratedTask(kind, seed).id
                    yield Task(task_id, instruction_of(task_id), name, kind, f"recode household {name}")

    def find_task(self, entry: str | int | list[object]) -> Task:
        """The task of an id. Raises UnknownTask."""
        if not isinstance(entry, str):
            raise UnknownTask('household\'s tasks are named by ids, such as "put:7" or "scene:PATH"')
        scene, split = scene_of(entry), traits_of(entry).split
        return Task(entry, scene.instruction, split, scene.goal.kind, benchmark_of(entry, split))

    def task_traits(self, task_id: str) -> TaskTraits:
        return traits_of(task_id)

    def open(self, task_id: str) -> HouseholdWorld:
        return HouseholdWorld(scene_of(task_id))

    def absolute(self, task_id: str) -> str:
        return absolute(task_id)

    def expert(self, task_id: str) -> Policy:
        from recode_core.environments.household.expert import HouseholdExpert

        return HouseholdExpert()
