"""Which model a profile is asked for, and how warm: as the profile says, unless one writes otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Static

from recode_tui.home.choices import POLICIES, Offer, offer_of
from recode_tui.home.dialog import Fault
from recode_tui.home.limits import TEMPERATURE, BadNumber
from recode_tui.text import one_line, plain
from recode_tui.widgets.line_input import LineInput

_NO_MODELS = frozenset(choice.name for choice in POLICIES)
_LONGEST = 40  # characters of a model's name in the list
_AROUND = 3  # models that are shown on each side of the chosen one


@dataclass(frozen=True, slots=True)
class Wish:
    """A model and its sampling, as a run's settings have them; empty is as the profile says."""

    name: str = ""
    sampling: dict[str, str | float | int] = field(default_factory=dict)


class ModelChooser(Vertical):
    """The fields for the model of the chosen `policy`; not there where that is no model.

    A server on this machine is asked in a thread for what it has; `up` and `down` go through that.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choose(1)", "Next model", show=False),
        Binding("up", "choose(-1)", "Previous model", show=False),
        Binding("ctrl+r", "ask", "Ask the server"),
    ]
    DEFAULT_CSS = """
    ModelChooser {
        height: auto;
        display: none;
        & > Horizontal { height: 1; }
        & Label { width: 12; color: $quiet; }
        & #model { width: 1fr; }
        & #temperature-label { width: 13; margin-left: 2; }
        & #temperature { width: 9; }
        & #listed { height: 1; margin-left: 12; color: $quiet; }
    }
    """

    policy: reactive[str] = reactive("", init=False)
    offer: reactive[Offer | None] = reactive(None, init=False)

    class Found(Message):
        """What a policy can be asked for; no `offer` where it is no model."""

        def __init__(self, policy: str, offer: Offer | None) -> None:
            super().__init__()
            self.policy, self.offer = policy, offer

    def __init__(self) -> None:
        super().__init__()
        self._is_asking = False

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("Model")
            yield LineInput(compact=True, id="model")
            yield Label("temperature", id="temperature-label")
            yield LineInput(compact=True, id="temperature")
        yield Static(id="listed", markup=False)
        yield Fault(id="model-fault")

    def watch_policy(self) -> None:
        for typed in self.query(Input):
            typed.value = ""
        self.offer = None
        self.display = self.policy not in _NO_MODELS
        if self.display:
            self.action_ask()

    def watch_offer(self, offer: Offer | None) -> None:
        model, temperature = self.query_one("#model", Input), self.query_one("#temperature", Input)
        model.placeholder = plain(offer.default) if offer else ""
        temperature.placeholder = f"{offer.profile.temperature:g}" if offer else ""
        model.suggester = SuggestFromList(offer.models or (), case_sensitive=False) if offer else None
        self.refresh_bindings()

    def on_model_chooser_found(self, message: Found) -> None:
        if message.policy != self.policy:
            message.stop()  # another one was chosen meanwhile
            return
        self._is_asking = False
        self.offer = message.offer
        self.display = message.offer is not None
        self._tell()

    def on_input_changed(self) -> None:
        self._tell()

    def wish(self) -> Wish | None:
        """What is written, or nothing where it can't be asked so, which is then said."""
        if not self.display:
            return Wish()
        name = self.query_one("#model", Input).value.strip()
        wrong, why = "", ""
        try:
            warmth = TEMPERATURE.parsed(self.query_one("#temperature", Input).value)
            if warmth is not None and self.offer and self.offer.profile.is_reasoning_model(self._chosen):
                why = f"{self._chosen} reasons and takes no temperature: leave it empty"
                raise BadNumber(TEMPERATURE.name, why)
        except BadNumber as error:
            wrong, why = error.field, str(error)
        self.query_one("#temperature").set_class(bool(wrong), "-invalid")
        self.query_one(Fault).say(why)
        if wrong:
            return None
        return Wish(name, {} if warmth is None else {"temperature": float(warmth)})

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a server on this machine is asked, and only what it lists can be gone through."""
        match action:
            case "choose":
                return bool(self.offer and self.offer.models)
            case "ask":
                return bool(self.offer and self.offer.profile.has_own_server)
        return True

    def action_choose(self, step: int) -> None:
        models = self._models
        chosen = self._chosen
        at = models.index(chosen) + step if chosen in models else min(0, step)
        typed = self.query_one("#model", Input)
        typed.value = models[at % len(models)]
        typed.action_end()

    def action_ask(self) -> None:
        """Ask what there is, once more."""
        self._is_asking = True
        self._tell()
        self._find(self.policy)

    @property
    def _models(self) -> tuple[str, ...]:
        return (self.offer.models or ()) if self.offer else ()

    @property
    def _chosen(self) -> str:
        """The model that would be asked."""
        return self.query_one("#model", Input).value.strip() or (self.offer.default if self.offer else "")

    def _tell(self) -> None:
        """Say what the server has, with the chosen model among it."""
        self.query_one("#listed", Static).update(self._told())

    def _told(self) -> Content | str:
        if self._is_asking:
            return "asking for its models…"
        if self.offer is None or not self.offer.profile.has_own_server:
            return "another model, or its temperature, can be written here"
        if not (models := self._models):
            return "ctrl+r asks again, once it runs; or write what it will have"
        chosen = self._chosen
        at = models.index(chosen) if chosen in models else 0
        shown = models[max(0, at - _AROUND) : at + _AROUND + 1]
        names = [(one_line(name, _LONGEST), "$primary bold" if name == chosen else "") for name in shown]
        listed = Content("  ").join(Content.assemble(name) for name in names)
        more = f"  of {len(models)}" if len(shown) < len(models) else ""
        unknown = (
            "" if chosen in models or not chosen else f"  {one_line(chosen, _LONGEST)} is not among them"
        )
        return Content.assemble("↑↓ ", listed, more, (unknown, "$warning"))

    @work(thread=True, exclusive=True, group="models")
    def _find(self, policy: str) -> None:
        self.post_message(self.Found(policy, offer_of(policy)))
