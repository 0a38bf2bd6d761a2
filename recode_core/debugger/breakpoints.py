"""Breakpoints: their kinds, and what triggers each."""

from __future__ import annotations

import operator
import re

from recode_core.debugger.conditions import check_pattern, matches
from recode_core.errors import RecodeError
from recode_core.events import (
    ActionFinished,
    ActionReached,
    BreakpointSet,
    Event,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    PassStarted,
    StatementFailed,
    StatementFinished,
    StatementSkipped,
    VariableSet,
)
from recode_core.timeline import Stop, Timeline

KINDS = {
    "placeholder": "a glob on its name or its statement",
    "line": "NODE:LINE",
    "action": "a glob or /regex/ on the action",
    "observation": "a glob or /regex/ on the observation",
    "variable": "a name, when it changes",
    "depth": "a number of open expansions",
    "status": "done, failed, skipped, refused or reused",
    "before-model": "",
    "after-model": "",
    "failure": "a glob on the error's type, or nothing",
    "score": "a comparison, such as >=0.5",
    "budget": "steps, calls, tokens or cost_usd with a comparison, such as calls>10",
}
"""Kinds of breakpoints, and what their pattern is."""

_STATUSES = ("done", "failed", "skipped", "refused", "reused")
_BUDGETS = ("steps", "calls", "tokens", "cost_usd")
_COMPARED = re.compile(r"\s*([a-z_]*)\s*(>=|<=|==|>|<)\s*(-?\d+(?:\.\d+)?)\s*")
_COMPARE = {">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt}


def check(kind: str, pattern: str) -> None:
    """Raise RecodeError where a breakpoint of that kind can't have that pattern."""
    if kind not in KINDS:
        raise RecodeError(f"no breakpoint is of kind {kind!r}; there are {', '.join(KINDS)}")
    check_pattern(pattern)
    if not _can_fit(kind, pattern):
        raise RecodeError(f"a breakpoint on {kind} takes {KINDS[kind] or 'no pattern'}, not {pattern!r}")


def _can_fit(kind: str, pattern: str) -> bool:
    """Whether there is anything that the pattern of a breakpoint fits."""
    compared = _COMPARED.fullmatch(pattern)
    match kind:
        case "placeholder" | "line" | "action" | "observation":
            return bool(pattern)
        case "variable":
            return pattern.isidentifier()
        case "depth":
            return re.fullmatch(r"[0-9]{1,9}", pattern) is not None
        case "status":
            return any(matches(pattern, status) for status in _STATUSES)
        case "before-model" | "after-model":
            return not pattern
        case "score":
            return compared is not None and compared[1] in ("", "score")
        case "budget":
            return compared is not None and compared[1] in _BUDGETS
    return True


def trigger(point: BreakpointSet, timeline: Timeline, stop: Stop) -> Event | None:
    """The event since the stop before that a breakpoint waits for."""
    return next(
        (each.event for each in timeline.since(stop) if _fits(point, each.event, timeline, stop)), None
    )


def _fits(point: BreakpointSet, event: Event, timeline: Timeline, stop: Stop) -> bool:
    kind, pattern = point.kind, point.pattern
    match event:
        case ExpansionRequested(bound=bound):
            if kind == "variable":
                return any(variable.name == pattern for variable in bound)
            return _request_fits(kind, pattern, event, stop) or _line_fits(point, timeline, stop)
        case ActionReached(action=action):
            return kind == "action" and matches(pattern, action)
        case ActionFinished(observation=observation):
            if kind == "observation":
                return matches(pattern, observation.text)
            if kind == "score":
                return _compares(pattern, observation.score)
            return kind == "budget" and _budget_fits(pattern, timeline, stop)
        case ExpansionReplied(by=by):
            return (kind == "after-model" and by == "policy") or _status(
                kind, pattern, "reused", by == "reuse"
            )
        case ExpansionRefused():
            return _status(kind, pattern, "refused")
        case StatementFailed(failure=failure):
            is_failure = kind == "failure" and (not pattern or matches(pattern, failure.type))
            return is_failure or _status(kind, pattern, "failed")
        case StatementSkipped():
            return _status(kind, pattern, "skipped")
        case StatementFinished(changed=changed, deleted=deleted):
            is_changed = kind == "variable" and pattern in (*deleted, *(v.name for v in changed))
            return is_changed or _status(kind, pattern, "done")
        case PassStarted(changed=changed) | VariableSet(changed=changed):
            return kind == "variable" and any(variable.name == pattern for variable in changed)
    return _line_fits(point, timeline, stop)


def _request_fits(kind: str, pattern: str, event: ExpansionRequested, stop: Stop) -> bool:
    if kind == "placeholder":
        name = re.search(r"(\w+)\s*\(", event.statement)
        named = name is not None and matches(pattern, name[1])
        return event.reason == "first" and (named or matches(pattern, event.statement))
    if kind == "depth":
        return event.reason == "first" and stop.depth + 1 >= int(pattern)
    return kind == "before-model"


def _line_fits(point: BreakpointSet, timeline: Timeline, stop: Stop) -> bool:
    if point.kind != "line" or stop.kind not in ("statement", "model"):
        return False
    return timeline.text_at(stop) == point.text and timeline.call_of(stop) == point.pattern.rpartition(":")[0]


def _budget_fits(pattern: str, timeline: Timeline, stop: Stop) -> bool:
    found = _COMPARED.fullmatch(pattern)
    value = timeline.at(stop.n).facts()[found[1]] if found else None
    return value is not None and _compares(pattern, value)


def _compares(pattern: str, value: float) -> bool:
    found = _COMPARED.fullmatch(pattern)
    return found is not None and bool(_COMPARE[found[2]](value, float(found[3])))


def _status(kind: str, pattern: str, status: str, also: bool = True) -> bool:
    return kind == "status" and also and matches(pattern, status)
