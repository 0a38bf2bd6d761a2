"""The parts of a program. Each has its range in the code as the user sees it.

Statements are compared by identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recode_core.source import RewrittenSource, Source
from recode_core.values import Span


@dataclass(frozen=True, slots=True)
class ActionStatement:
    """A statement `target = run(argument)` or `run(argument)` with a pure argument. `span` is the call."""

    span: Span
    argument: RewrittenSource
    target: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A statement that is fed to the interpreter whole, unless it turns out to be a placeholder.

    As a placeholder: `calls` are the bare names that it certainly calls and that were undefined when it was
    parsed; it is a placeholder if one of them is still undefined when it is reached. `targets` are the names
    that its expansion must bind. `keywords` are the keyword arguments of these calls that are literals, with
    the source of each.

    Its id: `index` is that of its top-level statement, `order` its number among the possible placeholders
    inside that statement (None at the top level).

    Its effects: `mentions` are the names it reads, in order, `binds` and `deletes` those that it may bind or
    delete; if `certain`, it binds all of `binds`. `mutates` is set if it may change values in place, `jumps`
    if it contains a `break` or `continue` of an enclosing loop, `inert` if there is nothing to run. `action`
    is set if the statement is a single action.

    If functions are allowed: `base_variable` is the variable of the sandbox with the prefix of the
    expansion's ids (empty if the statement defines no function), `declares` are the names that its functions
    declare global, `may_call` is set if it may call a function.
    """

    span: Span
    text: str
    fed: RewrittenSource
    index: int
    order: int | None = None
    calls: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    certain: bool = True
    mutates: bool = False
    jumps: bool = False
    inert: bool = False
    action: ActionStatement | None = None
    base_variable: str = ""
    declares: tuple[str, ...] = ()
    may_call: bool = False
    keywords: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A test or an iterable. `may_call` is set if it may call a function of generated code."""

    span: Span
    fed: RewrittenSource
    mentions: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    mutates: bool = False
    pure: bool = False
    may_call: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """`if`; an `elif` is an `if` in `orelse`."""

    span: Span
    index: int
    test: Expression
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True, eq=False)
class For:
    """`for`; `target` is the source of its target list, which binds the names `binds`."""

    span: Span
    index: int
    target: str
    binds: tuple[str, ...]
    iterable: Expression
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True, eq=False)
class While:
    """`while`; `prelude` are the placeholders moved out of its test, which run before each evaluation."""

    span: Span
    index: int
    prelude: Block
    test: Expression
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """`break` or `continue` of a loop that the executor drives."""

    span: Span
    index: int
    kind: Literal["break", "continue"]


Statement = Code | If | For | While | Jump
Block = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A parsed expansion. `tops` are its top-level statements.

    `block` also contains the placeholders that were moved out of the test of an `if` or the iterable of a
    `for`, before that statement and with its `index`.
    """

    source: Source
    block: Block
    tops: tuple[Statement, ...]


def statement_kind(statement: Statement) -> Literal["placeholder", "code", "control"]:
    """The kind of a statement before it is reached."""
    match statement:
        case Code():
            return "placeholder" if statement.calls else "code"
        case If() | For() | While() | Jump():
            return "control"
