"""Breakpoints, watches and notes at the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recode_tui.debug import commands
from recode_tui.debug.keys import shown
from recode_tui.debug.selected_rows import (
    ActionRow,
    BranchRow,
    VariableRow,
    WatchRow,
    breakpoint_of,
    variable_with,
)

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command
    from recode_tui.debug.controller import DebugController


class Marks:
    """Sets and removes breakpoints, watches and notes."""

    def __init__(self, controller: DebugController) -> None:
        self._controller = controller

    def toggle_breakpoint(self, kind: str, pattern: str) -> None:
        """Add a breakpoint, or delete the existing one."""
        frame = self._controller.frame
        points = frame.annotations.breakpoints.values() if frame is not None else ()
        known = next((point for point in points if (point.kind, point.pattern) == (kind, pattern)), None)
        if known is not None:
            self._controller.execute(commands.DeleteBreakpoint(known.id), is_typed=True)
        else:
            self._controller.execute(commands.AddBreakpoint(kind, pattern), is_typed=True)

    def toggle_at_selection(self) -> None:
        """Add a breakpoint at the selected row, line or node, or delete it."""
        selection = self._controller.selection
        if selection.line is not None:
            node, line = selection.line
            self.toggle_breakpoint("line", f"{node}:{line}")
        elif selection.row is None or isinstance(selection.row, BranchRow):
            self._toggle_at_node(selection.node)
        elif (found := breakpoint_of(selection.row)) is not None:
            self.toggle_breakpoint(*found)
        else:
            key = shown("break")
            reason = f"no breakpoint stops at this row: {key} works on nodes, lines, actions and variables"
            self._controller.view.report("error", reason)

    def _toggle_at_node(self, node: str) -> None:
        frame = self._controller.frame
        known = frame.node_text(node) if frame is not None else None
        call = frame.timeline.tree.call_of(node) if frame is not None else ""
        if known is None or not call:
            reason = "no line of code holds this node: break placeholder NAME stops at it"
            self._controller.view.report("error", reason)
        else:
            self.toggle_breakpoint("line", f"{call}:{known.span.line}")

    def watch_selection(self) -> None:
        """Toggle a watch of the selected variable; elsewhere open the command line with a watch."""
        match self._controller.selection.row:
            case VariableRow(name=expression) | WatchRow(expression=expression):
                self._controller.execute(commands.Watch(expression))
            case ActionRow(observation=str(text)):
                frame = self._controller.frame
                bindings = frame.timeline.variables.at(frame.n) if frame is not None else ()
                self._controller.view.begin_command(f"watch {variable_with(text, bindings)}")
            case _:
                self._controller.view.begin_command("watch ")

    def begin_note(self) -> None:
        """Open the command line with the note at the selected node."""
        if self._controller.read_only.is_refused():
            return
        node, frame = self._controller.selection.node, self._controller.frame
        notes = frame.annotations.notes if frame is not None else {}
        self._controller.view.begin_command(f"note {node} {notes.get(node, '')}")


def is_mark(command: Command) -> bool:
    """Whether a command sets or changes a breakpoint, a watch or a note."""
    on_breakpoint = (
        commands.AddBreakpoint
        | commands.DeleteBreakpoint
        | commands.EnableBreakpoint
        | commands.DisableBreakpoint
    )
    return isinstance(command, on_breakpoint | commands.Watch | commands.Note)
