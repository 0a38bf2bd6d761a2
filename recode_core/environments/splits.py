"""Splits: an environment's own, by name, and lists of tasks in JSON files, such as papers publish.

A file holds one array. Its entries are ids as for `--task`, or other identifiers that the environment
accepts: indices, or names with variations. Files are read as published; recode contains none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from recode_core.environments import guard
from recode_core.environments.environment import Environment, FindsTasks, Task
from recode_core.errors import RecodeError, UnknownTask

Entry: TypeAlias = "str | int | list[object]"

_SHOWN = 80  # characters of an entry in an error message


def is_file(split: str) -> bool:
    """Whether a split names a file: it ends with .json, or it is a path with a folder."""
    return split.endswith(".json") or "/" in split or os.sep in split


def tasks(environment: Environment, split: str | None = None) -> Iterator[Task]:
    """The tasks of a split, of a file, or of all splits, in their order.

    Raises UnknownTask for an unknown split, RecodeError with file and entry for an invalid file.
    """
    if split is None or not is_file(split):
        return guard.tasks(environment, split)
    return _in_file(environment, Path(split).expanduser())


def digest(task_ids: Iterable[str]) -> str:
    """A fingerprint of a set of tasks, 16 hex digits, independent of order and repetition."""
    return hashlib.sha256("\n".join(sorted(set(task_ids))).encode()).hexdigest()[:16]


def _in_file(environment: Environment, path: Path) -> Iterator[Task]:
    find = _finder(environment)
    for number, entry in enumerate(_entries(path)):
        try:
            yield find(entry)
        except UnknownTask as error:
            raise RecodeError(f"{path}: entry {number} of the list, {_shown(entry)}: {error}") from None


def _entries(path: Path) -> list[Entry]:
    try:
        entries: object = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise RecodeError(f"the split {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise RecodeError(f"the split {path} is not JSON: {error}") from None
    if not isinstance(entries, list) or not entries:
        raise RecodeError(f"the split {path} must be a JSON array of tasks, not {_shown(entries)}")
    for number, entry in enumerate(entries):
        if isinstance(entry, bool) or not isinstance(entry, str | int | list):
            raise RecodeError(
                f"{path}: entry {number} of the list is {_shown(entry)}; an entry is an id, a number, or an "
                "array of a name and a number"
            )
    return entries


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _finder(environment: Environment) -> Callable[[Entry], Task]:
    """The function that looks up an entry: the environment's own, or a search in the tasks that it lists."""
    if isinstance(environment, FindsTasks):
        return lambda entry: guard.find_task(environment, entry)
    known = list(guard.tasks(environment))
    by_id = {task.id: task for task in known}

    def find(entry: Entry) -> Task:
        if isinstance(entry, str) and entry in by_id:
            return by_id[entry]
        if isinstance(entry, int) and 0 <= entry < len(known):
            return known[entry]
        raise UnknownTask(
            f"{environment.name} has no such task: an entry is the id or the index of one of its "
            f"{len(known)} tasks"
        )

    return find
