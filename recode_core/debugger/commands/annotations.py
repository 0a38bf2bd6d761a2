"""Breakpoints, watches and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from recode_core.debugger.breakpoint_text import format_breakpoint, parse_breakpoint
from recode_core.debugger.commands.command import BaseCommand, WrongWords, number, quoted, unquoted
from recode_core.debugger.conditions import undefined
from recode_core.debugger.outcomes import (
    BreakpointAdded,
    BreakpointChanged,
    Breakpoints,
    Noted,
    Outcome,
    Watched,
)
from recode_core.events import BreakpointSet

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class AddBreakpoint(BaseCommand, frozen=True):
    """Stop where something happens."""

    usage: ClassVar = "break KIND [PATTERN] [if EXPR] [after N] [log] [once]"
    help: ClassVar = (
        "stop where something happens, from the N+1st time on; "
        "log: say so and go on; once: the first time only"
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
            raise WrongWords(str(error)) from None
        return cls(found.kind, found.pattern, found.condition, found.after, found.log, found.once)

    def words(self) -> str:
        point = BreakpointSet(0, self.kind, self.pattern, self.condition, self.after, self.log, self.once)
        return format_breakpoint(point)

    def execute(self, debugger: Debugger) -> Outcome:
        point = debugger.add_breakpoint(
            self.kind, self.pattern, self.condition, self.after, self.log, self.once
        )
        unknown = undefined(self.condition or "0", debugger.variables())
        return BreakpointAdded(point, tuple(unknown))


class ListBreakpoints(BaseCommand, frozen=True):
    """The breakpoints."""

    usage: ClassVar = "breaks"
    help: ClassVar = "the breakpoints"

    def execute(self, debugger: Debugger) -> Outcome:
        return Breakpoints(debugger.annotations)


class _OnBreakpoint(BaseCommand, frozen=True):
    """Something is done to a breakpoint."""

    number: int

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(number(text, "a breakpoint's number"))

    def words(self) -> str:
        return str(self.number)


class EnableBreakpoint(_OnBreakpoint, frozen=True):
    """Let a breakpoint stop again."""

    usage: ClassVar = "enable N"
    help: ClassVar = "let a breakpoint stop again"
    undo: ClassVar = "inverse"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.enable(self.number)
        return BreakpointChanged(self.number, "enabled")


class DisableBreakpoint(_OnBreakpoint, frozen=True):
    """Keep a breakpoint, but don't stop."""

    usage: ClassVar = "disable N"
    help: ClassVar = "keep a breakpoint, but don't stop"
    undo: ClassVar = "inverse"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.enable(self.number, on=False)
        return BreakpointChanged(self.number, "disabled")


class DeleteBreakpoint(_OnBreakpoint, frozen=True):
    """Take a breakpoint away."""

    usage: ClassVar = "delete N"
    help: ClassVar = "take a breakpoint away"
    undo: ClassVar = "inverse"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.delete(self.number)
        return BreakpointChanged(self.number, "deleted")


class Watch(BaseCommand, frozen=True):
    """Watch an expression, or no longer."""

    usage: ClassVar = "watch EXPR"
    help: ClassVar = "watch an expression at every stop, or no longer"
    undo: ClassVar = "inverse"

    expression: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(text)

    def words(self) -> str:
        return self.expression

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.watch(self.expression)
        return Watched(debugger.watched())


class Note(BaseCommand, frozen=True):
    """Leave a note at a node; an empty text takes it away."""

    usage: ClassVar = 'note NODE "…"'
    help: ClassVar = "leave a note at a node"
    undo: ClassVar = "inverse"

    node: str
    text: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, _, note = text.partition(" ")
        return cls(node, unquoted(note))

    def words(self) -> str:
        return f"{self.node} {quoted(self.text)}"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.note(self.node, self.text)
        return Noted(self.node, self.text)
