"""Batch scripts: one command a line, `#` comments, and text between `<<END` and `END`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from recode_core.debugger.commands import AssertionFailed, BadCommand
from recode_core.debugger.console import Console
from recode_core.errors import RecodeError, exit_code

_BLOCK = re.compile(r"(.*?)\s*<<\s*(\w+)\s*$")


class Step(msgspec.Struct, frozen=True):
    """A command of a script: the number of its line, its words, the text that follows it."""

    line: int
    command: str
    block: str | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command."""

    line: int
    command: str
    output: tuple[str, ...]
    error: str = ""


class Report(msgspec.Struct, frozen=True):
    """What became of a script.

    `exit_code`: 0 all asserts held, 1 one failed, 2 a bad command, 3 environment or policy unavailable.
    `error` is that of the command which ended the script early, if one did.
    """

    outcomes: tuple[Outcome, ...]
    asserts: int
    failed: int
    exit_code: int
    error: str = ""


def read_script(text: str) -> list[Step]:
    """The commands of a script. Raises BadCommand, with the line, where a text is not ended."""
    lines = iter(enumerate(text.splitlines(), start=1))
    return [
        _step(number, line.strip(), lines)
        for number, line in lines
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _step(number: int, line: str, lines: Iterator[tuple[int, str]]) -> Step:
    found = _BLOCK.fullmatch(line)
    if found is None:
        return Step(number, line)
    block: list[str] = []
    for _, text in lines:
        if text.strip() == found[2]:
            return Step(number, found[1], "\n".join(block))
        block.append(text)
    raise BadCommand(f"line {number}: the text that begins here is not ended by a line {found[2]}")


def run_script(console: Console, steps: list[Step], say: Callable[[str], None] = lambda line: None) -> Report:
    """Run commands until one can't be run; an assertion that fails is counted and the script goes on.

    `say` is told each command, what comes of it while it comes, and an assertion that failed.
    """
    outcomes: list[Outcome] = []
    failed = code = 0
    for step in steps:
        say(f"> {step.command}")
        outcome, bad = _run(console, step, say)
        outcomes.append(outcome)
        failed += bad == 1
        code = max(code, bad)
        if bad > 1 or console.stopped:
            break
    error = outcomes[-1].error if code > 1 else ""
    return Report(tuple(outcomes), console.asserts, failed, code, error)


def _run(console: Console, step: Step, say: Callable[[str], None]) -> tuple[Outcome, int]:
    output: list[str] = []
    error, code = "", 0
    try:
        for line in console.run(step.command, step.block):
            output.append(line)
            say(line)
    except RecodeError as raised:
        error, code = f"line {step.line}: {raised}", _code(raised)
        if code == 1:
            say(error)
    return Outcome(step.line, step.command, tuple(output), error), code


def _code(error: RecodeError) -> int:
    return 1 if isinstance(error, AssertionFailed) else exit_code(error)
