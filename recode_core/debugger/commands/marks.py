"""What is left beside the run: breakpoints, watches, notes."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.debugger import show
from recode_core.debugger.breakpoint_text import parse_breakpoint
from recode_core.debugger.commands.console import Console, WrongWords, command, no_words, number, unquoted
from recode_core.debugger.conditions import undefined


@command(
    "break KIND [PATTERN] [if EXPR] [after N] [log] [once]",
    "stop where something happens, from the N+1st time on; log: say so and go on; once: the first time only",
    "inverse",
)
def _break(console: Console, text: str, block: str | None) -> Iterator[str]:
    try:
        wanted = parse_breakpoint(text)
    except ValueError as error:
        raise WrongWords(str(error)) from None
    point = console.debugger.add_breakpoint(
        wanted.kind, wanted.pattern, wanted.condition, wanted.after, wanted.log, wanted.once
    )
    yield f"breakpoint {point.id}: {show.breakpoint(point)}"
    if unknown := undefined(wanted.condition or "0", console.debugger.variables()):
        yield f"  not defined yet: {', '.join(unknown)}; until it is, the condition does not hold"


@command("breaks", "the breakpoints")
def _breaks(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    points = console.debugger.annotations.breakpoints.values()
    yield from (f"{point.id}  {show.breakpoint(point)}" for point in points)
    if not points:
        yield "there are no breakpoints"


@command("enable N", "let a breakpoint stop again", "inverse")
def _enable(console: Console, text: str, block: str | None) -> Iterator[str]:
    point = number(text, "a breakpoint's number")
    console.debugger.enable(point)
    yield f"breakpoint {point} is enabled"


@command("disable N", "keep a breakpoint, but don't stop", "inverse")
def _disable(console: Console, text: str, block: str | None) -> Iterator[str]:
    point = number(text, "a breakpoint's number")
    console.debugger.enable(point, on=False)
    yield f"breakpoint {point} is disabled"


@command("delete N", "take a breakpoint away", "inverse")
def _delete(console: Console, text: str, block: str | None) -> Iterator[str]:
    point = number(text, "a breakpoint's number")
    console.debugger.delete(point)
    yield f"breakpoint {point} is deleted"


@command("watch EXPR", "watch an expression at every stop, or no longer", "inverse")
def _watch(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.watch(text)
    yield from show.watches(console.debugger)


@command('note NODE "…"', "leave a note at a node", "inverse")
def _note(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, _, quoted = text.partition(" ")
    note = unquoted(quoted)
    console.debugger.note(node, note)
    yield f"{node}: {note}" if note else f"the note at {node} is gone"
