"""The arguments of a call of `run`, and its position in the code.

The sandbox knows the position of a call only in the code that it was fed last. So a call in a function passes
its own position as its first argument (see `recode_core.statements.function_bodies`): the prefix of the ids
of the statements of its expansion, and its range there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from recode_core.events import Origin
from recode_core.executor.run import Run
from recode_core.executor.shortening import line_of_code
from recode_core.interpreter import Called
from recode_core.statements.names import PRIVATE
from recode_core.statements.syntax_tree import MOST_CHARACTERS
from recode_core.timeline.nodes import is_node_id
from recode_core.values import ACTION_LIMIT, Span

_PLACE = re.compile(rf"\({PRIVATE}g\d+(?:, \d+){{4}}\), ")
_BASE = re.compile(r"(.+?)(?:@\d+)?\.")


class CallPlace(NamedTuple):
    """The position that a call in a function passes: the prefix of its expansion's ids, and its range."""

    base: str
    span: Span


def with_positional_action(called: Called, edition: int) -> Called:
    """Turn the keyword argument of `run(action=…)` into a positional one."""
    if edition > 2 and not called.args and called.kwargs.keys() == {"action"}:
        return replace(called, args=(called.kwargs["action"],), kwargs={})
    return called


def argument_error(called: Called) -> TypeError | ValueError | None:
    """The exception for invalid arguments of `run`; None if they are valid."""
    if called.kwargs or len(called.args) != 1:
        given = len(called.args) + len(called.kwargs)
        return TypeError(f'run() takes exactly one string, as in run("…"), but {given} arguments were given')
    if not isinstance(called.args[0], str):
        return TypeError(f"run() takes a string, not {type(called.args[0]).__name__}: {called.args[0]!r:.80}")
    if not is_action(called.args[0]):
        return ValueError(
            f"run() takes an action of at most {ACTION_LIMIT:,} characters, not {len(called.args[0]):,}"
        )
    return None


def is_action(text: object) -> bool:
    """Whether a value is a valid action: a text that is not too long."""
    return isinstance(text, str) and len(text) <= ACTION_LIMIT


def split_place(called: Called) -> tuple[Called, CallPlace | None]:
    """Split the position that a call passes from its other arguments; None if it passes none."""
    match called.args:
        case ((str(base), int(), int(), int(), int()) as place, *rest) if _is_place(base, place[1:]):
            return replace(called, args=tuple(rest)), CallPlace(base, Span(*place[1:]))
    return called, None


def locate(run: Run, place: CallPlace | None, span: Span) -> tuple[Span, Origin | None]:
    """The range of an action in the current expansion, with its origin if it is in the code of another one.

    Then the range is that of the current statement, which has called the function.
    """
    if place is None:
        return span, None
    if place.base == run.call.base:
        return place.span, None
    found = _BASE.fullmatch(place.base)
    assert found is not None, "split_place accepts valid bases only"
    return run.place.span, Origin(found[1], place.span)


def inner_line(run: Run, inner: str, called: str) -> str:
    """The part of a traceback for the line inside a function; empty for code of the engine's own."""
    text = line_of_code(_PLACE.sub("", inner))
    if not text or text == called or PRIVATE in text or not run.agent.takes_turns:
        return ""
    return f"In a function that it calls:\n    {text}\n"


def _is_place(base: str, span: tuple[int, ...]) -> bool:
    """Whether a tuple is a valid position; generated code can write any tuple there."""
    found = _BASE.fullmatch(base)
    line, column, end_line, end_column = span
    are_numbers = not any(isinstance(number, bool) for number in span)
    in_order = 1 <= line <= end_line and column >= 0 <= end_column and max(span) <= MOST_CHARACTERS
    return found is not None and is_node_id(found[1]) and are_numbers and in_order
