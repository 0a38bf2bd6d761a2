"""What every command is: a frozen value that is parsed from a line, formatted as one, and executed."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, ClassVar, Self

import msgspec

from recode_core.errors import RecodeError

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger
    from recode_core.debugger.estimates import Estimate
    from recode_core.debugger.outcomes import Outcome


class BadCommand(RecodeError):
    """A line that is no command, or a command with the wrong words."""


class WrongWords(ValueError):
    """A command was given words that it can't have; `parse` adds how it is used."""


def misused(command: type[BaseCommand], why: object) -> BadCommand:
    """The error that says why a command can't be, and how it is used."""
    return BadCommand(f"{why}\n  usage: {command.usage}")


class Line(msgspec.Struct, frozen=True):
    """A command as it is typed: a line, and the text between <<END and END that follows it, if one does."""

    text: str
    block: str | None = None


class BaseCommand(msgspec.Struct, frozen=True):
    """A command. `usage` begins with its name, `undo` says how it is undone.

    `parse` is the inverse of `format`: `parse(*format(command)) == command`.
    """

    usage: ClassVar[str]
    help: ClassVar[str]
    undo: ClassVar[str] = ""

    @classmethod
    def name(cls) -> str:
        """The word that a line of it begins with."""
        return cls.usage.split()[0]

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        """The command whose name is followed by `text`. Raises WrongWords."""
        no_words(text)
        return cls()

    def words(self) -> str:
        """What follows the name."""
        return ""

    def block(self) -> str | None:
        """The text between <<END and END."""
        return None

    def format(self) -> Line:
        """The command as it is typed."""
        return Line(f"{self.name()} {self.words()}".strip(), self.block())

    def estimate(self, debugger: Debugger) -> Estimate | None:
        """What it will spend on the policy; None where it spends nothing, or no more than a move does.

        Raises RecodeError where the command would be refused.
        """
        return None

    def execute(self, debugger: Debugger) -> Outcome:
        """Do it. Raises RecodeError where it can't be done."""
        raise NotImplementedError


_NUMBER = re.compile(r"[0-9]{1,9}")


def split(text: str) -> list[str]:
    """The words of a command, quotes taken off. Raises WrongWords where a quote is not closed."""
    try:
        return shlex.split(text, comments=False)
    except ValueError:
        raise WrongWords(f"a quote is not closed in {text!r}") from None


def one_word(text: str, what: str = "one word") -> str:
    """The only word of a command. Raises WrongWords where there is none, or more."""
    found = split(text)
    if len(found) != 1:
        raise WrongWords(f"{what} must follow, not {given(text)}")
    return found[0]


def number(text: str, what: str) -> int:
    """A whole number from 0, of at most 9 digits. Raises WrongWords."""
    if _NUMBER.fullmatch(text) is None:
        raise WrongWords(f"{what} must follow, not {given(text)}")
    return int(text)


def real(text: str) -> float:
    """A number. Raises WrongWords."""
    try:
        return float(text)
    except ValueError:
        raise WrongWords(f"a number must follow, not {given(text)}") from None


def given(text: str) -> str:
    """What was written, for a message."""
    return repr(text) if text else "nothing"


def no_words(text: str) -> None:
    """Raise WrongWords where a command has words that it can't have."""
    if text:
        raise WrongWords(f"nothing can follow here, but there is {text!r}")


def needed(block: str | None) -> str:
    """The text that follows a command. Raises WrongWords where there is none."""
    if block is None:
        raise WrongWords("the text must follow, between <<END and END")
    return block


def quoted(text: str) -> str:
    """A text in quotes: the inverse of `unquoted`."""
    return f'"{text}"'


def unquoted(text: str) -> str:
    """A text without the quotes around it, if there are any. Raises WrongWords where one is not closed."""
    text = text.strip()
    if not text.startswith(("'", '"')):
        return text
    if len(text) < 2 or text[-1] != text[0]:
        raise WrongWords(f"the quote that {text!r} begins with is not closed")
    return text[1:-1]
