"""Task ids: `put:7`, `put:7:large`, `scene:PATH`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import msgspec

from recode_core.environments.environment import TaskTraits
from recode_core.environments.household.generator import generate
from recode_core.environments.household.real_scene import TASK_TYPES, read_scene
from recode_core.environments.household.rooms import SIZES, Size
from recode_core.environments.household.scene import GoalKind, Scene
from recode_core.errors import UnknownTask

ALFWORLD_SPLITS: dict[str, Literal["seen", "unseen", ""]] = {
    "train": "",
    "valid_seen": "seen",
    "valid_unseen": "unseen",
}
"""ALFWorld's splits, and whether papers call their rooms seen or unseen."""

KINDS: tuple[GoalKind, ...] = get_args(GoalKind)

SPLITS = {"train": range(0, 100), "valid": range(100, 120), "test": range(120, 150)}
"""Seeds by split; every seed gives one task of each kind."""

_SCENE = "scene:"
_TYPE = re.compile(rf"(?:^|[/\\])({'|'.join(TASK_TYPES)})-")


class GeneratedTask(msgspec.Struct, frozen=True):
    """A task that is generated from a seed."""

    kind: GoalKind
    seed: int
    size: Size = "medium"

    @property
    def id(self) -> str:
        """The id, the value of `--task`."""
        return f"{self.kind}:{self.seed}" + ("" if self.size == "medium" else f":{self.size}")


def scene_of(task_id: str) -> Scene:
    """The scene of a task id. Raises UnknownTask."""
    if task_id.startswith(_SCENE):
        return read_scene(_folder(task_id))
    task = parse(task_id)
    return generate(task.kind, task.seed, task.size)


def traits_of(task_id: str) -> TaskTraits:
    """The traits of a task, empty for an invalid id. A scene's path contains its type of task and split."""
    if task_id.startswith(_SCENE):
        return scene_traits(task_id.removeprefix(_SCENE))
    try:
        task = parse(task_id)
    except UnknownTask:
        return TaskTraits()
    split = next((name for name, seeds in SPLITS.items() if task.seed in seeds), "")
    return TaskTraits(task.kind, split if task.size == "medium" else "")


def scene_traits(folder: str) -> TaskTraits:
    """The traits in the path of an ALFWorld scene, `…/valid_seen/TYPE-…/TRIAL`, which need not exist."""
    named = _TYPE.search(folder)
    kind = TASK_TYPES[named[1]] if named else ""
    parts = re.split(r"[/\\]", folder)
    split = next((name for name in reversed(parts) if name in ALFWORLD_SPLITS), "")
    return TaskTraits(kind, split, ALFWORLD_SPLITS.get(split, ""))


def benchmark_of(task_id: str, split: str) -> str:
    """The split with the name of its benchmark, such as "ALFWorld train"; empty without a split."""
    return f"{'ALFWorld' if task_id.startswith(_SCENE) else 'recode household'} {split}" if split else ""


def absolute(task_id: str) -> str:
    """The id with an absolute path, if it contains a path."""
    return f"{_SCENE}{_folder(task_id).absolute()}" if task_id.startswith(_SCENE) else task_id


def _folder(task_id: str) -> Path:
    return Path(task_id.removeprefix(_SCENE)).expanduser()


def parse(task_id: str) -> GeneratedTask:
    """Parse a generated task's id. Raises UnknownTask."""
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
