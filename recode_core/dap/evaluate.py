"""Requests with expressions and commands: `evaluate`, `setVariable`, `completions`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recode_core.dap.messages import Arguments
from recode_core.dap.requests import RequestResult, handles
from recode_core.dap.target import DebugTarget
from recode_core.dap.values import VALUE_LIMIT
from recode_core.debugger import completion
from recode_core.debugger.annotations import Annotations
from recode_core.debugger.commands import COMMANDS, SetVariable, parse, split_first
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.script import read_script
from recode_core.errors import RecodeError
from recode_core.log import Log
from recode_core.timeline import Timeline

_CONFIRM = "confirm"


class EvaluateArguments(Arguments, frozen=True):
    """An expression; in the context `repl` it may be a command."""

    expression: str
    context: str = ""


class SetVariableArguments(Arguments, frozen=True):
    """A variable of a scope, and an expression for its value."""

    variables_reference: int
    name: str
    value: str


class CompletionsArguments(Arguments, frozen=True):
    """The text in the debug console up to the caret and after it."""

    text: str
    column: int
    line: int | None = None


@handles(EvaluateArguments, "evaluate")
def evaluate(target: DebugTarget, arguments: EvaluateArguments) -> RequestResult:
    """Evaluate an expression on a copy of the variables; in the debug console, execute commands."""
    text = arguments.expression
    if arguments.context == "repl" and _is_command(text):
        return {"result": "\n".join(_execute(target, text)), "variablesReference": 0}
    found = target.references.value("", target.debugger.evaluate(text, VALUE_LIMIT), evaluate=text)
    return {
        "result": found.value,
        "type": found.type or "",
        "variablesReference": found.variables_reference,
        "indexedVariables": found.indexed_variables or 0,
        "namedVariables": found.named_variables or 0,
    }


@handles(SetVariableArguments, "setVariable")
def set_variable(target: DebugTarget, arguments: SetVariableArguments) -> RequestResult:
    """Give a variable the value of an expression."""
    if arguments.variables_reference != target.references.variables:
        raise RecodeError(
            "only whole variables can be set; for a part of one write `set NAME = EXPR` in the debug console"
        )
    for _ in target.execute(SetVariable(arguments.name, arguments.value)):
        pass
    found = target.debugger.variables()[arguments.name]
    return {"value": found.value, "type": found.type, "variablesReference": 0}


@handles(CompletionsArguments, "completions")
def completions(target: DebugTarget, arguments: CompletionsArguments) -> RequestResult:
    """Completions of commands, and of the names of variables."""
    column = arguments.column - (1 if target.client.properties.columns_start_at1 else 0)
    written = _before(arguments.text, column).rpartition("\n")[2]
    line = _line(written)
    word = line.rpartition(" ")[2]
    start = target.client.column(arguments.text, len(_before(arguments.text, column)) - len(word))
    found = dict.fromkeys(_words(target.debugger, line, word))
    return {
        "targets": [
            {"label": label.strip(), "text": label, "start": start, "length": len(word)}
            for label in found
            if label
        ]
    }


@dataclass(frozen=True)
class _Context:
    """The part of a debugger's state that commands are completed from."""

    node: str
    timeline: Timeline
    log: Log
    annotations: Annotations


def _words(debugger: Debugger, line: str, word: str) -> Iterator[str]:
    place = debugger.stop.place
    context = _Context(place.node if place else "0", debugger.timeline, debugger.log, debugger.annotations)
    lead = len(line) - len(word)
    yield from (whole[lead:] for whole in completion.candidates(line, context))
    yield from (name for name in debugger.variables() if word and name.startswith(word))


def _is_command(text: str) -> bool:
    return text.lstrip().startswith((":", "#")) or split_first(_line(text.strip()))[0] in COMMANDS


def _execute(target: DebugTarget, text: str) -> Iterator[str]:
    """Execute the commands in a text, up to the first that fails. Yields their output."""
    is_confirmed = split_first(text.strip().removeprefix(":"))[0] == _CONFIRM
    for each in read_script(_line(text.strip())):
        command = parse(each.text.removeprefix(":"), each.block)
        target.check_confirmed(command, is_confirmed)
        yield from target.execute(command)


def _line(text: str) -> str:
    """A line without the colon and the confirmation before its command."""
    text = text.removeprefix(":")
    return text.removeprefix(_CONFIRM).lstrip() if split_first(text)[0] == _CONFIRM else text


def _before(text: str, units: int) -> str:
    """The text before a column in UTF-16 code units."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")
