"""The games of `$ALFWORLD_DATA`, in folders `json_2.1.1/SPLIT/TASK/TRIAL`; the id is `SPLIT/TASK/TRIAL`."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from recode_core.environments.household.real_scene import TASK_TYPES
from recode_core.errors import EnvironmentUnavailable, UnknownTask

SPLITS = ("train", "valid_seen", "valid_unseen")
FILE = "game.tw-pddl"
_DEFAULT = "~/.cache/alfworld"  # where alfworld-download saves them
_VERSION = "json_2.1.1"


class Game(msgspec.Struct, frozen=True):
    """The facts about a game that are known without the engine."""

    instruction: str
    is_solvable: bool


class _File(msgspec.Struct, frozen=True):
    grammar: str
    solvable: bool = True


def splits(wanted: str | None) -> tuple[str, ...]:
    """The splits to list. Raises UnknownTask, or EnvironmentUnavailable if the data folder is missing."""
    if wanted is not None and wanted not in SPLITS:
        raise UnknownTask(f"alfworld has no split {wanted!r}, only {', '.join(SPLITS)}")
    _data()
    return SPLITS if wanted is None else (wanted,)


def folders(split: str) -> Iterator[Path]:
    """The folders of a split's games, sorted, without tasks that the text engine can't play."""
    for file in sorted((_data() / split).glob(f"*/*/{FILE}")):
        task = file.parents[1].name
        if task.partition("-")[0] in TASK_TYPES and "Sliced" not in task and "movable" not in task:
            yield file.parent


def folder_of(task_id: str) -> Path:
    """The folder of a task. Raises UnknownTask, or EnvironmentUnavailable if the data folder is missing."""
    data = _data()
    parts = task_id.split("/")
    if len(parts) == 3 and parts[0] in SPLITS and ".." not in parts and (data / task_id / FILE).is_file():
        return data / task_id
    known = [id_of(folder) for split in SPLITS for folder in folders(split)]
    close = difflib.get_close_matches(task_id, known, n=1, cutoff=0.5) or known[:1]
    such = f", such as {close[0]}" if close else ""
    raise UnknownTask(
        f"there is no task {task_id!r} in {data}; recode tasks --env alfworld lists the tasks{such}"
    )


def id_of(folder: Path) -> str:
    """The id of a game, the value of `--task`."""
    return "/".join(folder.parts[-3:])


def kind_of(folder: Path) -> str:
    """The kind of a game's task, one of the household environment's six."""
    return TASK_TYPES[folder.parent.name.partition("-")[0]]


def read(folder: Path) -> Game:
    """Read the facts in a game's file. Raises EnvironmentUnavailable if it is damaged."""
    try:
        file = msgspec.json.decode((folder / FILE).read_bytes(), type=_File)
    except (OSError, ValueError) as error:
        raise EnvironmentUnavailable(f"{folder / FILE} is damaged: {error}; download it again") from error
    match = re.search(r'"Your task is to: ([^"]*)"', file.grammar)
    if match is None:
        raise EnvironmentUnavailable(f"{folder / FILE} is damaged: it contains no task; download it again")
    return Game(match[1], file.solvable)


def _data() -> Path:
    root = Path(os.environ.get("ALFWORLD_DATA") or _DEFAULT).expanduser()
    if not (root / _VERSION).is_dir():
        raise EnvironmentUnavailable(
            f"there are no ALFWorld games in {root}, which has no folder {_VERSION}: get them with "
            "alfworld-download, or let ALFWORLD_DATA name the folder that holds them. "
            "Without them, --env household has tasks of the same kinds"
        )
    return root / _VERSION
