"""The base of all commands: frozen values that are parsed from a line, formatted as one, and executed."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, ClassVar, Self

import msgspec

from recode_core.errors import CorrectableError, RecodeError

if TYPE_CHECKING:
    from recode_core.debugger.cost_estimate import CostEstimate
    from recode_core.debugger.debugger import Debugger
    from recode_core.debugger.outcomes import Outcome


class BadCommand(RecodeError):
    """An unknown command, or a command with invalid arguments."""


class InvalidArguments(CorrectableError, ValueError):
    """A command was given words that it can't have; `parse` adds how it is used."""


def usage_error(command: type[BaseCommand], why: object) -> BadCommand:
    """An error with the reason and the usage of a command."""
    error = BadCommand(f"{why}\n  usage: {command.usage}")
    if isinstance(why, CorrectableError):
        error.correction = why.correction
    return error


class Line(msgspec.Struct, frozen=True):
    """A command as text: a line, and the block of text between <<END and END that follows it, if any."""

    text: str
    block: str | None = None


class BaseCommand(msgspec.Struct, frozen=True):
    """A command. `usage` starts with its name; `undo` is the way in which it is undone.

    `parse` is the inverse of `format`: `parse(*format(command)) == command`.
    """

    usage: ClassVar[str]
    help: ClassVar[str]
    undo: ClassVar[str] = ""

    @classmethod
    def name(cls) -> str:
        """The name of the command, the first word of its line."""
        return cls.usage.split()[0]

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        """The command whose name is followed by `text`. Raises InvalidArguments."""
        check_no_arguments(text)
        return cls()

    def arguments(self) -> str:
        """The arguments, as in a line after the name."""
        return ""

    def block(self) -> str | None:
        """The block of text between <<END and END."""
        return None

    def format(self) -> Line:
        """The command as it is typed."""
        return Line(f"{self.name()} {self.arguments()}".strip(), self.block())

    def in_words(self) -> str:
        """The effect of the command, in words."""
        return self.help

    def estimate(self, debugger: Debugger) -> CostEstimate | None:
        """Estimate the cost of the command; None if it costs no more than a move.

        Raises RecodeError if executing the command would.
        """
        return None

    def estimate_to_confirm(self, debugger: Debugger) -> CostEstimate | None:
        """Estimate the calls that a user confirms before the command; None if there are none.

        They include a call that only the next move makes. Raises RecodeError if executing the command would.
        """
        return self.estimate(debugger)

    def execute(self, debugger: Debugger) -> Outcome:
        """Execute the command. Raises RecodeError if it cannot be executed."""
        raise NotImplementedError


_NUMBER = re.compile(r"[0-9]{1,9}")
_SPACE = re.compile(r"[ \t]+")
_LAST = re.compile(r"[ \t]+(?=[^ \t]*\Z)")


def split_first(text: str) -> tuple[str, str]:
    """Split a text after its first word, which ends before a space or a tab."""
    first, *rest = _SPACE.split(text.strip(), maxsplit=1)
    return first, rest[0] if rest else ""


def split_last(text: str) -> tuple[str, str]:
    """Split a text before its last word, which begins after a space or a tab."""
    *before, last = _LAST.split(text.strip(), maxsplit=1)
    return before[0] if before else "", last


def split_arguments(text: str) -> list[str]:
    """Split arguments like a shell. Raises InvalidArguments for an unterminated quote."""
    try:
        return shlex.split(text, comments=False)
    except ValueError:
        raise InvalidArguments(f"unterminated quote in {text!r}") from None


def single_argument(text: str, what: str = "one argument") -> str:
    """The only argument of a command. Raises InvalidArguments if there is none, or more than one."""
    found = split_arguments(text)
    if len(found) != 1:
        raise InvalidArguments(f"expected {what}, not {quote_argument(text)}")
    return found[0]


def parse_int(text: str, what: str) -> int:
    """A whole number from 0, of at most 9 digits. Raises InvalidArguments."""
    if _NUMBER.fullmatch(text) is None:
        raise InvalidArguments(f"expected {what}, not {quote_argument(text)}")
    return int(text)


def parse_float(text: str) -> float:
    """A number. Raises InvalidArguments."""
    try:
        return float(text)
    except ValueError:
        raise InvalidArguments(f"expected a number, not {quote_argument(text)}") from None


def quote_argument(text: str) -> str:
    """An argument as it is quoted in a message."""
    return repr(text) if text else "nothing"


def check_no_arguments(text: str) -> None:
    """Raise InvalidArguments if a command that takes no arguments has some."""
    if text:
        raise InvalidArguments(f"unexpected argument {text!r}")


def required_block(block: str | None) -> str:
    """The block of text after a command. Raises InvalidArguments if it is missing."""
    if block is None:
        raise InvalidArguments("expected a block of text between <<END and END")
    return block


def quote(text: str) -> str:
    """A text in quotes: the inverse of `unquote`."""
    return f'"{text}"'


def unquote(text: str) -> str:
    """Remove the quotes around a text, if any. Raises InvalidArguments for an unterminated quote."""
    text = text.strip()
    if not text.startswith(("'", '"')):
        return text
    if len(text) < 2 or text[-1] != text[0]:
        raise InvalidArguments(f"unterminated quote in {text!r}")
    return text[1:-1]
