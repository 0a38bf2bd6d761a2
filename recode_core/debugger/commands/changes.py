"""Changes of a run: each starts a branch where the past changes."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.debugger import show
from recode_core.debugger.commands.console import Console, command, no_words, one_word, unquoted, words
from recode_core.values import Message


@command("edit NODE [from-here] <<END … END", "replace an expansion or a statement", "earlier branch")
def _edit(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, *options = words(text)
    if options not in ([], ["from-here"]):
        raise ValueError(f"only from-here can follow the node, not {' '.join(options)!r}")
    console.debugger.edit(node, _needed(block), from_here=bool(options))
    yield from show.arrival(console.debugger)


@command("prompt NODE [<<END … END]", "show or replace the request before a call", "earlier branch")
def _prompt(console: Console, text: str, block: str | None) -> Iterator[str]:
    node = one_word(text)
    messages = console.debugger.messages(node)
    if block is None:
        yield from (line for message in messages for line in show.message(message))
        return
    console.debugger.prompt(node, (*messages[:-1], Message("user", block)))
    yield from show.arrival(console.debugger)


@command("reply NODE <<END … END", "replace the raw reply after a call", "earlier branch")
def _reply(console: Console, text: str, block: str | None) -> Iterator[str]:
    node = one_word(text)
    console.debugger.reply(node, _needed(block))
    yield from show.arrival(console.debugger)


@command("skip", "mark the node skipped and go on", "earlier branch")
def _skip(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    console.debugger.skip()
    yield from show.arrival(console.debugger)


@command("retry [NODE]", "run a node again from its start", "earlier branch")
def _retry(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.retry(one_word(text) if text else "")
    yield from show.arrival(console.debugger)


@command("set NAME = EXPR", "set a variable", "earlier branch")
def _set(console: Console, text: str, block: str | None) -> Iterator[str]:
    name, equals, expression = text.partition("=")
    if not equals or not expression.strip():
        raise ValueError("an expression must follow =")
    console.debugger.set(name.strip(), expression.strip())
    yield from show.arrival(console.debugger)


@command('action "…"', "replace the next action", "earlier branch")
def _action(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.action(unquoted(text))
    yield from show.arrival(console.debugger)


@command('observe "…"', "answer the next action by hand", "earlier branch")
def _observe(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.observe(unquoted(text) if block is None else block)
    yield from show.arrival(console.debugger)


@command("limit NAME VALUE|none", "raise a limit, so that the run can go on", "inverse")
def _limit(console: Console, text: str, block: str | None) -> Iterator[str]:
    name, _, value = text.rpartition(" ")
    console.debugger.limit(name, None if value == "none" else float(value))
    yield f"the limit of {name} is {value}"


def _needed(block: str | None) -> str:
    if block is None:
        raise ValueError("the text must follow, between <<END and END")
    return block
