"""The list of breakpoints, in which they are enabled, disabled, deleted, added and edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.commands import (
    AddBreakpoint,
    Command,
    DeleteBreakpoint,
    DisableBreakpoint,
    EnableBreakpoint,
)
from recode_core.events import BreakpointSet
from recode_tui.debug.dialogs.breakpoint_form import BreakpointForm, command_of
from recode_tui.debug.selected_rows import RowBreakpoint
from recode_tui.debug.view import Execute
from recode_tui.statuses import BREAKPOINT, BREAKPOINT_OFF
from recode_tui.text import one_line, plain
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.glyph import Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_KIND = 13


class BreakpointList(RowList):
    """A list with one row per breakpoint."""

    def __init__(self) -> None:
        super().__init__(classes="fits")
        self.points: tuple[BreakpointSet, ...] = ()

    def count(self) -> int:
        return len(self.points)

    def parts(self, row: int, width: int) -> Iterable[Part]:
        point = self.points[row]
        glyph = BREAKPOINT if point.enabled else BREAKPOINT_OFF
        yield f"{glyph.text} ", glyph.tone
        yield f"{point.id:>3}  ", "quiet"
        tone: Tone = "plain" if point.enabled else "faint"
        yield fitted(point.kind, _KIND), tone
        left = width - _KIND - 7
        pattern = one_line(point.pattern, max(1, left))
        yield pattern, tone
        more = one_line(_more(point), max(1, left))
        yield fitted(f"  {more}" if pattern and more else more, left - cell_len(pattern)), "quiet"


def _more(point: BreakpointSet) -> str:
    """Return a breakpoint's options in command syntax, and the statement of a line breakpoint."""
    parts = [f"if {point.condition}" if point.condition else ""]
    parts += [f"after {point.after}" if point.after else ""]
    parts += ["log" if point.log else "", "once" if point.once else "", point.text]
    return " ".join(part for part in parts if part)


class BreakpointsScreen(Dialog[None]):
    """Pass the commands of each change to `execute`.

    The caller then sets `annotations` to the new ones, or calls `show_error`. The form of a new breakpoint
    begins with the one that is `offered`.
    """

    EXTENT = "fitting"
    AROUND = 8
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,a", "new", "new"),
        Binding("e", "edit", "change"),
        Binding("space", "toggle_enabled", "on/off"),
        Binding("d,delete", "delete", "delete"),
        Binding("escape,q", "back", "back"),
    ]
    DEFAULT_CSS = """
    BreakpointsScreen {
        #none { display: none; color: $quiet; height: auto; margin-bottom: 1; }
        &.-empty #none { display: block; }
        #complaint { display: none; color: $error; height: auto; max-height: 4; }
        &.-wrong #complaint { display: block; }
    }
    """

    annotations: reactive[Annotations] = reactive(Annotations, init=False)

    def __init__(
        self, annotations: Annotations, execute: Execute, offered: RowBreakpoint | None = None
    ) -> None:
        super().__init__("Breakpoints")
        self.set_reactive(BreakpointsScreen.annotations, annotations)
        self._execute = execute
        self._offered = offered
        self._is_filled = False

    def compose_body(self) -> ComposeResult:
        yield Static("No breakpoints yet. n adds one: the run stops where something happens.", id="none")
        yield BreakpointList()
        yield Static("", id="complaint", markup=False)

    @property
    def is_ready(self) -> bool:
        """Whether it is mounted and not dismissed; results of commands arrive before and after, too."""
        return self._is_filled and not self.is_dismissed

    @property
    def list(self) -> BreakpointList:
        return self.query_one(BreakpointList)

    @property
    def point(self) -> BreakpointSet | None:
        """The breakpoint under the cursor."""
        return self.list.points[self.list.cursor] if self.list.points else None

    def show_error(self, text: str) -> None:
        """Show why a command was rejected."""
        self.query_one("#complaint", Static).update(plain(text))
        self.add_class("-wrong")

    def on_mount(self) -> None:
        self._is_filled = True
        self.watch_annotations(self.annotations)

    def watch_annotations(self, annotations: Annotations) -> None:
        if not self.is_ready:
            return
        points = tuple(annotations.breakpoints.values())
        self.list.points = points
        self.set_class(not points, "-empty")
        self.list.reload()

    def _change(self, *commands: Command) -> None:
        self.remove_class("-wrong")
        self._execute(*commands)

    @on(BreakpointList.Chosen)
    def _chosen(self) -> None:
        self.action_edit()

    def action_new(self) -> None:
        def add(command: AddBreakpoint | None) -> None:
            if command is not None:
                self._change(command)

        form = BreakpointForm(BreakpointSet(0, *self._offered)) if self._offered else BreakpointForm()
        self.app.push_screen(form, add)

    def action_edit(self) -> None:
        point = self.point
        if point is None:
            self.action_new()
            return

        def replace(command: AddBreakpoint | None) -> None:
            """Add the new breakpoint before deleting the old one, which stays if the new one is rejected."""
            if command is not None and command != command_of(point):
                self._change(command, DeleteBreakpoint(point.id))

        self.app.push_screen(BreakpointForm(point), replace)

    def action_toggle_enabled(self) -> None:
        if (point := self.point) is not None:
            self._change(DisableBreakpoint(point.id) if point.enabled else EnableBreakpoint(point.id))

    def action_delete(self) -> None:
        if self.point is not None:
            self._change(DeleteBreakpoint(self.point.id))

    def action_back(self) -> None:
        self.dismiss(None)
