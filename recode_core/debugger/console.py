"""A debugger that takes lines and answers in lines, for the `:` line and for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recode_core.debugger import render
from recode_core.debugger.commands import Assert, Command, parse
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.outcomes import Ended, Restarted


@dataclass
class Console:
    """`debugger` is another one after `rerun`, `stopped` says that the user wants to leave, `asserts` counts
    those that were executed."""

    debugger: Debugger
    stopped: bool = False
    asserts: int = 0

    def run(self, line: str, block: str | None = None) -> Iterator[str]:
        """Execute the command that a line says; `block` is the text that follows it. What there is to say.

        Raises BadCommand, AssertionFailed, and what the command raises.
        """
        yield from self.execute(parse(line, block))

    def execute(self, command: Command) -> Iterator[str]:
        """Execute a command. What there is to say: what will be spent before it is, then what came of it."""
        self.asserts += isinstance(command, Assert)
        if (expected := command.estimate(self.debugger)) is not None:
            yield render.estimate(expected)
        outcome = self.debugger.execute(command)
        if isinstance(outcome, Restarted):
            self.debugger = outcome.debugger
        self.stopped = self.stopped or isinstance(outcome, Ended)
        yield from render.outcome(outcome)
