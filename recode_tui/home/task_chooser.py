"""A field for a task's id that searches the tasks of an environment while one types."""

from __future__ import annotations

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
from recode_tui.home.choices import environment_called
from recode_tui.home.dialog import Fault
from recode_tui.home.listing import Listing
from recode_tui.home.tasks import MOST, TaskList, batches
from recode_tui.text import plain
from recode_tui.widgets.line_input import LineInput


class TaskField(LineInput):
    """Below it are the tasks."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "screen.focus_tasks", "Choose a task")]


class TaskChooser(Vertical):
    """Chooses a task of the `environment`. What takes time happens in threads."""

    DEFAULT_CSS = """
    TaskChooser {
        height: 1fr;
        & > Horizontal { height: 1; }
        & Label { width: 12; color: $quiet; }
        & TaskField { width: 1fr; }
        & TaskList { height: 1fr; margin-top: 1; }
        & > #found { height: 1; color: $quiet; }
    }
    """

    environment: reactive[str] = reactive("", init=False)

    class Accepted(Message):
        """The run is to be started with the task in the field."""

    class Checked(Message):
        """The environment has the task, or the field says why not."""

        def __init__(self, task: str, fault: str) -> None:
            super().__init__()
            self.task, self.fault = task, fault

    class Found(Message):
        """Tasks of an environment, the last of them if they are `all`; or why there are none."""

        def __init__(
            self, environment: str, tasks: list[Task], *, is_all: bool = False, fault: str = ""
        ) -> None:
            super().__init__()
            self.environment, self.tasks = environment, tasks
            self.is_all, self.fault = is_all, fault

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("Task")
            yield TaskField(placeholder="search, or write an id", compact=True, id="task")
        yield Fault()
        yield TaskList()
        yield Static(id="found", markup=False)

    def watch_environment(self, name: str) -> None:
        self.query_one(TaskList).clear()
        self._say("")
        self._find(name)

    def check(self) -> None:
        """Find out whether there is such a task; the answer is `Checked`."""
        task = self.query_one(TaskField).value.strip()
        if not task:
            self._refuse("choose a task, or write its id")
        elif self.query_one(TaskList).has(task):
            self.post_message(self.Checked(task, ""))
        else:
            self._count(f"looking for {task}…")
            self._open(self.environment, task)

    def on_task_chooser_found(self, message: Found) -> None:
        if message.environment == self.environment:
            self.query_one(TaskList).add(message.tasks)
            self._say(message.fault)
            self._count("" if message.is_all else "looking for more…")

    def on_task_chooser_checked(self, message: Checked) -> None:
        if message.fault:
            message.stop()
            self._count("")
            self._refuse(message.fault)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._say("")
        self.query_one(TaskList).search(event.value)
        self._count("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        tasks = self.query_one(TaskList)
        if tasks.items and event.value.strip() and not tasks.has(event.value.strip()):
            self._take()
        else:
            self.post_message(self.Accepted())

    @on(Listing.Highlighted)
    def _take_highlighted(self, message: Listing.Highlighted) -> None:
        if message.row_list.has_focus:
            self._take()

    @on(Listing.Chosen)
    def _accept_chosen(self) -> None:
        self._take()
        self.post_message(self.Accepted())

    def _take(self) -> None:
        """Write the id of the task at the cursor into the field; the list stays as it is."""
        if (task := self.query_one(TaskList).item) is not None:
            field = self.query_one(TaskField)
            with self.prevent(Input.Changed):
                field.value = task.id
            field.action_end()
            self._say("")

    def _refuse(self, why: str) -> None:
        self._say(why)
        self.query_one(TaskField).focus()

    def _say(self, fault: str) -> None:
        self.query_one(Fault).say(fault)

    def _count(self, more: str) -> None:
        tasks = self.query_one(TaskList)
        if tasks.total >= MOST:
            more = more or "there are more: write the id of one"
        self.query_one("#found", Static).update(
            plain(f"{len(tasks.items):,} of {tasks.total:,} tasks  {more}"), layout=False
        )

    @work(thread=True, exclusive=True, group="find")
    def _find(self, name: str) -> None:
        worker = get_current_worker()
        try:
            for batch in batches(guard.tasks(environment_called(name))):
                if worker.is_cancelled:
                    return
                self.post_message(self.Found(name, batch))
            self.post_message(self.Found(name, [], is_all=True))
        except RecodeError as error:
            self.post_message(self.Found(name, [], is_all=True, fault=str(error)))

    @work(thread=True, exclusive=True, group="open")
    def _open(self, name: str, task: str) -> None:
        worker, fault = get_current_worker(), ""
        try:
            guard.discard(guard.open_world(environment_called(name), task))
        except RecodeError as error:
            fault = str(error)
        if not worker.is_cancelled:
            self.post_message(self.Checked(task, fault))
