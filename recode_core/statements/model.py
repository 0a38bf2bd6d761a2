"""What a program is made of. Every piece keeps its range in the code as the user sees it.

Statements are compared by identity: each stands at one place of one program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recode_core.statements.source import Fed, Source
from recode_core.values import Span


@dataclass(frozen=True, slots=True)
class Act:
    """A statement that is nothing but `target = run(argument)`, or `run(argument)`, `argument` being pure.

    `span` is the call's.
    """

    span: Span
    argument: Fed
    target: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A statement that is fed to the interpreter whole, unless it turns out to be a placeholder.

    `calls` are the bare names that it certainly calls and that nothing defined when it was parsed:
    it is a placeholder if one of them is still undefined when execution gets here. `index` is its
    top-level statement's, `order` its place among the possible placeholders inside that statement
    (None at the top level). `mentions` are the names it reads, in order. `certain` says that it binds
    all of `binds`, `mutates` that it may change values in place, `jumps` that it holds a `break` or
    `continue` of a loop around it, `inert` that there is nothing to run. Where functions may be defined,
    `home` is the sandbox's name for the code that those of this statement stand in (empty where it defines
    none), `declares` are the names that they declare global, and `may_call` says that it may call one.
    `keywords` are the names that `calls` give literals to by keyword, with the source of each literal.
    """

    span: Span
    text: str
    fed: Fed
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
    act: Act | None = None
    home: str = ""
    declares: tuple[str, ...] = ()
    may_call: bool = False
    keywords: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A test or an iterable, as it is fed; `may_call` says that it may call a function of generated code."""

    span: Span
    fed: Fed
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
    """`while`; `prelude` holds the placeholders taken out of its test, run before each evaluation."""

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
    """A parsed expansion. `tops` are its top-level statements' ranges; `block` may hold, before an
    `if` or `for`, the placeholders taken out of it (same `index`)."""

    source: Source
    block: Block
    tops: tuple[Statement, ...]


def statement_kind(statement: Statement) -> Literal["placeholder", "code", "control"]:
    """What a statement looks like before it is reached."""
    match statement:
        case Code():
            return "placeholder" if statement.calls else "code"
        case If() | For() | While() | Jump():
            return "control"
