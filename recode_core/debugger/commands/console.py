"""The command language: one table for the `:` line, for batch files, and for whoever explains them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from recode_core.debugger.candidates import Candidate
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError


class BadCommand(RecodeError):
    """A line that is no command, or a command with the wrong words."""


class WrongWords(ValueError):
    """A command was given words that it can't have; `Console.run` adds how it is used."""


class AssertionFailed(RecodeError):
    """What an `assert` asked for does not hold."""


def _no_file(*path: Path) -> NoReturn:
    raise RecodeError("this session has no file")


@dataclass
class Console:
    """A debugger that takes lines.

    `save` writes a copy of the session, `rerun` starts its settings again in a new one. `candidates` are
    those that were tried last, `stopped` says that it is to quit.
    """

    debugger: Debugger
    save: Callable[[Path], None] = _no_file
    rerun: Callable[[], Debugger] = _no_file
    stopped: bool = False
    asserts: int = 0
    candidates: list[Candidate] = field(default_factory=list)

    def run(self, line: str, block: str | None = None) -> Iterator[str]:
        """Run one command; `block` is the text that followed it. What there is to say, as it comes.

        Raises BadCommand, AssertionFailed, and what the command raises.
        """
        if "\0" in line:
            raise BadCommand(f"{line!r} is no command: it holds a null character")
        name, _, rest = line.strip().partition(" ")
        command = COMMANDS.get(name)
        if command is None:
            raise BadCommand(f"{name!r} is no command; help explains them: {', '.join(COMMANDS)}")
        if block is not None and "<<" not in command.usage:
            raise BadCommand(f"{name} takes no text between <<END and END\n  usage: {command.usage}")
        try:
            yield from command.run(self, rest.strip(), block)
        except WrongWords as error:
            raise BadCommand(f"{error}\n  usage: {command.usage}") from None


_NUMBER = re.compile(r"[0-9]{1,9}")

Runner = Callable[[Console, str, str | None], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table. `undo` says how it is taken back."""

    usage: str
    help: str
    undo: str
    run: Runner


COMMANDS: dict[str, Command] = {}
"""Every command by its name."""


def command(usage: str, help: str, undo: str = "") -> Callable[[Runner], Runner]:
    """Enter a function into the table under the first word of its usage."""

    def enter(run: Runner) -> Runner:
        COMMANDS[usage.split()[0]] = Command(usage, help, undo, run)
        return run

    return enter


def words(text: str) -> list[str]:
    """The words of a command, quotes taken off. Raises WrongWords where a quote is not closed."""
    try:
        return shlex.split(text, comments=False)
    except ValueError:
        raise WrongWords(f"a quote is not closed in {text!r}") from None


def one_word(text: str, what: str = "one word") -> str:
    """The only word of a command. Raises WrongWords where there is none, or more."""
    found = words(text)
    if len(found) != 1:
        raise WrongWords(f"{what} must follow, not {_given(text)}")
    return found[0]


def number(text: str, what: str) -> int:
    """A whole number from 0, of at most 9 digits. Raises WrongWords."""
    if _NUMBER.fullmatch(text) is None:
        raise WrongWords(f"{what} must follow, not {_given(text)}")
    return int(text)


def real(text: str) -> float:
    """A number. Raises WrongWords."""
    try:
        return float(text)
    except ValueError:
        raise WrongWords(f"a number must follow, not {_given(text)}") from None


def _given(text: str) -> str:
    return repr(text) if text else "nothing"


def no_words(text: str) -> None:
    """Raise WrongWords where a command has words that it can't have."""
    if text:
        raise WrongWords(f"nothing can follow here, but there is {text!r}")


def unquoted(text: str) -> str:
    """A text without the quotes around it, if there are any. Raises WrongWords where one is not closed."""
    text = text.strip()
    if not text.startswith(("'", '"')):
        return text
    if len(text) < 2 or text[-1] != text[0]:
        raise WrongWords(f"the quote that {text!r} begins with is not closed")
    return text[1:-1]
