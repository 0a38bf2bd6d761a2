"""Changes of a run: each starts a branch where the past changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from recode_core.debugger import show
from recode_core.debugger.commands.console import (
    Console,
    WrongWords,
    command,
    no_words,
    one_word,
    real,
    unquoted,
    words,
)
from recode_core.debugger.debugger import Debugger
from recode_core.events import VariableSet
from recode_core.executor.limits import LIMITS
from recode_core.timeline import Stop
from recode_core.values import Message


@command("edit NODE [from-here] <<END … END", "replace an expansion or a statement", "earlier branch")
def _edit(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, *options = words(text) or [""]
    if not node:
        raise WrongWords("a node must follow")
    if options not in ([], ["from-here"]):
        raise WrongWords(f"only from-here can follow the node, not {' '.join(options)!r}")
    text = _needed(block)
    yield from acted(console, lambda debugger: debugger.edit(node, text, from_here=bool(options)))


@command("prompt NODE [<<END … END]", "show or replace the request before a call", "earlier branch")
def _prompt(console: Console, text: str, block: str | None) -> Iterator[str]:
    node = one_word(text, "a node")
    messages = console.debugger.messages(node)
    if block is None:
        yield from (line for message in messages for line in show.message(message))
        return
    edited = (*messages[:-1], Message("user", block))
    yield from acted(console, lambda debugger: debugger.prompt(node, edited))


@command("reply NODE <<END … END", "replace the raw reply after a call", "earlier branch")
def _reply(console: Console, text: str, block: str | None) -> Iterator[str]:
    node = one_word(text, "a node")
    text = _needed(block)
    yield from acted(console, lambda debugger: debugger.reply(node, text))


@command("skip", "mark the node skipped and go on", "earlier branch")
def _skip(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    console.debugger.skip()
    yield from show.arrival(console.debugger)


@command("accept", "go on in the world that answered otherwise when it was brought back", "earlier branch")
def _accept(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    console.debugger.accept()
    yield from show.arrival(console.debugger)


@command("retry [NODE]", "run a node again from its start", "earlier branch")
def _retry(console: Console, text: str, block: str | None) -> Iterator[str]:
    node = one_word(text, "a node") if text else ""
    yield from acted(console, lambda debugger: debugger.retry(node))


@command("set NAME = EXPR", "set a variable", "earlier branch")
def _set(console: Console, text: str, block: str | None) -> Iterator[str]:
    name, _, expression = text.partition("=")
    if not name.strip() or not expression.strip():
        raise WrongWords(f"a name, = and an expression must follow, not {text!r}")
    console.debugger.set(name.strip(), expression.strip())
    yield from show.arrival(console.debugger)


@command('action "…"', "replace the next action", "earlier branch")
def _action(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.action(_said(text, "an action"))
    yield from show.arrival(console.debugger)


@command('observe "…" | <<END … END', "answer the next action by hand", "earlier branch")
def _observe(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.observe(_said(text, "an observation") if block is None else block)
    yield from show.arrival(console.debugger)


@command("limit NAME VALUE|none", f"raise a limit, so that the run can go on: {', '.join(LIMITS)}", "inverse")
def _limit(console: Console, text: str, block: str | None) -> Iterator[str]:
    name, _, value = text.rpartition(" ")
    if not name:
        raise WrongWords(f"the name of a limit and its value must follow, not {text or 'nothing'}")
    console.debugger.limit(name.strip(), None if value == "none" else real(value))
    yield f"the limit of {name.strip()} is {value}"


def acted(console: Console, do: Callable[[Debugger], Stop]) -> Iterator[str]:
    """Change the past, and say which variables had been set after that: they are no longer."""
    debugger = console.debugger
    before = debugger.timeline.up_to(debugger.cursor)
    stop = do(debugger)
    yield from show.arrival(debugger)
    kept = {record.n for record in debugger.timeline.up_to(stop.n)}
    for record in before:
        if isinstance(record.event, VariableSet) and record.n not in kept:
            name, expression = record.event.name, record.event.expression
            yield f"  dropped: {name} = {expression}, which was set later (record {record.n}); set it again"


def _said(text: str, what: str) -> str:
    """A text that may be quoted. Raises WrongWords where there is none; an empty one is written in quotes."""
    if not text.strip():
        raise WrongWords(f"{what} must follow, in quotes")
    return unquoted(text)


def _needed(block: str | None) -> str:
    if block is None:
        raise WrongWords("the text must follow, between <<END and END")
    return block
