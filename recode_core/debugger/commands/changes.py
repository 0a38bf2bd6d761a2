"""Changes of a run: each starts a branch where the past changes."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core.debugger.commands.command import (
    BaseCommand,
    WrongWords,
    needed,
    one_word,
    quoted,
    real,
    split,
    unquoted,
)
from recode_core.debugger.outcomes import Arrived, Asked, Dropped, LimitSet, Outcome, arrived
from recode_core.events import VariableSet
from recode_core.executor.limits import LIMITS
from recode_core.timeline import Stop
from recode_core.values import Message

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class Edit(BaseCommand, frozen=True):
    """Replace the code of an expansion, or one statement."""

    usage: ClassVar = "edit NODE [from-here] <<END … END"
    help: ClassVar = "replace an expansion or a statement"
    undo: ClassVar = "earlier branch"

    node: str
    text: str
    from_here: bool = False

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, *options = split(text) or [""]
        if not node:
            raise WrongWords("a node must follow")
        if options not in ([], ["from-here"]):
            raise WrongWords(f"only from-here can follow the node, not {' '.join(options)!r}")
        return cls(node, needed(block), bool(options))

    def words(self) -> str:
        return shlex.quote(self.node) + (" from-here" if self.from_here else "")

    def block(self) -> str | None:
        return self.text

    def execute(self, debugger: Debugger) -> Outcome:
        return acted(debugger, lambda: debugger.edit(self.node, self.text, from_here=self.from_here))


class Prompt(BaseCommand, frozen=True):
    """Replace the last message of a request; without a text, show the messages."""

    usage: ClassVar = "prompt NODE [<<END … END]"
    help: ClassVar = "show or replace the request before a call"
    undo: ClassVar = "earlier branch"

    node: str
    text: str | None = None

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text, "a node"), block)

    def words(self) -> str:
        return shlex.quote(self.node)

    def block(self) -> str | None:
        return self.text

    def execute(self, debugger: Debugger) -> Outcome:
        messages = debugger.messages(self.node)
        if self.text is None:
            return Asked(messages)
        edited = (*messages[:-1], Message("user", self.text))
        return acted(debugger, lambda: debugger.prompt(self.node, edited))


class Reply(BaseCommand, frozen=True):
    """Replace the raw reply to a call."""

    usage: ClassVar = "reply NODE <<END … END"
    help: ClassVar = "replace the raw reply after a call"
    undo: ClassVar = "earlier branch"

    node: str
    text: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text, "a node"), needed(block))

    def words(self) -> str:
        return shlex.quote(self.node)

    def block(self) -> str | None:
        return self.text

    def execute(self, debugger: Debugger) -> Outcome:
        return acted(debugger, lambda: debugger.reply(self.node, self.text))


class Skip(BaseCommand, frozen=True):
    """Leave out the statement at the cursor."""

    usage: ClassVar = "skip"
    help: ClassVar = "mark the node skipped and go on"
    undo: ClassVar = "earlier branch"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.skip()
        return arrived(debugger)


class Accept(BaseCommand, frozen=True):
    """Go on in a world that diverged."""

    usage: ClassVar = "accept"
    help: ClassVar = "go on in the world that answered otherwise when it was brought back"
    undo: ClassVar = "earlier branch"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.accept()
        return arrived(debugger)


class Retry(BaseCommand, frozen=True):
    """Run a node again; an empty one is that at the cursor."""

    usage: ClassVar = "retry [NODE]"
    help: ClassVar = "run a node again from its start"
    undo: ClassVar = "earlier branch"

    node: str = ""

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text, "a node") if text else "")

    def words(self) -> str:
        return shlex.quote(self.node) if self.node else ""

    def execute(self, debugger: Debugger) -> Outcome:
        return acted(debugger, lambda: debugger.retry(self.node))


class SetVariable(BaseCommand, frozen=True):
    """Give a variable the value of an expression."""

    usage: ClassVar = "set NAME = EXPR"
    help: ClassVar = "set a variable"
    undo: ClassVar = "earlier branch"

    variable: str
    expression: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        name, _, expression = text.partition("=")
        if not name.strip() or not expression.strip():
            raise WrongWords(f"a name, = and an expression must follow, not {text!r}")
        return cls(name.strip(), expression.strip())

    def words(self) -> str:
        return f"{self.variable} = {self.expression}"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.set(self.variable, self.expression)
        return arrived(debugger)


class ReplaceAction(BaseCommand, frozen=True):
    """Take another action in place of the one at the cursor."""

    usage: ClassVar = 'action "…"'
    help: ClassVar = "replace the next action"
    undo: ClassVar = "earlier branch"

    action: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(_said(text, "an action"))

    def words(self) -> str:
        return quoted(self.action)

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.action(self.action)
        return arrived(debugger)


class Observe(BaseCommand, frozen=True):
    """Answer the action at the cursor by hand."""

    usage: ClassVar = 'observe "…" | <<END … END'
    help: ClassVar = "answer the next action by hand"
    undo: ClassVar = "earlier branch"

    text: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(_said(text, "an observation") if block is None else block)

    def block(self) -> str | None:
        return self.text

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.observe(self.text)
        return arrived(debugger)


class SetLimit(BaseCommand, frozen=True):
    """Give a limit another value; None takes it away."""

    usage: ClassVar = "limit NAME VALUE|none"
    help: ClassVar = f"raise a limit, so that the run can go on: {', '.join(LIMITS)}"
    undo: ClassVar = "inverse"

    limit: str
    value: float | None

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        name, _, value = text.rpartition(" ")
        if not name:
            raise WrongWords(f"the name of a limit and its value must follow, not {text or 'nothing'}")
        return cls(name.strip(), None if value == "none" else real(value))

    def words(self) -> str:
        return f"{self.limit} {'none' if self.value is None else repr(self.value)}"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.limit(self.limit, self.value)
        return LimitSet(self.limit, self.value)


def acted(debugger: Debugger, do: Callable[[], Stop]) -> Arrived:
    """Change the past, and tell which variables had been set after that: they are no longer."""
    before = debugger.timeline.up_to(debugger.cursor)
    stop = do()
    kept = {record.n for record in debugger.timeline.up_to(stop.n)}
    dropped = tuple(
        Dropped(record.n, record.event)
        for record in before
        if isinstance(record.event, VariableSet) and record.n not in kept
    )
    return arrived(debugger, dropped)


def _said(text: str, what: str) -> str:
    """A text that may be quoted. Raises WrongWords where there is none; an empty one is written in quotes."""
    if not text.strip():
        raise WrongWords(f"{what} must follow, in quotes")
    return unquoted(text)
