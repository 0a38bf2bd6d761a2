"""A form that edits a breakpoint and returns the command that adds it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Checkbox, Input, Label, Select, Static

from recode_core.debugger.breakpoints import KINDS, check
from recode_core.debugger.commands import AddBreakpoint
from recode_core.errors import RecodeError
from recode_core.events import BreakpointSet
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


def command_of(point: BreakpointSet) -> AddBreakpoint:
    """Return the command that adds a breakpoint."""
    return AddBreakpoint(point.kind, point.pattern, point.condition, point.after, point.log, point.once)


class BreakpointForm(Dialog[AddBreakpoint | None]):
    """Validate the fields with the engine's rules and show the errors."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", "accept", priority=True, tooltip="Set the breakpoint"),
        Binding("enter", "accept", "accept", show=False, tooltip="Set the breakpoint"),
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
        super().__init__(f"Breakpoint {point.id}" if point.id else "A new breakpoint")
        self.point = point

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
    def command(self) -> AddBreakpoint:
        """The command that adds the breakpoint. Raises ValueError if `after` is not a number."""
        kind = str(self.query_one(Select).value)
        return AddBreakpoint(
            kind,
            pattern=self.query_one("#pattern", Input).value.strip() if KINDS[kind].pattern else "",
            condition=self.query_one("#condition", Input).value.strip(),
            after=int(self.query_one("#after", Input).value or 0),
            log=self.query_one("#log", Checkbox).value,
            once=self.query_one("#once", Checkbox).value,
        )

    def _explain(self, kind: str) -> None:
        self.query_one("#explained", Static).update(KINDS[kind].pattern)
        self.query_one("#explained", Static).display = bool(KINDS[kind].pattern)
        self.query_one("#row-pattern").display = bool(KINDS[kind].pattern)

    @on(Select.Changed)
    def _kind_chosen(self, event: Select.Changed) -> None:
        self._explain(str(event.value))
        self._show_fault("")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_accept()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show_fault("")

    def _show_fault(self, fault: str) -> None:
        self.query_one("#fault", Static).update(plain(fault))

    def action_accept(self) -> None:
        try:
            command = self.command
            check(command.kind, command.pattern, command.condition)
        except (RecodeError, ValueError) as error:
            self._show_fault(str(error))
        else:
            self.dismiss(command)

    def action_back(self) -> None:
        self.dismiss(None)
