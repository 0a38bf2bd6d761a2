"""Tasks of an environment: batches as they are found, and a search index."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator

from recode_core.environments.environment import Task

MOST = 50_000
"""Number of tasks listed. Others can be given by their id."""
_INTERVAL = 0.1  # seconds between two batches


def batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Yield the first tasks in order, in batches of those found in an interval."""
    batch: list[Task] = []
    yielded = time.monotonic()
    for task in itertools.islice(tasks, MOST):
        batch.append(task)
        if time.monotonic() - yielded > _INTERVAL:
            yield batch
            batch, yielded = [], time.monotonic()
    yield batch


class TaskIndex:
    """Searches tasks by words of their id, split and instruction."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, Task]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, task_id: str) -> bool:
        return task_id in self._texts

    def add(self, tasks: Iterable[Task]) -> None:
        """Add tasks, or replace those of the same id."""
        for task in tasks:
            self._texts[task.id] = (f"{task.id} {task.split} {task.instruction}".lower(), task)

    def search(self, text: str) -> tuple[Task, ...]:
        """The tasks that contain every word of a text; the one with exactly that id comes first."""
        words = text.lower().split()
        found = [task for text, task in self._texts.values() if all(word in text for word in words)]
        wanted = " ".join(words)
        return tuple(sorted(found, key=lambda task: task.id.lower() != wanted))
