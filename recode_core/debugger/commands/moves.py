"""Moves: through history, and beyond its end."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.debugger import show
from recode_core.debugger.commands.console import (
    Console,
    Runner,
    WrongWords,
    command,
    no_words,
    number,
    one_word,
)


def _move(name: str) -> Runner:
    def run(console: Console, text: str, block: str | None) -> Iterator[str]:
        no_words(text)
        debugger = console.debugger
        getattr(debugger, name)()
        yield from show.arrival(debugger)

    return run


for _usage, _name, _help in (
    ("step", "step", "to the next stop point, whatever it is"),
    ("next", "next", "to the next statement in the same or an outer frame"),
    ("finish", "finish", "to the statement after the enclosing placeholder"),
    ("continue", "resume", "to a breakpoint, a failure, a limit or the end"),
):
    command(_usage, _help, "cursor back")(_move(_name))


@command("until NODE[:LINE]", "to that node, or to that line of its code", "cursor back")
def _until(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, colon, line = one_word(text, "NODE or NODE:LINE").partition(":")
    console.debugger.until(node, number(line, f"the number of a line of {node}") if colon else None)
    yield from show.arrival(console.debugger)


@command("back [next|continue]", "the same, towards the past", "cursor back")
def _back(console: Console, text: str, block: str | None) -> Iterator[str]:
    moves = {"": "back", "step": "back", "next": "back_next", "continue": "back_continue"}
    if text not in moves:
        raise WrongWords(f"back goes by step, next or continue, not {text!r}")
    yield from _move(moves[text])(console, "", None)


@command("goto RECORD|NODE", "to a record's stop, or to the first stop at a node", "cursor back")
def _goto(console: Console, text: str, block: str | None) -> Iterator[str]:
    target = one_word(text, "the number of a record, or a node,")
    debugger = console.debugger
    is_record = target.isdecimal() and not debugger.timeline.end.has_node(target)
    record = number(target, "the number of a record") if is_record else None
    stop = debugger.goto(target if record is None else record)
    yield from show.arrival(debugger)
    if record is not None and stop.n != record:
        yield f"record {record} is not a stop; the last stop before it is {show.stop_line(debugger, stop)}"
