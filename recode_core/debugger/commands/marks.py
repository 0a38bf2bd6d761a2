"""What is left beside the run: breakpoints, watches, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recode_core.debugger import show
from recode_core.debugger.commands.console import Console, command, no_words, unquoted

_OPTION = re.compile(r"(?:^|\s)(?:(after)\s+(\d+)|(log|once))\s*$")


@command("break KIND [PATTERN] [if EXPR] [after N] [log] [once]", "stop where something happens", "inverse")
def _break(console: Console, text: str, block: str | None) -> Iterator[str]:
    before, _, condition = text.partition(" if ")
    options: dict[str, int] = {}
    condition, before = _without_options(condition, options), _without_options(before, options)
    kind, _, pattern = before.partition(" ")
    point = console.debugger.add_breakpoint(
        kind, unquoted(pattern), condition, options.get("after", 0), "log" in options, "once" in options
    )
    yield f"breakpoint {point.id}: {show.breakpoint(point)}"


def _without_options(text: str, options: dict[str, int]) -> str:
    """Take `after N`, `log` and `once` off the end."""
    while (found := _OPTION.search(text)) is not None:
        options[found[1] or found[3]] = int(found[2] or 1)
        text = text[: found.start()]
    return text.strip()


@command("breaks", "the breakpoints")
def _breaks(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    for point in console.debugger.marks.breakpoints.values():
        yield f"{point.id}  {show.breakpoint(point)}"


@command("enable N", "let a breakpoint stop again", "inverse")
def _enable(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.enable(int(text))
    yield f"breakpoint {int(text)} is enabled"


@command("disable N", "keep a breakpoint, but don't stop", "inverse")
def _disable(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.enable(int(text), on=False)
    yield f"breakpoint {int(text)} is disabled"


@command("delete N", "take a breakpoint away", "inverse")
def _delete(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.delete(int(text))
    yield f"breakpoint {int(text)} is deleted"


@command("watch EXPR", "watch an expression at every stop, or no longer", "inverse")
def _watch(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.watch(text)
    yield from show.watches(console.debugger)


@command('note NODE "…"', "leave a note at a node", "inverse")
def _note(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, _, note = text.partition(" ")
    console.debugger.note(node, unquoted(note))
    yield f"{node}: {unquoted(note)}" if note else f"the note at {node} is gone"
