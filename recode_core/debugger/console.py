"""A text console for a debugger, for the `:` line and for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recode_core.debugger import render
from recode_core.debugger.commands import Assert, Command, parse
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.outcomes import Outcome, QuitRequested, Restarted


@dataclass
class Console:
    """Executes command lines and yields lines of output.

    `debugger` is replaced by `rerun`. `stopped` is set by `quit`. `asserts` counts the executed assertions.
    `outcome` is that of the last command.
    """

    debugger: Debugger
    stopped: bool = False
    asserts: int = 0
    outcome: Outcome | None = None

    def run(self, line: str, block: str | None = None) -> Iterator[str]:
        """Parse and execute a line, with the `block` of text that follows it. Yields the output.

        Raises BadCommand, AssertionFailed, and the errors of the command.
        """
        yield from self.execute(parse(line, block))

    def execute(self, command: Command) -> Iterator[str]:
        """Execute a command. Yields its estimated cost before executing it, if any, then its output."""
        self.asserts += isinstance(command, Assert)
        if (expected := command.estimate(self.debugger)) is not None:
            yield render.estimate(expected)
        self.outcome = outcome = self.debugger.execute(command)
        if isinstance(outcome, Restarted):
            self.debugger = outcome.debugger
        self.stopped = self.stopped or isinstance(outcome, QuitRequested)
        yield from render.outcome(outcome)
