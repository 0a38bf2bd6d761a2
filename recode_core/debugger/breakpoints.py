"""The kinds of breakpoints, one entry of `KINDS` each: the events that trigger it and its pattern."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from recode_core.debugger.conditions import parse_condition
from recode_core.debugger.patterns import check_pattern, matches
from recode_core.errors import RecodeError
from recode_core.events import (
    ActionFinished,
    ActionReached,
    BreakpointSet,
    ConditionEvaluated,
    ExpansionEdited,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    LimitRaised,
    PassStarted,
    PromptEdited,
    StatementFailed,
    StatementFinished,
    StatementReached,
    StatementSkipped,
    VariableSet,
)
from recode_core.suggest import unknown_name
from recode_core.timeline import Stop, Timeline
from recode_core.timeline.variables import changed_by

Fits = Callable[[Any, BreakpointSet, Timeline, Stop], bool]
"""Whether an event, of one of the kind's types, triggers a breakpoint at the stop that follows it."""

_STATUSES = ("done", "failed", "skipped", "refused", "reused")
_BUDGETS = ("steps", "calls", "tokens", "cost_usd")
_COMPARED = re.compile(r"\s*([a-z_]*)\s*(>=|<=|==|>|<)\s*(-?\d+(?:\.\d+)?)\s*")
_COMPARE = {">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True)
class BreakpointKind:
    """A kind of breakpoint.

    `pattern` describes its pattern (empty if it has none) and `can_be` validates one. `events` are the
    types of events that can trigger it, and `fits` tells whether one does.
    """

    pattern: str
    can_be: Callable[[str], bool]
    events: tuple[type, ...]
    fits: Fits


def check(kind: str, pattern: str, condition: str = "") -> None:
    """Raise RecodeError for an unknown kind, an invalid pattern or an invalid condition."""
    if kind not in KINDS:
        raise unknown_name(RecodeError, "breakpoint kind", kind, KINDS)
    check_pattern(pattern)
    if not KINDS[kind].can_be(pattern):
        raise RecodeError(f"{kind} breakpoints take {KINDS[kind].pattern or 'no pattern'}, not {pattern!r}")
    if condition:
        parse_condition(condition)


def _placeholder(event: ExpansionRequested, point: BreakpointSet, timeline: Timeline, stop: Stop) -> bool:
    if event.reason != "first":
        return False
    name = re.search(r"(\w+)\s*\(", event.statement)
    named = name is not None and matches(point.pattern, name[1])
    return named or matches(point.pattern, event.statement)


def _line(event: object, point: BreakpointSet, timeline: Timeline, stop: Stop) -> bool:
    if stop.kind not in ("statement", "model"):
        return False
    if timeline.call_of(stop) != point.pattern.rpartition(":")[0]:
        return False
    return timeline.text_at(stop) == point.text


def _variable(event: Any, point: BreakpointSet, timeline: Timeline, stop: Stop) -> bool:
    if isinstance(event, StatementFinished) and point.pattern in event.deleted:
        return True
    return any(variable.name == point.pattern for variable in changed_by(event))


def _status(event: object, point: BreakpointSet, timeline: Timeline, stop: Stop) -> bool:
    match event:
        case StatementFinished():
            return matches(point.pattern, "done")
        case StatementFailed():
            return matches(point.pattern, "failed")
        case StatementSkipped():
            return matches(point.pattern, "skipped")
        case ExpansionRefused():
            return matches(point.pattern, "refused")
        case ExpansionReplied(by="reuse"):
            return matches(point.pattern, "reused")
    return False


def _budget(event: object, point: BreakpointSet, timeline: Timeline, stop: Stop) -> bool:
    found = _COMPARED.fullmatch(point.pattern)
    if found is None:
        return False
    moment = timeline.at(stop.n)
    value = moment.steps if found[1] == "steps" else getattr(moment.usage, found[1])
    return value is not None and _compares(point.pattern, value)


def _compares(pattern: str, value: float) -> bool:
    found = _COMPARED.fullmatch(pattern)
    return found is not None and bool(_COMPARE[found[2]](value, float(found[3])))


def _is_comparison(pattern: str, names: tuple[str, ...]) -> bool:
    found = _COMPARED.fullmatch(pattern)
    return found is not None and found[1] in names


KINDS: dict[str, BreakpointKind] = {
    "placeholder": BreakpointKind(
        "a glob on its name or its statement", bool, (ExpansionRequested,), _placeholder
    ),
    "line": BreakpointKind(
        "NODE:LINE",
        bool,
        (StatementReached, ExpansionRequested, PromptEdited, VariableSet, LimitRaised, ExpansionEdited),
        _line,
    ),
    "action": BreakpointKind(
        "a glob or /regex/ on the action",
        bool,
        (ActionReached,),
        lambda event, point, timeline, stop: matches(point.pattern, event.action),
    ),
    "observation": BreakpointKind(
        "a glob or /regex/ on the observation",
        bool,
        (ActionFinished,),
        lambda event, point, timeline, stop: matches(point.pattern, event.observation.text),
    ),
    "variable": BreakpointKind(
        "a name, when it changes",
        str.isidentifier,
        (StatementFinished, PassStarted, ConditionEvaluated, VariableSet, ExpansionRequested),
        _variable,
    ),
    "depth": BreakpointKind(
        "a number of open expansions",
        lambda pattern: re.fullmatch(r"[0-9]{1,9}", pattern) is not None,
        (ExpansionRequested,),
        lambda event, point, timeline, stop: event.reason == "first" and stop.depth + 1 >= int(point.pattern),
    ),
    "status": BreakpointKind(
        "done, failed, skipped, refused or reused",
        lambda pattern: any(matches(pattern, status) for status in _STATUSES),
        (StatementFinished, StatementFailed, StatementSkipped, ExpansionRefused, ExpansionReplied),
        _status,
    ),
    "before-model": BreakpointKind(
        "",
        lambda pattern: not pattern,
        (ExpansionRequested,),
        lambda event, point, timeline, stop: True,
    ),
    "after-model": BreakpointKind(
        "",
        lambda pattern: not pattern,
        (ExpansionReplied,),
        lambda event, point, timeline, stop: event.by == "policy",
    ),
    "failure": BreakpointKind(
        "a glob on the error's type, or nothing",
        lambda pattern: True,
        (StatementFailed,),
        lambda event, point, timeline, stop: not point.pattern or matches(point.pattern, event.failure.type),
    ),
    "score": BreakpointKind(
        "a comparison, such as >=0.5",
        lambda pattern: _is_comparison(pattern, ("", "score")),
        (ActionFinished,),
        lambda event, point, timeline, stop: _compares(point.pattern, event.observation.score),
    ),
    "budget": BreakpointKind(
        "steps, calls, tokens or cost_usd with a comparison, such as calls>10",
        lambda pattern: _is_comparison(pattern, _BUDGETS),
        (ActionFinished,),
        _budget,
    ),
}
"""Every kind by its name."""
