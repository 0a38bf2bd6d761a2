"""The command language: one table for the `:` line, for batch files, and for whoever explains them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from recode_core.debugger import show
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.values import Message


class BadCommand(RecodeError):
    """A line that is no command, or a command with the wrong words."""


class AssertionFailed(RecodeError):
    """What an `assert` asked for does not hold."""


_OPTION = re.compile(r"(?:^|\s)(?:(after)\s+(\d+)|(log|once))\s*$")


@dataclass
class Console:
    """A debugger that takes lines. `save` writes a copy of the session; `stopped` says that it is to quit."""

    debugger: Debugger
    save: Callable[[Path], None] = lambda path: None
    rerun: Callable[[], Debugger] | None = None
    stopped: bool = False
    asserts: int = 0

    def run(self, line: str, block: str | None = None) -> list[str]:
        """Run one command; `block` is the text that followed it. What there is to say of it, line by line.

        Raises BadCommand, AssertionFailed, and what the command raises.
        """
        name, _, rest = line.strip().partition(" ")
        command = COMMANDS.get(name)
        if command is None:
            raise BadCommand(f"{name!r} is no command; there are {', '.join(COMMANDS)}")
        try:
            return list(command.run(self, rest.strip(), block))
        except (ValueError, IndexError) as error:
            raise BadCommand(f"{error}\n  usage: {command.usage}") from None


Runner = Callable[[Console, str, str | None], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table. `undo` says how it is taken back."""

    usage: str
    help: str
    undo: str
    run: Runner


COMMANDS: dict[str, Command] = {}
"""Every command by its name, in the order of the table."""


def command(usage: str, help: str, undo: str = "") -> Callable[[Runner], Runner]:
    """Enter a function into the table under the first word of its usage."""

    def enter(run: Runner) -> Runner:
        COMMANDS[usage.split()[0]] = Command(usage, help, undo, run)
        return run

    return enter


def words(text: str) -> list[str]:
    """The words of a command, quotes taken off. Raises ValueError where a quote is not closed."""
    return shlex.split(text, comments=False)


def _no_words(text: str) -> None:
    if text:
        raise ValueError(f"nothing can follow here, but there is {text!r}")


def _move(name: str) -> Runner:
    def run(console: Console, text: str, block: str | None) -> Iterator[str]:
        _no_words(text)
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
    (target,) = words(text)
    node, _, line = target.partition(":")
    console.debugger.until(node, int(line) if line else None)
    yield from show.arrival(console.debugger)


@command("back [next|continue]", "the same, towards the past", "cursor back")
def _back(console: Console, text: str, block: str | None) -> Iterator[str]:
    moves = {"": "back", "step": "back", "next": "back_next", "continue": "back_continue"}
    if text not in moves:
        raise ValueError(f"back goes by step, next or continue, not {text!r}")
    yield from _move(moves[text])(console, "", None)


@command("goto RECORD|NODE", "to a record's stop, or to the first stop at a node", "cursor back")
def _goto(console: Console, text: str, block: str | None) -> Iterator[str]:
    (target,) = words(text)
    is_record = target.isdigit() and target not in console.debugger.line.tree.nodes
    console.debugger.goto(int(target) if is_record else target)
    yield from show.arrival(console.debugger)


@command("break KIND [PATTERN] [if EXPR] [after N] [log] [once]", "stop where something happens", "inverse")
def _break(console: Console, text: str, block: str | None) -> Iterator[str]:
    before, _, condition = text.partition(" if ")
    options: dict[str, int] = {}
    condition, before = _without_options(condition, options), _without_options(before, options)
    kind, _, pattern = before.partition(" ")
    point = console.debugger.add_breakpoint(
        kind, _unquoted(pattern), condition, options.get("after", 0), "log" in options, "once" in options
    )
    yield f"breakpoint {point.id}: {show.breakpoint(point)}"


def _without_options(text: str, options: dict[str, int]) -> str:
    """Take `after N`, `log` and `once` off the end."""
    while (found := _OPTION.search(text)) is not None:
        options[found[1] or found[3]] = int(found[2] or 1)
        text = text[: found.start()]
    return text.strip()


def _unquoted(text: str) -> str:
    text = text.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if is_quoted else text


@command("breaks", "the breakpoints")
def _breaks(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
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


@command("edit NODE [from-here] <<END … END", "replace an expansion or a statement", "earlier branch")
def _edit(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, *options = words(text)
    if options not in ([], ["from-here"]):
        raise ValueError(f"only from-here can follow the node, not {' '.join(options)!r}")
    console.debugger.edit(node, _needed(block), from_here=bool(options))
    yield from show.arrival(console.debugger)


@command("prompt NODE [<<END … END]", "show or replace the request before a call", "earlier branch")
def _prompt(console: Console, text: str, block: str | None) -> Iterator[str]:
    (node,) = words(text)
    messages = console.debugger.messages(node)
    if block is None:
        yield from (line for message in messages for line in show.message(message))
        return
    console.debugger.prompt(node, (*messages[:-1], Message("user", block)))
    yield from show.arrival(console.debugger)


@command("reply NODE <<END … END", "replace the raw reply after a call", "earlier branch")
def _reply(console: Console, text: str, block: str | None) -> Iterator[str]:
    (node,) = words(text)
    console.debugger.reply(node, _needed(block))
    yield from show.arrival(console.debugger)


@command("skip", "mark the node skipped and go on", "earlier branch")
def _skip(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
    console.debugger.skip()
    yield from show.arrival(console.debugger)


@command("retry [NODE]", "run a node again from its start", "earlier branch")
def _retry(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.retry(*words(text))
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
    console.debugger.action(_unquoted(text))
    yield from show.arrival(console.debugger)


@command('observe "…"', "answer the next action by hand", "earlier branch")
def _observe(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.observe(_unquoted(text) if block is None else block)
    yield from show.arrival(console.debugger)


@command("limit NAME VALUE|none", "raise a limit, so that the run can go on", "inverse")
def _limit(console: Console, text: str, block: str | None) -> Iterator[str]:
    name, _, value = text.rpartition(" ")
    console.debugger.limit(name, None if value == "none" else float(value))
    yield f"the limit of {name} is {value}"


@command("print EXPR", "the value of an expression, on a copy")
def _print(console: Console, text: str, block: str | None) -> Iterator[str]:
    yield console.debugger.evaluate(text)


@command("watch EXPR", "watch an expression at every stop, or no longer", "inverse")
def _watch(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.watch(text)
    yield from show.watches(console.debugger)


@command("where", "the open expansions and the statement that each is at")
def _where(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
    yield from show.where(console.debugger)


@command("vars", "the variables")
def _vars(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
    for variable in console.debugger.variables().values():
        yield show.variable(variable)


@command("branches", "the branches, each with where and why it began")
def _branches(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
    yield from show.branches(console.debugger)


@command("switch BRANCH", "to the end of a branch", "cursor back")
def _switch(console: Console, text: str, block: str | None) -> Iterator[str]:
    (branch,) = words(text)
    console.debugger.switch(branch)
    yield from show.arrival(console.debugger)


@command('note NODE "…"', "leave a note at a node", "inverse")
def _note(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, _, note = text.partition(" ")
    console.debugger.note(node, _unquoted(note))
    yield f"{node}: {_unquoted(note)}" if note else f"the note at {node} is gone"


@command("undo", "revert the last command")
def _undo(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
    console.debugger.undo()
    yield from show.arrival(console.debugger)


@command("redo", "do again what was undone last")
def _redo(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
    console.debugger.redo()
    yield from show.arrival(console.debugger)


@command("reuse on|off", "whether expansions with the same prompt are taken over after a change")
def _reuse(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.reuse = {"on": True, "off": False}[text] if text in ("on", "off") else _either(text)
    yield f"reuse is {text}"


@command("assert EXPR", "for scripts: fail where an expression doesn't hold")
def _assert(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.asserts += 1
    value = console.debugger.evaluate(f"bool({text})")
    if value != "True":
        raise AssertionFailed(f"{text} does not hold")
    yield f"holds: {text}"


@command("save FILE", "write a copy of the session")
def _save(console: Console, text: str, block: str | None) -> Iterator[str]:
    (path,) = words(text)
    console.save(Path(path))
    yield f"saved {path}"


@command("quit", "end")
def _quit(console: Console, text: str, block: str | None) -> Iterator[str]:
    _no_words(text)
    console.stopped = True
    yield from ()


def _needed(block: str | None) -> str:
    if block is None:
        raise ValueError("the text must follow, between <<END and END")
    return block


def _either(text: str) -> bool:
    raise ValueError(f"reuse is on or off, not {text!r}")
