"""Calls of `run` as the sandbox tells them: what their arguments are, and where in which code each stands.

The sandbox tells the place of a call only in what it was fed last. So a call in a function brings it
along (`recode_core.statements.bodies`): the base of the ids of its code's statements, and its range there.
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
from recode_core.statements.reading import MOST_CHARACTERS
from recode_core.timeline.nodes import is_node_id
from recode_core.values import ACTION_LIMIT, Span

_PLACE = re.compile(rf"\({PRIVATE}g\d+(?:, \d+){{4}}\), ")
_BASE = re.compile(r"(.+?)(?:@\d+)?\.")


class Told(NamedTuple):
    """A place as a call tells it."""

    base: str
    span: Span


def by_position(called: Called, edition: int) -> Called:
    """A `run` with its action as the only argument, where it is given by its name."""
    if edition > 2 and not called.args and called.kwargs.keys() == {"action"}:
        return replace(called, args=(called.kwargs["action"],), kwargs={})
    return called


def fault(called: Called) -> TypeError | ValueError | None:
    """What is wrong with the arguments of a `run`, if anything."""
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
    """Whether something can be asked of a world as an action."""
    return isinstance(text, str) and len(text) <= ACTION_LIMIT


def without_place(called: Called) -> tuple[Called, Told | None]:
    """A call without what it tells of its place, and that."""
    match called.args:
        case ((str(base), int(), int(), int(), int()) as told, *rest) if _is_place(base, told[1:]):
            return replace(called, args=tuple(rest)), Told(base, Span(*told[1:]))
    return called, None


def placed(run: Run, told: Told | None, span: Span) -> tuple[Span, Origin | None]:
    """Where an action stands in the code that runs; where it is in other code, `span` and its place there."""
    if told is None:
        return span, None
    if told.base == run.call.base:
        return told.span, None
    found = _BASE.fullmatch(told.base)
    assert found is not None, "only a base is taken for a place"
    return run.place.span, Origin(found[1], told.span)


def shown_line(run: Run, inner: str, called: str) -> str:
    """The part of a traceback for the line of a function, as its code has it, or nothing."""
    text = line_of_code(_PLACE.sub("", inner))
    if not text or text == called or PRIVATE in text or not run.agent.takes_turns:
        return ""
    return f"In a function that it calls:\n    {text}\n"


def _is_place(base: str, span: tuple[int, ...]) -> bool:
    """Whether these are a base and a range, as generated code, too, could write them."""
    found = _BASE.fullmatch(base)
    line, column, end_line, end_column = span
    are_numbers = not any(isinstance(number, bool) for number in span)
    in_order = 1 <= line <= end_line and column >= 0 <= end_column and max(span) <= MOST_CHARACTERS
    return found is not None and is_node_id(found[1]) and are_numbers and in_order
