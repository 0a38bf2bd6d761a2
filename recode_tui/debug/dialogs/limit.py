"""The choice to raise a limit that was reached, or to keep it."""

from __future__ import annotations

import contextlib
import math
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from recode_core.events import LimitReached
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.field import Field

Raised = float | Literal["none"]
"""A new limit, or "none" to remove it: the argument of the `limit` command."""

_FRACTIONAL = {"cost_usd", "seconds", "size_mb"}


class LimitScreen(Dialog[Raised | None]):
    """Return the new limit to continue with, or None to keep the old one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "raise_limit", "raise it and go on", priority=True),
        Binding("escape", "back", "leave it"),
    ]
    DEFAULT_CSS = """
    LimitScreen Field { margin-top: 1; }
    """

    def __init__(self, reached: LimitReached) -> None:
        super().__init__(f"The limit of {reached.name} is reached")
        self.reached = reached
        self.field = Field[Raised](
            "new limit", self.read, f"{self.proposed:.10g}", f"more than {reached.value:.10g}, or none"
        )

    def compose_body(self) -> ComposeResult:
        value, limit = self.reached.value, self.reached.limit
        yield Static(f"{value:.10g} of {limit:.10g}. The run is paused; nothing is lost.", markup=False)
        yield self.field

    @property
    def proposed(self) -> float:
        """The proposed limit: twice the amount used."""
        twice = 2 * max(self.reached.value, self.reached.limit) or 1.0
        return twice if self.reached.name in _FRACTIONAL else math.ceil(twice)

    def read(self, text: str) -> Raised:
        """Parse a limit. Raises ValueError."""
        if text == "none":
            return "none"
        try:
            limit = float(text) if self.reached.name in _FRACTIONAL else int(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a {self._kind}; none removes the limit") from None
        if not self.reached.value < limit < math.inf:
            raise ValueError(f"it must be more than {self.reached.value:.10g}, not {text}")
        return limit

    @property
    def _kind(self) -> str:
        return "number" if self.reached.name in _FRACTIONAL else "whole number"

    def action_raise_limit(self) -> None:
        with contextlib.suppress(ValueError):  # the error is shown beside the field
            self.dismiss(self.field.value())

    def action_back(self) -> None:
        self.dismiss(None)
