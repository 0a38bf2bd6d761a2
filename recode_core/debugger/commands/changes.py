"""Commands that change a run. A change of the past starts a branch."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Self

import msgspec

from recode_core.debugger import next_call
from recode_core.debugger.commands.command import (
    BaseCommand,
    InvalidArguments,
    parse_float,
    quote,
    required_block,
    single_argument,
    split_arguments,
    split_last,
    unquote,
)
from recode_core.debugger.outcomes import (
    DroppedVariable,
    LimitSet,
    Outcome,
    RequestShown,
    StopReached,
    stop_reached,
)
from recode_core.events import VariableSet
from recode_core.executor.limits import LIMITS
from recode_core.suggest import unknown_name
from recode_core.timeline import Stop
from recode_core.values import Message

if TYPE_CHECKING:
    from recode_core.debugger.cost_estimate import CostEstimate
    from recode_core.debugger.debugger import Debugger


class EditCode(BaseCommand, frozen=True):
    """Replace the code of an expansion, or one statement."""

    usage: ClassVar = "edit NODE [from-here] <<END … END"
    help: ClassVar = "replace the code of an expansion, or one statement"
    undo: ClassVar = "earlier branch"

    node: str
    text: str
    from_here: bool = False

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, *options = split_arguments(text) or [""]
        if not node:
            raise InvalidArguments("expected a node")
        if options not in ([], ["from-here"]):
            raise unknown_name(InvalidArguments, "option", " ".join(options), ["from-here"])
        return cls(node, required_block(block), bool(options))

    def arguments(self) -> str:
        return shlex.quote(self.node) + (" from-here" if self.from_here else "")

    def block(self) -> str | None:
        return self.text

    def execute(self, debugger: Debugger) -> Outcome:
        return change_past(debugger, lambda: debugger.edit(self.node, self.text, from_here=self.from_here))


class EditPrompt(BaseCommand, frozen=True):
    """Replace the last message of a request, or all of its `messages`; without either, show them."""

    usage: ClassVar = "prompt NODE [messages] [<<END … END]"
    help: ClassVar = "show the request for a node, or replace its last message, or all (a JSON list)"
    undo: ClassVar = "earlier branch"

    node: str
    text: str | None = None
    messages: tuple[Message, ...] | None = None

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, *options = split_arguments(text) or [""]
        if not node:
            raise InvalidArguments("expected a node, not nothing")
        if not options:
            return cls(node, block)
        if options != ["messages"]:
            raise unknown_name(InvalidArguments, "option", " ".join(options), ["messages"])
        return cls(node, messages=_messages(required_block(block)))

    def arguments(self) -> str:
        return shlex.quote(self.node) + (" messages" if self.messages is not None else "")

    def block(self) -> str | None:
        if self.messages is None:
            return self.text
        return msgspec.json.format(msgspec.json.encode(self.messages)).decode()

    def execute(self, debugger: Debugger) -> Outcome:
        messages = debugger.messages(self.node)
        if self.messages is not None:
            edited = self.messages
        elif self.text is not None:
            edited = (*messages[:-1], Message("user", self.text))
        else:
            return RequestShown(messages)
        return change_past(debugger, lambda: debugger.prompt(self.node, edited))


def _messages(block: str) -> tuple[Message, ...]:
    try:
        found = msgspec.json.decode(block, type=tuple[Message, ...])
    except msgspec.MsgspecError as error:
        raise InvalidArguments(
            f'expected a JSON list of messages, each with "role" and "content": {error}'
        ) from None
    if not found:
        raise InvalidArguments("expected at least one message")
    return found


class EditReply(BaseCommand, frozen=True):
    """Replace the reply of a policy call."""

    usage: ClassVar = "reply NODE <<END … END"
    help: ClassVar = "replace the reply of a policy call"
    undo: ClassVar = "earlier branch"

    node: str
    text: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(single_argument(text, "a node"), required_block(block))

    def arguments(self) -> str:
        return shlex.quote(self.node)

    def block(self) -> str | None:
        return self.text

    def execute(self, debugger: Debugger) -> Outcome:
        return change_past(debugger, lambda: debugger.reply(self.node, self.text))


class Skip(BaseCommand, frozen=True):
    """Skip the statement at the cursor."""

    usage: ClassVar = "skip"
    help: ClassVar = "skip the statement at the cursor"
    undo: ClassVar = "earlier branch"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.skip()
        return stop_reached(debugger)


class Accept(BaseCommand, frozen=True):
    """Continue in a diverged world."""

    usage: ClassVar = "accept"
    help: ClassVar = "continue in the world that diverged from its recording when it was restored"
    undo: ClassVar = "earlier branch"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.accept()
        return stop_reached(debugger)


class Retry(BaseCommand, frozen=True):
    """Run a node again, by default the one at the cursor."""

    usage: ClassVar = "retry [NODE]"
    help: ClassVar = "run a node again from its start"
    undo: ClassVar = "earlier branch"

    node: str = ""

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(single_argument(text, "a node") if text else "")

    def arguments(self) -> str:
        return shlex.quote(self.node) if self.node else ""

    def estimate_to_confirm(self, debugger: Debugger) -> CostEstimate | None:
        return next_call.estimate_retry(debugger.parts, self.node)

    def execute(self, debugger: Debugger) -> Outcome:
        return change_past(debugger, lambda: debugger.retry(self.node))


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
            raise InvalidArguments(f"expected NAME = EXPR, not {text!r}")
        return cls(name.strip(), expression.strip())

    def arguments(self) -> str:
        return f"{self.variable} = {self.expression}"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.set(self.variable, self.expression)
        return stop_reached(debugger)


class ReplaceAction(BaseCommand, frozen=True):
    """Replace the action at the cursor."""

    usage: ClassVar = 'action "…"'
    help: ClassVar = "replace the next action"
    undo: ClassVar = "earlier branch"

    action: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(_text_argument(text, "an action"))

    def arguments(self) -> str:
        return quote(self.action)

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.action(self.action)
        return stop_reached(debugger)


class Observe(BaseCommand, frozen=True):
    """Enter the observation of the action at the cursor."""

    usage: ClassVar = 'observe "…" | <<END … END'
    help: ClassVar = "enter the observation of the next action by hand"
    undo: ClassVar = "earlier branch"

    text: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(_text_argument(text, "an observation") if block is None else block)

    def block(self) -> str | None:
        return self.text

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.observe(self.text)
        return stop_reached(debugger)


class SetLimit(BaseCommand, frozen=True):
    """Set a limit; None removes it."""

    usage: ClassVar = "limit NAME VALUE|none"
    help: ClassVar = f"set a limit, so that the run can continue: {', '.join(LIMITS)}"
    undo: ClassVar = "inverse"

    limit: str
    value: float | None

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        name, value = split_last(text)
        if not name:
            raise InvalidArguments(f"expected the name of a limit and its value, not {text or 'nothing'}")
        return cls(name, None if value == "none" else parse_float(value))

    def arguments(self) -> str:
        return f"{self.limit} {'none' if self.value is None else repr(self.value)}"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.limit(self.limit, self.value)
        return LimitSet(self.limit, self.value)


def change_past(debugger: Debugger, do: Callable[[], Stop]) -> StopReached:
    """Apply a change. Variables that were set after the changed part are dropped and listed."""
    before = debugger.timeline.up_to(debugger.cursor)
    stop = do()
    kept = {record.n for record in debugger.timeline.up_to(stop.n)}
    dropped = tuple(
        DroppedVariable(record.n, record.event)
        for record in before
        if isinstance(record.event, VariableSet) and record.n not in kept
    )
    return stop_reached(debugger, dropped)


def _text_argument(text: str, what: str) -> str:
    """A text argument, optionally in quotes. Raises InvalidArguments if it is missing."""
    if not text.strip():
        raise InvalidArguments(f"expected {what}, in quotes")
    return unquote(text)
