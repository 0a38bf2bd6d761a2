"""What is left beside the run: breakpoints, watches, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recode_core.debugger import show
from recode_core.debugger.commands.console import Console, WrongWords, command, no_words, number, unquoted
from recode_core.debugger.conditions import undefined

_OPTION = re.compile(r"(?:^|\s)(?:(after)\s+([0-9]{1,9})|(log|once))\s*$")
_QUOTED = re.compile(r"""(\S+)\s+(["'])(.*?)\2(?!\S)""")
_UNFINISHED = re.compile(r"(?:^|\s)(?:(if)|after(?:\s+(\S+))?)$")


@command(
    "break KIND [PATTERN] [if EXPR] [after N] [log] [once]",
    "stop where something happens, from the N+1st time on; log: say so and go on; once: the first time only",
    "inverse",
)
def _break(console: Console, text: str, block: str | None) -> Iterator[str]:
    options: dict[str, int] = {}
    kind, pattern, condition = _parts(_without_options(text, options), options)
    point = console.debugger.add_breakpoint(
        kind, pattern, condition, options.get("after", 0), "log" in options, "once" in options
    )
    yield f"breakpoint {point.id}: {show.breakpoint(point)}"
    if unknown := undefined(condition or "0", console.debugger.variables()):
        yield f"  not defined yet: {', '.join(unknown)}; until it is, the condition does not hold"


def _parts(text: str, options: dict[str, int]) -> tuple[str, str, str]:
    """Kind, pattern and condition. Raises WrongWords where something else is left over."""
    quoted = _QUOTED.match(text)
    before, _, condition = text[quoted.end() if quoted else 0 :].partition(" if ")
    before = _without_options(before, options)
    if quoted is not None:
        if before:
            raise WrongWords(f"if EXPR, after N, log or once can follow the pattern, not {before!r}")
        return quoted[1], quoted[3], condition.strip()
    kind, _, pattern = before.partition(" ")
    if (unfinished := _UNFINISHED.search(pattern)) is not None:
        wanted, given = "an expression" if unfinished[1] else "a whole number", unfinished[2] or "nothing"
        word = unfinished[1] or "after"
        raise WrongWords(f"{wanted} must follow {word}, not {given}; quote a pattern that has the word in it")
    return kind, unquoted(pattern), condition.strip()


def _without_options(text: str, options: dict[str, int]) -> str:
    """Take `after N`, `log` and `once` off the end."""
    while (found := _OPTION.search(text)) is not None:
        options[found[1] or found[3]] = int(found[2] or 1)
        text = text[: found.start()]
    return text.strip()


@command("breaks", "the breakpoints")
def _breaks(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    points = console.debugger.marks.breakpoints.values()
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
