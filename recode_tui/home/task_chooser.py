"""The form field for a task, with a list of tasks that match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Label, Static
from textual.worker import get_current_worker

from recode_core.environments import guard
from recode_core.environments.environment import Task
from recode_core.errors import RecodeError
from recode_tui.home.choices import load_environment
from recode_tui.home.dialog import FieldError
from recode_tui.home.listing import Cell, Listing
from recode_tui.home.tasks import MOST, TaskIndex, batches
from recode_tui.text import one_line, plain
from recode_tui.widgets.line_input import LineInput

_LONGEST = 300  # characters of an instruction


class TaskField(LineInput):
    """A task id, or words to search for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "screen.focus_tasks", "Choose a task")]


class TaskList(Listing[Task]):
    """The tasks of an environment that contain all words of a search."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Start this")]

    def __init__(self) -> None:
        super().__init__()
        self.index = TaskIndex()
        self._text = ""

    def clear(self) -> None:
        """Remove all tasks."""
        self.index = TaskIndex()
        self.items = ()

    def add(self, tasks: Iterable[Task]) -> None:
        """Add tasks."""
        self.index.add(tasks)
        self.items = self.index.search(self._text)

    def search(self, text: str) -> None:
        """Show the tasks that contain every word of a text."""
        self._text = text
        self.items = self.index.search(text)
        self.select(0)

    def name_of(self, item: Task) -> object:
        return item.id

    def cells(self, item: Task, width: int) -> list[Cell]:
        id_width = min(32, width // 4)
        return [
            Cell("", 1),
            Cell(one_line(item.id, _LONGEST), id_width),
            Cell("", 1),
            Cell(one_line(item.instruction, _LONGEST), width - id_width - 12, "quiet"),
            Cell("", 1),
            Cell(one_line(item.split, 40), 8, "faint", is_right=True),
            Cell("", 1),
        ]

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self, self.cursor))


class TaskChooser(Vertical):
    """Chooses a task of the `environment`, whose tasks are loaded and checked in threads."""

    DEFAULT_CSS = """
    TaskChooser {
        height: 1fr;
        & > Horizontal { height: 1; }
        & Label { width: 12; color: $quiet; }
        & TaskField { width: 1fr; }
        & TaskList { height: 1fr; margin-top: 1; }
        & > #count { height: 1; color: $quiet; }
    }
    """

    environment: reactive[str] = reactive("", init=False)

    class Accepted(Message):
        """The user wants to start the task in the field."""

    @dataclass
    class Checked(Message):
        """A task was looked up in the environment; `error` is empty if it exists.

        It was looked up to start it, if `is_start`, or because the field was left.
        """

        task: str
        error: str = ""
        is_start: bool = True

    @dataclass
    class TasksLoaded(Message):
        """Some tasks of an environment were loaded, or an `error` ended that; the last ones if `is_last`."""

        environment: str
        tasks: list[Task]
        is_last: bool = False
        error: str = ""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("Task")
            yield TaskField(placeholder="search, or write an id", compact=True, id="task")
        yield FieldError(id="task-error")
        yield TaskList()
        yield Static(id="count", markup=False)

    def watch_environment(self, name: str) -> None:
        self.query_one(TaskList).clear()
        self._show_error("")
        self._update_count(f"reading the tasks of {name}…")
        self._load(name)

    def check(self) -> None:
        """Look up the task in the field to start it; `Checked` is posted if it exists."""
        if not (task := self._typed):
            self._show_error("choose a task, or write its id")
            self.query_one(TaskField).focus()
        elif task in self.query_one(TaskList).index:
            self.post_message(self.Checked(task))
        else:
            self._update_count(f"looking for {task}…")
            self._look_up(self.environment, task, is_start=True)

    @on(Input.Blurred)
    def _check_left(self, event: Input.Blurred) -> None:
        """Look up a task that is not listed, unless the user goes on to choose one of the list."""
        event.stop()
        tasks, task = self.query_one(TaskList), self._typed
        if task and not tasks.has_focus and task not in tasks.index:
            self._update_count(f"looking for {task}…")
            self._look_up(self.environment, task, is_start=False)

    def on_task_chooser_tasks_loaded(self, message: TasksLoaded) -> None:
        if message.environment == self.environment:
            self.query_one(TaskList).add(message.tasks)
            self._show_error(message.error)
            self._update_count("" if message.is_last else "looking for more…")

    def on_task_chooser_checked(self, message: Checked) -> None:
        if message.task != self._typed:
            message.stop()  # another one was written in the meantime
            return
        self._update_count()
        if message.error or not message.is_start:
            message.stop()
            self._show_error(message.error)
            if message.is_start:
                self.query_one(TaskField).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_error("")
        self.query_one(TaskList).search(event.value)
        self._update_count()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        tasks, text = self.query_one(TaskList), event.value.strip()
        if tasks.items and text and text not in tasks.index:
            self._fill_in()
        else:
            self.post_message(self.Accepted())

    @on(Listing.Highlighted)
    def _fill_in_highlighted(self, message: Listing.Highlighted) -> None:
        if message.row_list.has_focus:
            self._fill_in()

    @on(Listing.Chosen)
    def _accept_chosen(self) -> None:
        self._fill_in()
        self.post_message(self.Accepted())

    def _fill_in(self) -> None:
        """Write the id of the task at the cursor into the field, without searching for it."""
        if (task := self.query_one(TaskList).item) is not None:
            field = self.query_one(TaskField)
            with self.prevent(Input.Changed):
                field.value = task.id
            field.action_end()
            self._show_error("")

    @property
    def _typed(self) -> str:
        return self.query_one(TaskField).value.strip()

    def _show_error(self, error: str) -> None:
        self.query_one(FieldError).show(error)

    def _update_count(self, note: str = "") -> None:
        tasks = self.query_one(TaskList)
        count = len(tasks.index)
        if count >= MOST:
            note = note or "there are more: write the id of one"
        text = plain(f"{len(tasks.items):,} of {count:,} tasks  {note}")
        self.query_one("#count", Static).update(text, layout=False)

    @work(thread=True, exclusive=True, group="tasks")
    def _load(self, name: str) -> None:
        worker = get_current_worker()
        try:
            for batch in batches(guard.tasks(load_environment(name))):
                if worker.is_cancelled:
                    return
                self.post_message(self.TasksLoaded(name, batch))
            self.post_message(self.TasksLoaded(name, [], is_last=True))
        except RecodeError as error:
            self.post_message(self.TasksLoaded(name, [], is_last=True, error=str(error)))

    @work(thread=True, exclusive=True, group="task")
    def _look_up(self, name: str, task: str, *, is_start: bool) -> None:
        worker, message = get_current_worker(), ""
        try:
            guard.discard(guard.open_world(load_environment(name), task))
        except RecodeError as error:
            message = str(error)
        if not worker.is_cancelled:
            self.post_message(self.Checked(task, message, is_start))
