"""Adding and deleting breakpoints, watches and notes."""

from __future__ import annotations

import msgspec

from recode_core.debugger import breakpoints
from recode_core.debugger.annotations import Annotations
from recode_core.debugger.conditions import parse_condition
from recode_core.debugger.edit_points import expansion_on, names_at, statement_on_line
from recode_core.debugger.moves import Moves
from recode_core.debugger.node_names import node_error
from recode_core.debugger.parts import DebuggerParts
from recode_core.errors import RecodeError
from recode_core.events import BreakpointDeleted, BreakpointSet, NoteSet, WatchSet


class Annotator:
    """Changes breakpoints, watches and notes. Each change can be undone."""

    def __init__(self, parts: DebuggerParts, moves: Moves) -> None:
        self._parts = parts
        self._annotate = moves.annotate

    def add_breakpoint(
        self,
        kind: str,
        pattern: str = "",
        condition: str = "",
        after: int = 0,
        log: bool = False,
        once: bool = False,
    ) -> BreakpointSet:
        """Set a breakpoint. Raises RecodeError if kind, pattern or condition is invalid."""
        breakpoints.check(kind, pattern, condition)
        text = self._text_of_line(pattern) if kind == "line" else ""
        number = max(self._now.breakpoints, default=0) + 1
        point = BreakpointSet(number, kind, pattern, condition, after, log, once, text=text)
        self._annotate(self._now.after(point))
        return point

    def enable(self, number: int, on: bool = True) -> None:
        """Enable or disable a breakpoint."""
        self._annotate(self._now.after(msgspec.structs.replace(self._breakpoint(number), enabled=on)))

    def delete(self, number: int) -> None:
        """Delete a breakpoint."""
        self._annotate(self._now.after(BreakpointDeleted(self._breakpoint(number).id)))

    def watch(self, expression: str) -> None:
        """Toggle the watch of an expression."""
        parse_condition(expression)
        self._annotate(self._now.after(WatchSet(expression, on=expression not in self._now.watches)))

    def note(self, node: str, text: str) -> None:
        """Set the note of a node; an empty text deletes it. Raises RecodeError for an unknown node."""
        parts = self._parts
        if text and node != "0" and not parts.timeline.end.has_node(node):
            branch = parts.recording.branch
            message = f"unknown node {node!r} on {branch}; `where` and `recode show` list nodes"
            raise node_error(parts.timeline, node, message)
        if not text and node not in self._now.notes:
            raise RecodeError(f"no note at {node!r}; to add one, write its text after the node")
        self._annotate(self._now.after(NoteSet(node, text)))

    @property
    def _now(self) -> Annotations:
        return self._parts.annotations.now

    def _breakpoint(self, number: int) -> BreakpointSet:
        if number not in self._now.breakpoints:
            known = ", ".join(map(str, self._now.breakpoints)) or "none"
            raise RecodeError(f"unknown breakpoint {number} (available: {known})")
        return self._now.breakpoints[number]

    def _text_of_line(self, pattern: str) -> str:
        """The statement at the NODE:LINE of a line breakpoint."""
        node, _, number = pattern.rpartition(":")
        if not node or not number.isdigit():
            raise RecodeError(f"a line breakpoint takes NODE:LINE, not {pattern!r}")
        parts = self._parts
        code = expansion_on(parts.timeline, node, parts.end).text
        text = statement_on_line(code, int(number), names_at(parts.timeline, parts.cursor))
        if text is None:
            raise RecodeError(f"no statement starts on line {number} of {node}")
        return text
