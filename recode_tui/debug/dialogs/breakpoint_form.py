"""A form that edits a breakpoint and returns the command that sets it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Checkbox, Input, Label, Select, Static

from recode_core.debugger.breakpoint_text import format_breakpoint
from recode_core.debugger.breakpoints import KINDS, check
from recode_core.errors import RecodeError
from recode_core.events import BreakpointSet
from recode_core.statements.expressions import parse_expression
from recode_tui.text import plain
from recode_tui.widgets.choice_field import ChoiceField
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.line_input import LineInput

_EMPTY = BreakpointSet(0, "action")


class _Option(Checkbox):
    """A checkbox whose state is visible without colour."""

    def __init__(self, label: str, value: bool, id: str) -> None:
        self.BUTTON_INNER = _sign(value)
        super().__init__(label, value, id=id, compact=True)

    def watch_value(self) -> None:
        self.BUTTON_INNER = _sign(self.value)
        super().watch_value()


def _sign(is_on: bool) -> str:
    return "✔" if is_on else " "


class BreakpointForm(Dialog[str | None]):
    """Validate the fields with the engine's rules and show the errors."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", "accept", priority=True),
        Binding("enter", "accept", "accept", show=False),
        Binding("escape", "back", "back"),
    ]
    DEFAULT_CSS = """
    BreakpointForm {
        .field { height: 1; margin-bottom: 1; }
        #row-pattern { margin-bottom: 0; }
        .field > Label { width: 11; color: $quiet; }
        .field > Input { width: 1fr; }
        #explained { color: $quiet; margin: 0 0 1 11; height: auto; }
        #after { width: 12; }
        _Option { border: none; background: $surface; padding: 0; margin-left: 3; height: 1; }
        #fault { color: $error; height: auto; min-height: 1; }
    }
    """

    def __init__(self, point: BreakpointSet = _EMPTY) -> None:
        super().__init__("A new breakpoint" if point is _EMPTY else f"Breakpoint {point.id}")
        self.point = point

    @staticmethod
    def line_of(point: BreakpointSet) -> str:
        """Return the command that sets a breakpoint."""
        return f"break {format_breakpoint(point)}"

    def compose_body(self) -> ComposeResult:
        point = self.point
        with Horizontal(classes="field"):
            yield Label("stop at")
            kinds = [(kind, kind) for kind in KINDS]
            yield ChoiceField(kinds, value=point.kind, allow_blank=False, compact=True)
        with Horizontal(classes="field", id="row-pattern"):
            yield Label("which")
            yield LineInput(point.pattern, id="pattern", compact=True)
        yield Static("", id="explained", markup=False)
        with Horizontal(classes="field"):
            yield Label("only if")
            yield LineInput(
                point.condition,
                placeholder="an expression, such as len(seen) > 3",
                id="condition",
                compact=True,
            )
        with Horizontal(classes="field"):
            yield Label("after")
            yield LineInput(str(point.after or ""), placeholder="0", type="integer", id="after", compact=True)
            yield _Option("log, go on", point.log, "log")
            yield _Option("once", point.once, "once")
        yield Static("", id="fault", markup=False)

    def on_mount(self) -> None:
        self._explain(self.point.kind)
        self.query_one("#pattern" if self.point is not _EMPTY else Select).focus()

    @property
    def made(self) -> BreakpointSet:
        """The breakpoint that the fields describe."""
        kind = self.query_one(Select).value
        return BreakpointSet(
            self.point.id,
            str(kind),
            self.query_one("#pattern", Input).value.strip() if KINDS[str(kind)].pattern else "",
            self.query_one("#condition", Input).value.strip(),
            int(self.query_one("#after", Input).value or 0),
            self.query_one("#log", Checkbox).value,
            self.query_one("#once", Checkbox).value,
        )

    def _explain(self, kind: str) -> None:
        self.query_one("#explained", Static).update(KINDS[kind].pattern)
        self.query_one("#explained", Static).display = bool(KINDS[kind].pattern)
        self.query_one("#row-pattern").display = bool(KINDS[kind].pattern)

    @on(Select.Changed)
    def _kind_chosen(self, event: Select.Changed) -> None:
        self._explain(str(event.value))
        self._tell("")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_accept()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._tell("")

    def _tell(self, fault: str) -> None:
        self.query_one("#fault", Static).update(plain(fault))

    def action_accept(self) -> None:
        try:
            made = self.made
            check(made.kind, made.pattern)
            if made.condition:
                parse_expression(made.condition)
        except (RecodeError, ValueError) as error:
            self._tell(str(error))
        else:
            self.dismiss(self.line_of(made))

    def action_back(self) -> None:
        self.dismiss(None)
