"""Questions: they change nothing."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core import syntax
from recode_core.debugger import prompts_used, questions
from recode_core.debugger.commands.command import BaseCommand, WrongWords, misused, one_word, split
from recode_core.debugger.conditions import check_pattern, matches, parse_condition
from recode_core.debugger.diff import difference
from recode_core.debugger.outcomes import (
    Actions,
    Changes,
    Compared,
    Held,
    Outcome,
    Path,
    Source,
    Stops,
    Value,
    Variables,
)
from recode_core.errors import RecodeError, SessionError
from recode_core.interpreter import EvaluationFailed
from recode_core.log import Log
from recode_core.session import read
from recode_core.session.names import find
from recode_core.timeline import Timeline

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger

_SHORT = 100  # characters of a value in a message


class AssertionFailed(RecodeError):
    """What an `assert` asked for does not hold."""


class _OfExpression(BaseCommand, frozen=True):
    """A question about an expression, which is taken as it stands."""

    expression: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(text)

    def words(self) -> str:
        return self.expression


class _OfVariable(BaseCommand, frozen=True):
    """A question about a variable."""

    variable: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text, "the name of a variable"))

    def words(self) -> str:
        return shlex.quote(self.variable)


class Print(_OfExpression, frozen=True):
    """The value of an expression."""

    usage: ClassVar = "print EXPR"
    help: ClassVar = "the value of an expression, on a copy"

    def execute(self, debugger: Debugger) -> Outcome:
        return Value(debugger.evaluate(self.expression))


class Where(BaseCommand, frozen=True):
    """The open expansions."""

    usage: ClassVar = "where"
    help: ClassVar = "the open expansions and the statement that each is at"

    def execute(self, debugger: Debugger) -> Outcome:
        return Path(debugger.moment)


class ListVariables(BaseCommand, frozen=True):
    """The variables."""

    usage: ClassVar = "vars"
    help: ClassVar = "the variables"

    def execute(self, debugger: Debugger) -> Outcome:
        return Variables(tuple(debugger.variables().values()))


class Possible(BaseCommand, frozen=True):
    """What would do something in the world at the cursor."""

    usage: ClassVar = "possible [PATTERN]"
    help: ClassVar = "the actions that would do something in the world at the cursor"

    pattern: str = "*"

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text, "a pattern, in quotes where it has spaces,") if text else "*")

    def words(self) -> str:
        return "" if self.pattern == "*" else shlex.quote(self.pattern)

    def execute(self, debugger: Debugger) -> Outcome:
        check_pattern(self.pattern)
        found = (action for action in debugger.possible() if matches(self.pattern, action))
        return Actions(self.pattern, tuple(found))


class VariableHistory(_OfVariable, frozen=True):
    """Every change of a variable."""

    usage: ClassVar = "history NAME"
    help: ClassVar = "every change of a variable"

    def execute(self, debugger: Debugger) -> Outcome:
        changes = questions.history(debugger.parts, self.variable)
        return Changes(self.variable, debugger.branch, tuple(changes))


class When(_OfExpression, frozen=True):
    """Every stop where an expression holds."""

    usage: ClassVar = "when EXPR"
    help: ClassVar = "every stop where an expression holds"

    def execute(self, debugger: Debugger) -> Outcome:
        stops = questions.when(debugger.parts, self.expression)
        return Stops(self.expression, debugger.moment, tuple(stops))


class VariableOrigin(_OfVariable, frozen=True):
    """What set a variable."""

    usage: ClassVar = "origin NAME"
    help: ClassVar = "the statement, observation or reply that set a variable"

    def execute(self, debugger: Debugger) -> Outcome:
        return Source(questions.origin(debugger.parts, self.variable))


class Diff(BaseCommand, frozen=True):
    """Two branches or sessions side by side."""

    usage: ClassVar = "diff A B"
    help: ClassVar = "two branches, or session files, side by side"

    left: str
    right: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        names = split(text)
        if len(names) != 2:
            raise WrongWords(f"two branches or session files must follow, not {len(names)}")
        return cls(*names)

    def words(self) -> str:
        return shlex.join((self.left, self.right))

    def execute(self, debugger: Debugger) -> Outcome:
        (one_log, one), (other_log, other) = (_line(debugger, name) for name in (self.left, self.right))
        moments = one.end, other.end
        used = prompts_used.used(one_log, one.records), prompts_used.used(other_log, other.records)
        return Compared(difference(*moments), moments, used)


class Assert(_OfExpression, frozen=True):
    """Fail where an expression doesn't hold."""

    usage: ClassVar = "assert EXPR"
    help: ClassVar = "for scripts: fail where an expression doesn't hold"

    def execute(self, debugger: Debugger) -> Outcome:
        text = self.expression
        parse_condition(text)
        try:
            value = debugger.evaluate(f"bool({text}\n)")  # a comment may end the line
        except EvaluationFailed as error:
            raise AssertionFailed(f"{text} does not hold: {error}") from None
        if value != "True":
            raise AssertionFailed(f"{text} does not hold{_because(debugger, text)}")
        return Held(text)


def _line(debugger: Debugger, name: str) -> tuple[Log, Timeline]:
    log = debugger.log
    if name in log.branches:
        return log, Timeline(log.line(name), name)
    here: FilePath | None = debugger.path
    try:
        found = find(name, [] if here is None else [here.absolute().parent])
    except SessionError as error:
        known = ", ".join(log.branches)
        raise misused(Diff, f"{name!r} is neither a branch nor a file; there are {known} ({error})") from None
    session = read(found)
    return session.log(), session.timeline()


def _because(debugger: Debugger, text: str) -> str:
    """The left side of a comparison, so that a reader needn't ask for it."""
    tree = syntax.parse(text, "eval").body
    if not isinstance(tree, ast.Compare):
        return ""
    left = ast.unparse(tree.left)
    value = " ".join(debugger.evaluate(left).split())
    return f": {left} is {value if len(value) <= _SHORT else f'{value[: _SHORT - 1]}…'}"
