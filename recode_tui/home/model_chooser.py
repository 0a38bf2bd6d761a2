"""The form fields for a model and its temperature."""

from __future__ import annotations

from dataclasses import dataclass
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

from recode_tui.home.choices import POLICIES
from recode_tui.home.dialog import FieldError
from recode_tui.home.model_choice import ModelChoice, ModelOffer, find_offer, read_model
from recode_tui.text import one_line, plain
from recode_tui.widgets.line_input import LineInput

_WITHOUT_MODEL = frozenset(choice.name for choice in POLICIES)
_LONGEST = 40  # characters of a model's name in the list


class ModelChooser(Vertical):
    """The fields for the model of a `policy`; hidden if that is not a model.

    A local server is asked for its models in a thread; `up` and `down` step through them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next model", show=False),
        Binding("up", "step(-1)", "Previous model", show=False),
        Binding("ctrl+r", "load", "Ask the server"),
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
        & #models { height: 1; margin-left: 12; color: $quiet; }
    }
    """

    policy: reactive[str] = reactive("", init=False)
    offer: reactive[ModelOffer | None] = reactive(None, init=False)

    @dataclass
    class OfferLoaded(Message):
        """The models of a policy are known; `offer` is None if the policy is not a model."""

        policy: str
        offer: ModelOffer | None

    def __init__(self) -> None:
        super().__init__()
        self._is_loading = False

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("Model")
            yield LineInput(compact=True, id="model")
            yield Label("temperature", id="temperature-label")
            yield LineInput(compact=True, id="temperature")
        yield Static(id="models", markup=False)
        yield FieldError(id="model-error")

    def watch_policy(self) -> None:
        for field in self.query(Input):
            field.value = ""
        self.offer = None
        self.display = self.policy not in _WITHOUT_MODEL
        if self.display:
            self.action_load()

    def watch_offer(self, offer: ModelOffer | None) -> None:
        model, temperature = self.query_one("#model", Input), self.query_one("#temperature", Input)
        model.placeholder = plain(offer.default) if offer else ""
        temperature.placeholder = f"{offer.profile.temperature:g}" if offer else ""
        model.suggester = SuggestFromList(offer.models, case_sensitive=False) if offer else None
        self.refresh_bindings()

    def on_model_chooser_offer_loaded(self, message: OfferLoaded) -> None:
        if message.policy != self.policy:
            message.stop()  # another policy was chosen in the meantime
            return
        self._is_loading = False
        self.offer = message.offer
        self.display = message.offer is not None
        self._update_models()

    def on_input_changed(self) -> None:
        self._update_models()

    def read(self) -> ModelChoice | None:
        """The model as filled in; None if a field is invalid, whose error is then shown."""
        if not self.display:
            return ModelChoice()
        name, temperature = self._typed_model, self.query_one("#temperature", Input).value
        return self.query_one(FieldError).validate(lambda: read_model(self.offer, name, temperature))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stepping needs a list of models, loading a local server."""
        match action:
            case "step":
                return bool(self.offer and self.offer.models)
            case "load":
                return bool(self.offer and self.offer.profile.has_own_server)
        return True

    def action_step(self, by: int) -> None:
        if self.offer is not None:
            field = self.query_one("#model", Input)
            field.value = self.offer.step(self._chosen, by)
            field.action_end()

    def action_load(self) -> None:
        """Load the models of the policy."""
        self._is_loading = True
        self._update_models()
        self._load(self.policy)

    @property
    def _typed_model(self) -> str:
        return self.query_one("#model", Input).value.strip()

    @property
    def _chosen(self) -> str:
        """The model that the run will use."""
        return self._typed_model or (self.offer.default if self.offer else "")

    def _update_models(self) -> None:
        self.query_one("#models", Static).update(self._models_text())

    def _models_text(self) -> Content | str:
        """The server's models around the chosen one, or a hint."""
        if self._is_loading:
            return "asking for its models…"
        if self.offer is None or not self.offer.profile.has_own_server:
            return "another model, or its temperature, can be written here"
        if not (models := self.offer.models):
            return "ctrl+r asks again, once it runs; or write what it will have"
        chosen, shown = self._chosen, self.offer.neighbours(self._chosen)
        styled = [(one_line(name, _LONGEST), "$primary bold" if name == chosen else "") for name in shown]
        names = Content("  ").join(Content.assemble(name) for name in styled)
        count = f"  of {len(models)}" if len(shown) < len(models) else ""
        is_unknown = chosen and chosen not in models
        unknown = f"  {one_line(chosen, _LONGEST)} is not among them" if is_unknown else ""
        return Content.assemble("↑↓ ", names, count, (unknown, "$warning"))

    @work(thread=True, exclusive=True, group="models")
    def _load(self, policy: str) -> None:
        self.post_message(self.OfferLoaded(policy, find_offer(policy)))
