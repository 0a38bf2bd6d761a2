"""Moves: through history, and beyond its end."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from recode_core.debugger.commands.command import BaseCommand, WrongWords, number, one_word
from recode_core.debugger.outcomes import Outcome, arrived

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class Step(BaseCommand, frozen=True):
    """To the next stop."""

    usage: ClassVar = "step"
    help: ClassVar = "to the next stop point, whatever it is"
    undo: ClassVar = "cursor back"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.step()
        return arrived(debugger)


class Next(BaseCommand, frozen=True):
    """Over a placeholder."""

    usage: ClassVar = "next"
    help: ClassVar = "to the next statement in the same or an outer frame"
    undo: ClassVar = "cursor back"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.next()
        return arrived(debugger)


class Finish(BaseCommand, frozen=True):
    """Out of a placeholder."""

    usage: ClassVar = "finish"
    help: ClassVar = "to the statement after the enclosing placeholder"
    undo: ClassVar = "cursor back"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.finish()
        return arrived(debugger)


class Continue(BaseCommand, frozen=True):
    """To what stops the run."""

    usage: ClassVar = "continue"
    help: ClassVar = "to a breakpoint, a failure, a limit or the end"
    undo: ClassVar = "cursor back"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.resume()
        return arrived(debugger)


class Until(BaseCommand, frozen=True):
    """To a node, or to a line of its code."""

    usage: ClassVar = "until NODE[:LINE]"
    help: ClassVar = "to that node, or to that line of its code"
    undo: ClassVar = "cursor back"

    node: str
    line: int | None = None

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, colon, line = one_word(text, "NODE or NODE:LINE").partition(":")
        return cls(node, number(line, f"the number of a line of {node}") if colon else None)

    def words(self) -> str:
        return shlex.quote(self.node if self.line is None else f"{self.node}:{self.line}")

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.until(self.node, self.line)
        return arrived(debugger)


class Back(BaseCommand, frozen=True):
    """Towards the past."""

    usage: ClassVar = "back [next|continue]"
    help: ClassVar = "the same, towards the past"
    undo: ClassVar = "cursor back"

    by: Literal["step", "next", "continue"] = "step"

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        match text:
            case "" | "step":
                return cls()
            case "next" | "continue":
                return cls(text)
        raise WrongWords(f"back goes by step, next or continue, not {text!r}")

    def words(self) -> str:
        return "" if self.by == "step" else self.by

    def execute(self, debugger: Debugger) -> Outcome:
        moves = {"step": debugger.back, "next": debugger.back_next, "continue": debugger.back_continue}
        moves[self.by]()
        return arrived(debugger)


class GoTo(BaseCommand, frozen=True):
    """To the stop of a record (a number), or to the first stop at a node (a text).

    `0` is the root where there is one, else record 0; `00` is always the record.
    """

    usage: ClassVar = "goto RECORD|NODE"
    help: ClassVar = "to a record's stop, or to the first stop at a node"
    undo: ClassVar = "cursor back"

    target: int | str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        target = one_word(text, "the number of a record, or a node,")
        is_record = target.isdecimal() and target != "0"
        return cls(number(target, "the number of a record") if is_record else target)

    def words(self) -> str:
        return "00" if self.target == 0 else shlex.quote(str(self.target))

    def execute(self, debugger: Debugger) -> Outcome:
        target = self.target
        if target == "0" and not debugger.timeline.end.has_node("0"):
            target = 0
        debugger.goto(target)
        return arrived(debugger, asked=target if isinstance(target, int) else None)
