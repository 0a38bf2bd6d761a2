"""Task ids: `put:7`, `put:7:large`, `scene:PATH`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import msgspec

from recode_core.environments.household.generator import generate
from recode_core.environments.household.real_scene import read_scene
from recode_core.environments.household.rooms import SIZES, Size
from recode_core.environments.household.scene import GoalKind, Scene
from recode_core.errors import UnknownTask

KINDS: tuple[GoalKind, ...] = get_args(GoalKind)

_SCENE = "scene:"


class GeneratedTask(msgspec.Struct, frozen=True):
    """A task made from a seed."""

    kind: GoalKind
    seed: int
    size: Size = "medium"

    @property
    def id(self) -> str:
        """What `--task` takes."""
        return f"{self.kind}:{self.seed}" + ("" if self.size == "medium" else f":{self.size}")


def scene_of(task_id: str) -> Scene:
    """The scene a task id names. Raises UnknownTask."""
    if task_id.startswith(_SCENE):
        return read_scene(_folder(task_id))
    task = parse(task_id)
    return generate(task.kind, task.seed, task.size)


def kind_of(task_id: str) -> GoalKind:
    """Which of the six kinds a task is of. Raises UnknownTask."""
    return scene_of(task_id).goal.kind if task_id.startswith(_SCENE) else parse(task_id).kind


def absolute(task_id: str) -> str:
    """The id with the whole path of its folder, if it names one."""
    return f"{_SCENE}{_folder(task_id).absolute()}" if task_id.startswith(_SCENE) else task_id


def _folder(task_id: str) -> Path:
    return Path(task_id.removeprefix(_SCENE)).expanduser()


def parse(task_id: str) -> GeneratedTask:
    """A generated task's id in its parts. Raises UnknownTask."""
    match = re.fullmatch(r"([a-z]+):([0-9]{1,18})(?::([a-z]+))?", task_id)
    if match:
        kind = next((kind for kind in KINDS if kind == match[1]), None)
        size = next((size for size in SIZES if size == (match[3] or "medium")), None)
        if kind and size:
            return GeneratedTask(kind, int(match[2]), size)
    raise UnknownTask(
        f"household has no task {task_id!r}: write KIND:SEED or KIND:SEED:SIZE, such as put:7 or put:7:large "
        f"(KIND is {_either(KINDS)}; SEED is a whole number from 0; SIZE is {_either(SIZES)}), "
        "or scene:PATH with the folder of an ALFWorld scene"
    )


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
