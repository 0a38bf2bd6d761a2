"""The tasks of an environment, as they are found, to search and choose from."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType

from recode_core.environments.environment import Task
from recode_tui.home.listing import Cell, Listing
from recode_tui.text import one_line

MOST = 50_000
"""So many are listed; the id of another can be written."""
_OFTEN = 0.1  # seconds
_LONGEST = 300  # characters of an instruction


def batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """The tasks in order, some at a time, as often as a person can follow."""
    batch: list[Task] = []
    said = time.monotonic()
    for task in itertools.islice(tasks, MOST):
        batch.append(task)
        if time.monotonic() - said > _OFTEN:
            yield batch
            batch, said = [], time.monotonic()
    yield batch


class TaskList(Listing[Task]):
    """Those tasks in which all of the words are found."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Start this")]

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self._texts: dict[str, tuple[str, Task]] = {}

    @property
    def total(self) -> int:
        """How many tasks there are, found or not."""
        return len(self._texts)

    def has(self, task_id: str) -> bool:
        """Whether there is a task of that id."""
        return task_id in self._texts

    def clear(self) -> None:
        """Forget the tasks, as those of another environment come."""
        self._texts = {}
        self.items = ()

    def add(self, tasks: Iterable[Task]) -> None:
        """There are these too."""
        for task in tasks:
            self._texts[task.id] = (f"{task.id} {task.split} {task.instruction}".lower(), task)
        self._find()

    def search(self, words: str) -> None:
        """Show those that have all the words, the one of just that id first."""
        self._words = words.lower().split()
        self._find()
        self.select(0)

    def _find(self) -> None:
        found = [task for text, task in self._texts.values() if all(word in text for word in self._words)]
        wanted = " ".join(self._words)
        self.items = tuple(sorted(found, key=lambda task: task.id.lower() != wanted))

    def name_of(self, item: Task) -> object:
        return item.id

    def cells(self, item: Task, width: int) -> list[Cell]:
        name = min(32, width // 4)
        said = one_line(item.instruction, _LONGEST)
        return [
            Cell("", 1),
            Cell(one_line(item.id, _LONGEST), name),
            Cell("", 1),
            Cell(said, width - name - 12, "quiet"),
            Cell("", 1),
            Cell(one_line(item.split, 40), 8, "faint", is_right=True),
            Cell("", 1),
        ]

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self, self.cursor))
