"""The form that requests a placeholder again: hint, model, candidates, roll-out and estimated cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from recode_core.debugger.cost_estimate import CostEstimate
from recode_tui.debug.dialogs.price import estimate_text
from recode_tui.debug.dialogs.regeneration import (
    Regeneration,
    read_candidates,
    read_rollout,
    read_temperature,
)
from recode_tui.text import plain
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.field import Field

_PAUSE = 0.2
"""Delay in seconds between the last key and the request for a cost estimate."""


_ALIKE = "At temperature 0 a model says much the same each time: candidates differ above it."


class RegenerateScreen(Dialog[Regeneration | None]):
    """Return the requested regeneration, or None. `model` and `default_temperature` are
    those used without any input, None if unknown.

    `ask` requests a cost estimate of the current input; `show_estimate` may deliver it at any time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask", "ask", priority=True, tooltip="Ask the model"),
        Binding("escape", "back", "back", tooltip="Ask nothing"),
        Binding("down", "app.focus_next", "next field", show=False),
        Binding("up", "app.focus_previous", "previous field", show=False),
    ]
    DEFAULT_CSS = """
    RegenerateScreen {
        #statement { color: $quiet; max-height: 4; margin-bottom: 1; }
        #estimate { margin-top: 1; }
    }
    """

    def __init__(
        self,
        node: str,
        statement: str,
        model: str,
        ask: Callable[[Regeneration], None],
        default_temperature: float | None = None,
    ) -> None:
        super().__init__(f"Ask again for {node}")
        self.node = node
        self.statement = statement
        self.ask = ask
        self.default_temperature = default_temperature
        self.hint = Field("hint", str, placeholder="what the policy should mind")
        self.model = Field("model", str, placeholder=model or "as before")
        self.temperature = Field("temperature", read_temperature, note="0 or more; empty: as before")
        self.candidates = Field("candidates", read_candidates, "1", "1: simply ask again; more: compare them")
        self.rollout = Field("roll-out", read_rollout, "0", "actions that each goes on for, or end")
        self._asked: Regeneration | None = None

    def compose_body(self) -> ComposeResult:
        yield Static(plain(self.statement), id="statement", markup=False)
        yield from (self.hint, self.model, self.temperature, self.candidates, self.rollout)
        yield Static("…", id="estimate", classes="quiet", markup=False)

    def on_mount(self) -> None:
        self._ask_price()

    def wanted(self) -> Regeneration | None:
        """Return the current input, None if a value is invalid; the error is shown beside its field."""
        try:
            return Regeneration(
                node=self.node,
                hint=self.hint.value(),
                model=self.model.value(),
                temperature=self.temperature.value(),
                candidates=self.candidates.value(),
                rollout=self.rollout.value(),
            )
        except ValueError:
            return None

    def show_estimate(self, asked: Regeneration, estimate: CostEstimate | str) -> None:
        """Show the estimated cost, or why it is unknown, unless the input has changed since."""
        if asked == self._asked and not self.is_dismissed:
            text = estimate if isinstance(estimate, str) else estimate_text(estimate)
            self._show_text(f"{text}\n{_ALIKE}" if self._is_repeated(asked) else text)

    def _is_repeated(self, asked: Regeneration) -> bool:
        """Return whether several candidates are requested from a model that repeats itself."""
        temperature = self.default_temperature if asked.temperature is None else asked.temperature
        return asked.candidates > 1 and temperature == 0

    def _show_text(self, text: str) -> None:
        self.query_one("#estimate", Static).update(Content(plain(text)))

    def on_input_changed(self, event: Input.Changed) -> None:
        self.rollout.disabled = self.candidates.text == "1"
        self._ask_price()

    @work(exclusive=True)
    async def _ask_price(self) -> None:
        await asyncio.sleep(_PAUSE)
        if self.is_dismissed:  # dismissed in the meantime
            return
        wanted = self.wanted()
        if wanted != self._asked:
            self._asked = wanted
            self._show_text("…" if wanted else "")
            if wanted:
                self.ask(wanted)

    def action_ask(self) -> None:
        wanted = self.wanted()
        if wanted is not None:
            self.dismiss(wanted)

    def action_back(self) -> None:
        self.dismiss(None)
