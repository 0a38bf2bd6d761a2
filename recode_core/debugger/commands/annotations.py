"""Breakpoints, watches and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from recode_core.debugger.breakpoint_text import format_breakpoint, parse_breakpoint
from recode_core.debugger.commands.command import BaseCommand, InvalidArguments, parse_int, quote, unquote
from recode_core.debugger.conditions import undefined
from recode_core.debugger.outcomes import (
    BreakpointAdded,
    BreakpointChanged,
    BreakpointsListed,
    Noted,
    Outcome,
    WatchesShown,
)
from recode_core.events import BreakpointSet

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class AddBreakpoint(BaseCommand, frozen=True):
    """Add a breakpoint."""

    usage: ClassVar = "break KIND [PATTERN] [if EXPR] [after N] [log] [once]"
    help: ClassVar = (
        "add a breakpoint; after N: ignore the first N hits (with `if`, stops where EXPR holds); "
        "log: print a message instead of stopping; once: delete it after the first hit"
    )
    undo: ClassVar = "inverse"

    kind: str
    pattern: str = ""
    condition: str = ""
    after: int = 0
    log: bool = False
    once: bool = False

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        try:
            found = parse_breakpoint(text)
        except ValueError as error:
            raise InvalidArguments(str(error)) from None
        return cls(found.kind, found.pattern, found.condition, found.after, found.log, found.once)

    def arguments(self) -> str:
        point = BreakpointSet(0, self.kind, self.pattern, self.condition, self.after, self.log, self.once)
        return format_breakpoint(point)

    def execute(self, debugger: Debugger) -> Outcome:
        point = debugger.add_breakpoint(
            self.kind, self.pattern, self.condition, self.after, self.log, self.once
        )
        unknown = undefined(self.condition or "0", debugger.variables())
        return BreakpointAdded(point, tuple(unknown))


class ListBreakpoints(BaseCommand, frozen=True):
    """List the breakpoints."""

    usage: ClassVar = "breaks"
    help: ClassVar = "list the breakpoints"

    def execute(self, debugger: Debugger) -> Outcome:
        return BreakpointsListed(debugger.annotations)


class _OnBreakpoint(BaseCommand, frozen=True):
    """A command with the number of a breakpoint."""

    number: int

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(parse_int(text, "a breakpoint's number"))

    def arguments(self) -> str:
        return str(self.number)


class EnableBreakpoint(_OnBreakpoint, frozen=True):
    """Enable a breakpoint."""

    usage: ClassVar = "enable N"
    help: ClassVar = "enable a breakpoint"
    undo: ClassVar = "inverse"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.enable(self.number)
        return BreakpointChanged(self.number, "enabled")


class DisableBreakpoint(_OnBreakpoint, frozen=True):
    """Disable a breakpoint."""

    usage: ClassVar = "disable N"
    help: ClassVar = "disable a breakpoint without deleting it"
    undo: ClassVar = "inverse"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.enable(self.number, on=False)
        return BreakpointChanged(self.number, "disabled")


class DeleteBreakpoint(_OnBreakpoint, frozen=True):
    """Delete a breakpoint."""

    usage: ClassVar = "delete N"
    help: ClassVar = "delete a breakpoint"
    undo: ClassVar = "inverse"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.delete(self.number)
        return BreakpointChanged(self.number, "deleted")


class Watch(BaseCommand, frozen=True):
    """Toggle the watch of an expression."""

    usage: ClassVar = "watch EXPR"
    help: ClassVar = "watch an expression at every stop, or stop watching it"
    undo: ClassVar = "inverse"

    expression: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(text)

    def arguments(self) -> str:
        return self.expression

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.watch(self.expression)
        return WatchesShown(debugger.watched())


class Note(BaseCommand, frozen=True):
    """Set the note of a node; an empty text deletes it."""

    usage: ClassVar = 'note NODE "…"'
    help: ClassVar = "set the note of a node; an empty text deletes it"
    undo: ClassVar = "inverse"

    node: str
    text: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, _, note = text.partition(" ")
        return cls(node, unquote(note))

    def arguments(self) -> str:
        return f"{self.node} {quote(self.text)}"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.note(self.node, self.text)
        return Noted(self.node, self.text)
