"""Breakpoints, watches and notes, as a user sets and deletes them."""

from __future__ import annotations

import msgspec

from recode_core.debugger import breakpoints
from recode_core.debugger.annotations import Annotations
from recode_core.debugger.conditions import parse_condition
from recode_core.debugger.edits import expansion_on, names_at, statement_on_line
from recode_core.debugger.moves import Moves
from recode_core.debugger.parts import DebuggerParts
from recode_core.errors import RecodeError
from recode_core.events import BreakpointDeleted, BreakpointSet, NoteSet, WatchSet


class Annotator:
    """The annotations that a user can make. Each can be undone."""

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
        """Set a breakpoint. Raises RecodeError where kind, pattern or condition don't fit."""
        breakpoints.check(kind, pattern)
        if condition:
            parse_condition(condition)
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
        """Watch an expression, or no longer when it is watched already."""
        parse_condition(expression)
        self._annotate(self._now.after(WatchSet(expression, on=expression not in self._now.watches)))

    def note(self, node: str, text: str) -> None:
        """Leave a note at a node; an empty text takes it away. Raises RecodeError for an unknown node."""
        parts = self._parts
        if text and node != "0" and not parts.timeline.end.has_node(node):
            branch = parts.recording.branch
            raise RecodeError(f"there is no node {node!r} on {branch}; where and show name nodes")
        if not text and node not in self._now.notes:
            raise RecodeError(f"there is no note at {node!r}; write one after the node")
        self._annotate(self._now.after(NoteSet(node, text)))

    @property
    def _now(self) -> Annotations:
        return self._parts.annotations.now

    def _breakpoint(self, number: int) -> BreakpointSet:
        if number not in self._now.breakpoints:
            raise RecodeError(f"there is no breakpoint {number}")
        return self._now.breakpoints[number]

    def _text_of_line(self, pattern: str) -> str:
        """The statement that a line breakpoint is bound to."""
        node, _, number = pattern.rpartition(":")
        if not node or not number.isdigit():
            raise RecodeError(f"a breakpoint on a line takes NODE:LINE, not {pattern!r}")
        parts = self._parts
        code = expansion_on(parts.timeline, node, parts.end).text
        text = statement_on_line(code, int(number), names_at(parts.timeline, parts.cursor))
        if text is None:
            raise RecodeError(f"no statement begins on line {number} of {node}")
        return text
