"""The dialog that puts a new run together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Select

from recode_core.environments.registry import names
from recode_core.errors import RecodeError
from recode_core.executor.limits import defaults
from recode_core.policies.prompts import load
from recode_core.session import Settings
from recode_tui.home.choices import AGENTS, POLICIES, Choice, environment_choices, policy_choices
from recode_tui.home.dialog import Fault, HomeDialog
from recode_tui.home.limits import FIELDS, BadNumber, limits_of, sandbox_of
from recode_tui.home.model_chooser import ModelChooser
from recode_tui.home.task_chooser import TaskChooser
from recode_tui.home.tasks import TaskList
from recode_tui.text import plain
from recode_tui.widgets.line_input import LineInput


class NewRunDialog(HomeDialog[Settings]):
    """Answers with the settings. What is wrong with a field is said beside it."""

    AUTO_FOCUS = "#task"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Start"),
        Binding("escape", "cancel", "Cancel"),
    ]
    DEFAULT_CSS = """
    NewRunDialog {
        & > #box { width: 100; height: 96%; max-height: 36; padding: 0 1; }
        & .field { height: 1; }
        & .field > Label { color: $quiet; width: 12; }
        & Grid { grid-size: 3; grid-rows: 1; height: 4; margin-top: 1; }
        & Grid > Horizontal { height: 1; }
        & Grid Label { width: 12; color: $quiet; }
        & Grid Input { width: 9; }
        & Grid > .wide { column-span: 2; }
        & Grid #prompts { width: 1fr; }
        & Select { width: 1fr; }
        & Select > SelectCurrent { background: $panel; padding: 0 1; }
        & Select:focus > SelectCurrent { background: $row; }
        & TaskChooser { margin-top: 1; }
        & Footer { margin-top: 0; }
    }
    """

    class Surveyed(Message):
        """It is known which choices of a field can be had."""

        def __init__(self, field: str, choices: tuple[Choice, ...]) -> None:
            super().__init__()
            self.field = field
            self.choices = choices

    def __init__(self) -> None:
        super().__init__("New run")
        self._known: dict[str, tuple[Choice, ...]] = {"policy": POLICIES}

    def compose_body(self) -> ComposeResult:
        yield from _field("Environment", "environment", [Choice(name) for name in names()])
        yield Fault(id="environment-fault")
        yield from _field("Agent", "agent", AGENTS)
        yield from _field("Policy", "policy", POLICIES)
        yield Fault(id="policy-fault")
        yield ModelChooser()
        with Grid():
            for number in FIELDS:
                none = "" if number.default else "none"
                with Horizontal():
                    yield Label(number.label)
                    yield LineInput(number.default, placeholder=none, compact=True, id=number.name)
            with Horizontal(classes="wide"):
                yield Label("prompts")
                yield LineInput(placeholder="bundled", compact=True, id="prompts")
        yield Fault(id="number-fault")
        yield Fault(id="prompts-fault")
        yield TaskChooser()

    def on_mount(self) -> None:
        self._survey()

    def on_new_run_dialog_surveyed(self, message: Surveyed) -> None:
        self._offer(message.field, message.choices)

    def on_model_chooser_found(self, message: ModelChooser.Found) -> None:
        """What its server has just said of a policy is newer than the survey."""
        if (offer := message.offer) is None:
            return
        about = offer.profile.model or ", ".join(offer.models or ())
        new = Choice(message.policy, about, offer.missing)
        known = self._known["policy"]
        self._offer("policy", [new if choice.name == new.name else choice for choice in known])

    def _offer(self, field: str, choices: Sequence[Choice]) -> None:
        self._known[field] = tuple(choices)
        select, chosen = self.query_one(f"#{field}", Select), self._chosen(field)
        with self.prevent(Select.Changed):
            select.set_options(_options(choices))
            select.value = chosen
        self._say_missing()

    @on(Select.Changed, "#environment")
    def _environment_chosen(self) -> None:
        self.query_one(TaskChooser).environment = self._chosen("environment")
        self._say_missing()

    @on(Select.Changed, "#agent")
    def _agent_chosen(self) -> None:
        calls = defaults(self._chosen("agent")).calls
        self.query_one("#calls", Input).placeholder = "none" if calls is None else str(calls)

    @on(Select.Changed, "#policy")
    def _policy_chosen(self) -> None:
        self.query_one(ModelChooser).policy = self._chosen("policy")
        self._say_missing()

    @on(Input.Changed)
    def _number_typed(self) -> None:
        self._settings("")

    @on(Input.Changed, "#prompts")
    def _prompts_typed(self) -> None:
        self._complain_of_prompts("")

    @on(Input.Submitted)
    @on(TaskChooser.Accepted)
    def action_start(self) -> None:
        if self._with_prompts(self._settings("")) is not None:
            self.query_one(TaskChooser).check()

    @on(TaskChooser.Checked)
    def _start_checked(self, message: TaskChooser.Checked) -> None:
        if (settings := self._with_prompts(self._settings(message.task))) is not None:
            self.dismiss(settings)

    def action_focus_tasks(self) -> None:
        self.query_one(TaskList).focus()

    def _say_missing(self) -> None:
        """Say beside what is chosen why it can't be had."""
        for field in ("environment", "policy"):
            missing = {choice.name: choice.missing for choice in self._known.get(field, ())}
            self.query_one(f"#{field}-fault", Fault).say(missing.get(self._chosen(field), ""))

    def _chosen(self, field: str) -> str:
        return str(self.query_one(f"#{field}", Select).value)

    def _settings(self, task: str) -> Settings | None:
        """What is chosen, or nothing where a field is wrong, which is then said."""
        model = self.query_one(ModelChooser).wish()
        typed = {field.name: self.query_one(f"#{field.name}", Input).value for field in FIELDS}
        wrong, why = "", ""
        try:
            limits, sandbox = limits_of(typed, self._chosen("agent")), sandbox_of(typed)
        except BadNumber as error:
            wrong, why = error.field, str(error)
        for field in FIELDS:
            self.query_one(f"#{field.name}").set_class(field.name == wrong, "-invalid")
        self.query_one("#number-fault", Fault).say(why)
        if why or model is None:
            return None
        chosen = (self._chosen("environment"), task, self._chosen("policy"), self._chosen("agent"))
        return Settings(*chosen, model.name, model.sampling, limits, sandbox)

    def _with_prompts(self, settings: Settings | None) -> Settings | None:
        """Settings with the prompts of the folder that is written; nothing where it can't be used."""
        folder = self.query_one("#prompts", Input).value.strip()
        if settings is None or not folder:
            return settings
        try:
            prompts = load(Path(folder).expanduser(), settings.environment, settings.agent)
        except RecodeError as error:
            self._complain_of_prompts(str(error))
            return None
        return msgspec.structs.replace(settings, prompts=prompts)

    def _complain_of_prompts(self, why: str) -> None:
        self.query_one("#prompts").set_class(bool(why), "-invalid")
        self.query_one("#prompts-fault", Fault).say(why)

    @work(thread=True)
    def _survey(self) -> None:
        self.post_message(self.Surveyed("policy", policy_choices()))
        self.post_message(self.Surveyed("environment", environment_choices()))


def _field(label: str, name: str, choices: Sequence[Choice]) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Label(label)
        yield Select(_options(choices), allow_blank=False, compact=True, id=name)


def _options(choices: Sequence[Choice]) -> list[tuple[Content, str]]:
    return [(_prompt(choice), choice.name) for choice in choices]


def _prompt(choice: Choice) -> Content:
    if choice.missing:
        return Content.assemble((choice.name, "$quiet"), (f"  {plain(choice.missing)}", "$error"))
    return Content.assemble(choice.name, (f"  {choice.about}", "$quiet"))
