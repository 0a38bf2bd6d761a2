"""Questions: they change nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recode_core import syntax
from recode_core.debugger import prompts_used, questions, said, show
from recode_core.debugger.commands.console import (
    AssertionFailed,
    Console,
    WrongWords,
    command,
    no_words,
    one_word,
    words,
)
from recode_core.debugger.conditions import check_pattern, matches, parse_condition
from recode_core.debugger.diff import difference
from recode_core.errors import SessionError
from recode_core.interpreter import EvaluationFailed
from recode_core.log import Log, Record
from recode_core.session import read
from recode_core.session.names import find
from recode_core.timeline import Timeline


@command("print EXPR", "the value of an expression, on a copy")
def _print(console: Console, text: str, block: str | None) -> Iterator[str]:
    yield console.debugger.evaluate(text)


@command("where", "the open expansions and the statement that each is at")
def _where(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    yield from show.where(console.debugger)


@command("vars", "the variables")
def _vars(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    variables = console.debugger.variables().values()
    yield from map(show.variable, variables)
    if not variables:
        yield "there are no variables yet"


@command("possible [PATTERN]", "the actions that would do something in the world at the cursor")
def _possible(console: Console, text: str, block: str | None) -> Iterator[str]:
    pattern = one_word(text, "a pattern, in quotes where it has spaces,") if text else "*"
    check_pattern(pattern)
    actions = [action for action in console.debugger.possible() if matches(pattern, action)]
    yield from actions
    if not actions:
        yield f"nothing that is possible now fits {pattern!r}"


@command("history NAME", "every change of a variable")
def _history(console: Console, text: str, block: str | None) -> Iterator[str]:
    name = one_word(text, "the name of a variable")
    changes = questions.history(console.debugger.parts, name)
    yield from map(said.change, changes)
    if not changes:
        yield f"no variable is called {name!r} on {console.debugger.branch}"


@command("when EXPR", "every stop where an expression holds")
def _when(console: Console, text: str, block: str | None) -> Iterator[str]:
    stops = questions.when(console.debugger.parts, text)
    yield from (show.stop_line(console.debugger, stop) for stop in stops)
    if not stops:
        yield f"{text} holds at no stop of {console.debugger.branch}"


@command("origin NAME", "the statement, observation or reply that set a variable")
def _origin(console: Console, text: str, block: str | None) -> Iterator[str]:
    yield from said.origin(questions.origin(console.debugger.parts, one_word(text, "the name of a variable")))


@command("diff A B", "two branches, or session files, side by side")
def _diff(console: Console, text: str, block: str | None) -> Iterator[str]:
    names = words(text)
    if len(names) != 2:
        raise WrongWords(f"two branches or session files must follow, not {len(names)}")
    (left_log, left), (right_log, right) = (_line(console, name) for name in names)
    moments = Timeline(left).end, Timeline(right).end
    yield from said.difference(difference(*moments), *moments)
    yield from prompts_used.difference(prompts_used.used(left_log, left), prompts_used.used(right_log, right))


def _line(console: Console, name: str) -> tuple[Log, list[Record]]:
    log = console.debugger.log
    if name in log.branches:
        return log, log.line(name)
    here = console.debugger.path
    try:
        found = find(name, [] if here is None else [here.absolute().parent])
    except SessionError as error:
        known = ", ".join(log.branches)
        raise WrongWords(f"{name!r} is neither a branch nor a file; there are {known} ({error})") from None
    log = read(found).log()
    return log, log.line()


@command("assert EXPR", "for scripts: fail where an expression doesn't hold")
def _assert(console: Console, text: str, block: str | None) -> Iterator[str]:
    parse_condition(text)
    console.asserts += 1
    try:
        value = console.debugger.evaluate(f"bool({text}\n)")  # a comment may end the line
    except EvaluationFailed as error:
        raise AssertionFailed(f"{text} does not hold: {error}") from None
    if value != "True":
        raise AssertionFailed(f"{text} does not hold{_because(console, text)}")
    yield f"holds: {text}"


def _because(console: Console, text: str) -> str:
    """The left side of a comparison, so that a reader needn't ask for it."""
    tree = syntax.parse(text, "eval").body
    if not isinstance(tree, ast.Compare):
        return ""
    left = ast.unparse(tree.left)
    return f": {left} is {show.short(console.debugger.evaluate(left))}"
