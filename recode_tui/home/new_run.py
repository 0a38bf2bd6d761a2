"""The dialog for a new run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal
from textual.content import Content
from textual.events import DescendantFocus
from textual.message import Message
from textual.widgets import Input, Label, Select, Static
from textual.worker import get_current_worker

from recode_core.environments.registry import names
from recode_core.executor.limits import Limits, defaults
from recode_core.interpreter.sessions import SandboxLimits
from recode_core.session import Settings
from recode_tui.home.choices import (
    AGENTS,
    POLICIES,
    Choice,
    environment_choice,
    environment_choices,
    policy_choices,
)
from recode_tui.home.dialog import FieldError, HomeDialog
from recode_tui.home.model_chooser import ModelChooser
from recode_tui.home.run_settings import ABOUT, NUMBERS, read_limits, read_prompts, read_sandbox
from recode_tui.home.task_chooser import TaskChooser, TaskList
from recode_tui.text import plain
from recode_tui.widgets.choice_field import ChoiceField
from recode_tui.widgets.line_input import LineInput


class NewRunDialog(HomeDialog[Settings]):
    """Returns the settings of a new run.

    Errors are shown below the fields they are about, as soon as these are filled in. The last line explains
    the field in focus.
    """

    AUTO_FOCUS = "#environment"
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
        & TaskChooser { margin: 1 0; }
        & #about { height: 1; color: $quiet; }
        & Footer { margin-top: 0; }
    }
    """

    @dataclass
    class ChoicesLoaded(Message):
        """The choices of a field are known, with what they lack."""

        field: str
        choices: tuple[Choice, ...]

    @dataclass
    class EnvironmentChecked(Message):
        """The chosen environment is known, with what it lacks, before all choices are."""

        choice: Choice

    def __init__(self) -> None:
        super().__init__("New run")
        self._choices: dict[str, tuple[Choice, ...]] = {"environment": (), "policy": POLICIES}

    def compose_body(self) -> ComposeResult:
        yield from _select("Environment", "environment", [Choice(name) for name in names()])
        yield FieldError(id="environment-error")
        yield TaskChooser()
        yield from _select("Agent", "agent", AGENTS)
        yield from _select("Policy", "policy", POLICIES)
        yield FieldError(id="policy-error")
        yield ModelChooser()
        with Grid():
            for number in NUMBERS:
                placeholder = "" if number.default else "none"
                with Horizontal():
                    yield Label(number.label)
                    yield LineInput(number.default, placeholder=placeholder, compact=True, id=number.name)
            with Horizontal(classes="wide"):
                yield Label("prompts")
                yield LineInput(placeholder="bundled", compact=True, id="prompts")
        yield FieldError(id="number-error")
        yield FieldError(id="prompts-error")
        yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        self._load_choices()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Explain the field in focus."""
        ids = (node.id for node in event.widget.ancestors_with_self)
        self._tell(next((ABOUT[id] for id in ids if id in ABOUT), ""))

    def on_new_run_dialog_choices_loaded(self, message: ChoicesLoaded) -> None:
        self._set_choices(message.field, message.choices)

    def on_new_run_dialog_environment_checked(self, message: EnvironmentChecked) -> None:
        choice = message.choice
        if choice.name == self._chosen("environment"):
            self.query_one("#environment-error", FieldError).show(choice.missing)

    def on_model_chooser_offer_loaded(self, message: ModelChooser.OfferLoaded) -> None:
        """Update the choice of that policy: the offer is newer than the choices."""
        if (offer := message.offer) is not None:
            new = Choice(message.policy, offer.about, offer.missing)
            choices = self._choices["policy"]
            self._set_choices("policy", [new if choice.name == new.name else choice for choice in choices])

    def _set_choices(self, field: str, choices: Sequence[Choice]) -> None:
        self._choices[field] = tuple(choices)
        select, chosen = self.query_one(f"#{field}", Select), self._chosen(field)
        with self.prevent(Select.Changed):
            select.set_options(_options(choices))
            select.value = chosen
        self._show_missing()

    @on(Select.Changed, "#environment")
    def _environment_chosen(self) -> None:
        name = self._chosen("environment")
        self.query_one(TaskChooser).environment = name
        self._show_missing()
        self._check_prompts()
        if not any(choice.name == name for choice in self._choices["environment"]):
            self._check_environment(name)  # sooner than all of them are

    @on(Select.Changed, "#agent")
    def _agent_chosen(self) -> None:
        self._check_prompts()
        calls = defaults(self._chosen("agent")).calls
        self.query_one("#calls", Input).placeholder = "none" if calls is None else str(calls)

    @on(Select.Changed, "#policy")
    def _policy_chosen(self) -> None:
        self.query_one(ModelChooser).policy = self._chosen("policy")
        self._show_missing()

    @on(Input.Changed)
    def _field_changed(self) -> None:
        self._read_settings("")

    @on(Input.Changed, "#prompts")
    def _prompts_changed(self) -> None:
        self.query_one("#prompts-error", FieldError).show("")

    @on(Input.Blurred, "#prompts")
    def _check_prompts(self) -> None:
        self._with_prompts(self._read_settings(""))

    @on(Input.Submitted)
    @on(TaskChooser.Accepted)
    def action_start(self) -> None:
        if self._with_prompts(self._read_settings("")) is not None:
            self.query_one(TaskChooser).check()

    @on(TaskChooser.Checked)
    def _start_checked(self, message: TaskChooser.Checked) -> None:
        if (settings := self._with_prompts(self._read_settings(message.task))) is not None:
            self._tell(f"Starting {settings.environment} {settings.task}…")
            self.call_after_refresh(self._start, settings)  # the debugger may take a moment to appear

    def _start(self, settings: Settings) -> None:
        self.dismiss(settings)

    def action_focus_tasks(self) -> None:
        self.query_one(TaskList).focus()

    def _tell(self, text: str) -> None:
        """Show a text in the last line."""
        self.query_one("#about", Static).update(plain(text), layout=False)

    def _show_missing(self) -> None:
        """Show what the chosen environment and policy lack."""
        for field in ("environment", "policy"):
            missing = {choice.name: choice.missing for choice in self._choices.get(field, ())}
            self.query_one(f"#{field}-error", FieldError).show(missing.get(self._chosen(field), ""))

    def _chosen(self, field: str) -> str:
        return str(self.query_one(f"#{field}", Select).value)

    def _read_settings(self, task: str) -> Settings | None:
        """The settings as filled in; None if a field is invalid, whose error is then shown."""
        model = self.query_one(ModelChooser).read()
        limits = self.query_one("#number-error", FieldError).validate(self._read_numbers)
        if model is None or limits is None:
            return None
        chosen = (self._chosen("environment"), task, self._chosen("policy"), self._chosen("agent"))
        return Settings(*chosen, model.name, model.sampling, *limits)

    def _read_numbers(self) -> tuple[Limits, SandboxLimits]:
        typed = {field.name: self.query_one(f"#{field.name}", Input).value for field in NUMBERS}
        return read_limits(typed, self._chosen("agent")), read_sandbox(typed)

    def _with_prompts(self, settings: Settings | None) -> Settings | None:
        """The settings with the prompts in the folder, if one is given; None if it is invalid."""
        folder = self.query_one("#prompts", Input).value.strip()
        if settings is None or not folder:
            return settings
        prompts = self.query_one("#prompts-error", FieldError).validate(
            lambda: read_prompts(folder, settings.environment, settings.agent)
        )
        return None if prompts is None else msgspec.structs.replace(settings, prompts=prompts)

    @work(thread=True, exclusive=True, group="environment")
    def _check_environment(self, name: str) -> None:
        choice = environment_choice(name)
        if not get_current_worker().is_cancelled:
            self.post_message(self.EnvironmentChecked(choice))

    @work(thread=True)
    def _load_choices(self) -> None:
        self.post_message(self.ChoicesLoaded("policy", policy_choices()))
        self.post_message(self.ChoicesLoaded("environment", environment_choices()))


def _select(label: str, name: str, choices: Sequence[Choice]) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Label(label)
        yield ChoiceField(_options(choices), allow_blank=False, compact=True, id=name)


def _options(choices: Sequence[Choice]) -> list[tuple[Content, str]]:
    return [(_option(choice), choice.name) for choice in choices]


def _option(choice: Choice) -> Content:
    if choice.missing:
        return Content.assemble((choice.name, "$quiet"), (f"  {plain(choice.missing)}", "$error"))
    return Content.assemble(choice.name, (f"  {choice.about}", "$quiet"))
