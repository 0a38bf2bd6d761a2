"""Scripts: one command per line, `#` comments, and blocks of text between `<<END` and `END`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from recode_core.debugger.commands import AssertionFailed, BadCommand
from recode_core.debugger.console import Console
from recode_core.errors import RecodeError, exit_code

_BLOCK = re.compile(r"(.*?)\s*<<\s*(\w+)\s*$")


class ScriptCommand(msgspec.Struct, frozen=True):
    """A command of a script: its line number, its text, and the block that follows it."""

    line: int
    text: str
    block: str | None = None


class CommandResult(msgspec.Struct, frozen=True):
    """The output of a command, and its error."""

    line: int
    command: str
    output: tuple[str, ...]
    error: str = ""


class ScriptResult(msgspec.Struct, frozen=True):
    """The result of a script.

    `exit_code`: 0 all asserts hold, 1 an assert failed, 2 an invalid command, 3 environment or policy
    unavailable. `error` is the error of the command that ended the script early, if any.
    """

    outcomes: tuple[CommandResult, ...]
    asserts: int
    failed: int
    exit_code: int
    error: str = ""


def read_script(text: str) -> list[ScriptCommand]:
    """Parse a script. Raises BadCommand, with the line, for a block that is not terminated."""
    lines = iter(enumerate(text.replace("\r\n", "\n").split("\n"), start=1))
    return [
        _read_line(number, line.strip(), lines)
        for number, line in lines
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _read_line(number: int, line: str, lines: Iterator[tuple[int, str]]) -> ScriptCommand:
    found = _BLOCK.fullmatch(line)
    if found is None:
        return ScriptCommand(number, line)
    block: list[str] = []
    for _, text in lines:
        if text.strip() == found[2]:
            return ScriptCommand(number, found[1], "\n".join(block))
        block.append(text)
    raise BadCommand(f"line {number}: the block is not terminated by a line {found[2]}")


def run_script(
    console: Console, commands: list[ScriptCommand], write: Callable[[str], None] = lambda line: None
) -> ScriptResult:
    """Run commands up to the first error; failed assertions are counted and do not end the script.

    `write` is called with each command, with each line of output as it comes, and with failed assertions.
    """
    outcomes: list[CommandResult] = []
    failed = code = 0
    for command in commands:
        write(f"> {command.text}")
        outcome, bad = _run(console, command, write)
        outcomes.append(outcome)
        failed += bad == 1
        code = max(code, bad)
        if bad > 1 or console.stopped:
            break
    error = outcomes[-1].error if code > 1 else ""
    return ScriptResult(tuple(outcomes), console.asserts, failed, code, error)


def _run(console: Console, command: ScriptCommand, write: Callable[[str], None]) -> tuple[CommandResult, int]:
    output: list[str] = []
    error, code = "", 0
    try:
        for line in console.run(command.text, command.block):
            output.append(line)
            write(line)
    except RecodeError as raised:
        error, code = f"line {command.line}: {raised}", _code(raised)
        if code == 1:
            write(error)
    return CommandResult(command.line, command.text, tuple(output), error), code


def _code(error: RecodeError) -> int:
    return 1 if isinstance(error, AssertionFailed) else exit_code(error)
