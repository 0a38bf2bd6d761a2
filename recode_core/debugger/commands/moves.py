"""Commands that move through a run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from recode_core.debugger import next_call
from recode_core.debugger.commands.command import BaseCommand, InvalidArguments, parse_int, single_argument
from recode_core.debugger.outcomes import Outcome, stop_reached

if TYPE_CHECKING:
    from recode_core.debugger.cost_estimate import CostEstimate
    from recode_core.debugger.debugger import Debugger


class _Forward(BaseCommand, frozen=True):
    """A move that makes the next call, if it starts before one."""

    undo: ClassVar = "cursor back"

    def estimate_to_confirm(self, debugger: Debugger) -> CostEstimate | None:
        return next_call.estimate_again(debugger.parts)


class Step(_Forward, frozen=True):
    """To the next stop."""

    usage: ClassVar = "step"
    help: ClassVar = "to the next stop"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.step()
        return stop_reached(debugger)


class Next(_Forward, frozen=True):
    """To the next statement, over placeholders."""

    usage: ClassVar = "next"
    help: ClassVar = "to the next statement in the same or an outer frame"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.next()
        return stop_reached(debugger)


class Finish(_Forward, frozen=True):
    """To the statement after the enclosing placeholder."""

    usage: ClassVar = "finish"
    help: ClassVar = "to the statement after the enclosing placeholder"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.finish()
        return stop_reached(debugger)


class Continue(_Forward, frozen=True):
    """To a breakpoint, a failure, a limit or the end."""

    usage: ClassVar = "continue"
    help: ClassVar = "to a breakpoint, a failure, a limit or the end"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.resume()
        return stop_reached(debugger)


class Until(_Forward, frozen=True):
    """To a node, or to a line of its code."""

    usage: ClassVar = "until NODE[:LINE]"
    help: ClassVar = "to that node, or to that line of its code"

    node: str
    line: int | None = None

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, colon, line = single_argument(text, "NODE or NODE:LINE").partition(":")
        return cls(node, parse_int(line, f"the number of a line of {node}") if colon else None)

    def in_words(self) -> str:
        return f"to {self.node}" if self.line is None else f"to line {self.line} of {self.node}"

    def arguments(self) -> str:
        return shlex.quote(self.node if self.line is None else f"{self.node}:{self.line}")

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.until(self.node, self.line)
        return stop_reached(debugger)


class Back(BaseCommand, frozen=True):
    """Step, next or continue backwards."""

    usage: ClassVar = "back [next|continue]"
    help: ClassVar = "step, next or continue backwards"
    undo: ClassVar = "cursor back"

    by: Literal["step", "next", "continue"] = "step"

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        match text:
            case "" | "step":
                return cls()
            case "next" | "continue":
                return cls(text)
        raise InvalidArguments(f"expected step, next or continue, not {text!r}")

    def in_words(self) -> str:
        where = {
            "step": "the stop before",
            "next": "the statement before",
            "continue": "a breakpoint, a failure or the start before",
        }
        return f"back to {where[self.by]}"

    def arguments(self) -> str:
        return "" if self.by == "step" else self.by

    def execute(self, debugger: Debugger) -> Outcome:
        moves = {"step": debugger.back, "next": debugger.back_next, "continue": debugger.back_continue}
        moves[self.by]()
        return stop_reached(debugger)


class GoTo(BaseCommand, frozen=True):
    """To the stop of a record (an int), or to the first stop at a node (a str).

    `0` is the root node if it exists, else record 0; `00` is always the record.
    """

    usage: ClassVar = "goto RECORD|NODE"
    help: ClassVar = "to the stop of a record, or to the first stop at a node"
    undo: ClassVar = "cursor back"

    target: int | str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        target = single_argument(text, "the number of a record or a node")
        is_record = target.isdecimal() and target != "0"
        return cls(parse_int(target, "the number of a record") if is_record else target)

    def in_words(self) -> str:
        is_record = isinstance(self.target, int)
        return f"to record {self.target}" if is_record else f"to the first stop at {self.target}"

    def arguments(self) -> str:
        return "00" if self.target == 0 else shlex.quote(str(self.target))

    def execute(self, debugger: Debugger) -> Outcome:
        target = self.target
        if target == "0" and not debugger.timeline.end.has_node("0"):
            target = 0
        debugger.goto(target)
        return stop_reached(debugger, asked=target if isinstance(target, int) else None)
