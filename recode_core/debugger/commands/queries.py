"""Commands that query a session and change nothing."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core import syntax
from recode_core.debugger import prompts_used, queries
from recode_core.debugger.commands.command import (
    BaseCommand,
    InvalidArguments,
    single_argument,
    split_arguments,
    usage_error,
)
from recode_core.debugger.conditions import parse_condition
from recode_core.debugger.diff import difference
from recode_core.debugger.outcomes import (
    ActionsListed,
    AssertionHeld,
    DiffFound,
    ExpressionValue,
    HistoryFound,
    OriginFound,
    Outcome,
    PathShown,
    StopsFound,
    VariablesListed,
)
from recode_core.debugger.patterns import check_pattern, matches
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
    """The expression of an `assert` does not hold."""


class _OfExpression(BaseCommand, frozen=True):
    """A query with an expression, the whole text after the name."""

    expression: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(text)

    def arguments(self) -> str:
        return self.expression


class _OfVariable(BaseCommand, frozen=True):
    """A query about a variable."""

    variable: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(single_argument(text, "the name of a variable"))

    def arguments(self) -> str:
        return shlex.quote(self.variable)


class Print(_OfExpression, frozen=True):
    """Evaluate an expression."""

    usage: ClassVar = "print EXPR"
    help: ClassVar = "evaluate an expression, on a copy of the variables"

    def execute(self, debugger: Debugger) -> Outcome:
        return ExpressionValue(debugger.evaluate(self.expression))


class Where(BaseCommand, frozen=True):
    """List the open expansions."""

    usage: ClassVar = "where"
    help: ClassVar = "list the open expansions with the current statement of each"

    def execute(self, debugger: Debugger) -> Outcome:
        return PathShown(debugger.moment)


class ListVariables(BaseCommand, frozen=True):
    """List the variables."""

    usage: ClassVar = "vars"
    help: ClassVar = "list the variables"

    def execute(self, debugger: Debugger) -> Outcome:
        return VariablesListed(tuple(debugger.variables().values()))


class Possible(BaseCommand, frozen=True):
    """List the admissible actions at the cursor."""

    usage: ClassVar = "possible [PATTERN]"
    help: ClassVar = "list the admissible actions at the cursor"

    pattern: str = "*"

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(single_argument(text, "one pattern, in quotes if it contains spaces") if text else "*")

    def arguments(self) -> str:
        return "" if self.pattern == "*" else shlex.quote(self.pattern)

    def execute(self, debugger: Debugger) -> Outcome:
        check_pattern(self.pattern)
        found = (action for action in debugger.possible() if matches(self.pattern, action))
        return ActionsListed(self.pattern, tuple(found))


class VariableHistory(_OfVariable, frozen=True):
    """List every change of a variable."""

    usage: ClassVar = "history NAME"
    help: ClassVar = "list every change of a variable"

    def execute(self, debugger: Debugger) -> Outcome:
        changes = queries.history(debugger.parts, self.variable)
        return HistoryFound(self.variable, debugger.branch, tuple(changes))


class When(_OfExpression, frozen=True):
    """List every stop at which an expression holds."""

    usage: ClassVar = "when EXPR"
    help: ClassVar = "list every stop at which an expression holds"

    def execute(self, debugger: Debugger) -> Outcome:
        stops = queries.when(debugger.parts, self.expression)
        return StopsFound(self.expression, debugger.moment, tuple(stops))


class VariableOrigin(_OfVariable, frozen=True):
    """Show the origin of a variable's value."""

    usage: ClassVar = "origin NAME"
    help: ClassVar = "show the statement, observations and reply that set a variable"

    def execute(self, debugger: Debugger) -> Outcome:
        return OriginFound(queries.origin(debugger.parts, self.variable))


class DiffBranches(BaseCommand, frozen=True):
    """Compare two branches or sessions."""

    usage: ClassVar = "diff A B"
    help: ClassVar = "compare two branches or session files"

    left: str
    right: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        names = split_arguments(text)
        if len(names) != 2:
            raise InvalidArguments(f"expected two branches or session files, not {len(names)}")
        return cls(*names)

    def arguments(self) -> str:
        return shlex.join((self.left, self.right))

    def execute(self, debugger: Debugger) -> Outcome:
        (one_log, one), (other_log, other) = (_line(debugger, name) for name in (self.left, self.right))
        moments = one.end, other.end
        used = (
            prompts_used.used_prompts(one_log, one.records),
            prompts_used.used_prompts(other_log, other.records),
        )
        return DiffFound(difference(*moments), moments, used)


class Assert(_OfExpression, frozen=True):
    """Fail if an expression does not hold."""

    usage: ClassVar = "assert EXPR"
    help: ClassVar = "for scripts: fail if an expression does not hold"

    def execute(self, debugger: Debugger) -> Outcome:
        text = self.expression
        parse_condition(text)
        try:
            value = debugger.evaluate(f"bool({text}\n)")  # a comment may end the line
        except EvaluationFailed as error:
            raise AssertionFailed(f"{text} does not hold: {error}") from None
        if value != "True":
            raise AssertionFailed(f"{text} does not hold{_because(debugger, text)}")
        return AssertionHeld(text)


def _line(debugger: Debugger, name: str) -> tuple[Log, Timeline]:
    log = debugger.log
    if name in log.branches:
        return log, Timeline(log.line(name), name)
    here: FilePath | None = debugger.path
    try:
        found = find(name, [] if here is None else [here.absolute().parent])
    except SessionError as error:
        known = ", ".join(log.branches)
        raise usage_error(
            DiffBranches, f"{name!r} is neither a branch (available: {known}) nor a file ({error})"
        ) from None
    session = read(found)
    return session.log(), session.timeline()


def _because(debugger: Debugger, text: str) -> str:
    """The value of the left side of a comparison, to explain why it does not hold."""
    tree = syntax.parse(text, "eval").body
    if not isinstance(tree, ast.Compare):
        return ""
    left = ast.unparse(tree.left)
    value = " ".join(debugger.evaluate(left).split())
    return f": {left} is {value if len(value) <= _SHORT else f'{value[: _SHORT - 1]}…'}"
