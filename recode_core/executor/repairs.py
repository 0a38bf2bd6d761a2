"""Repairs: how often a placeholder that failed is asked for again, and what is told when it is given up."""

from __future__ import annotations

from recode_core.events import Failure
from recode_core.executor.frames import Call
from recode_core.executor.limits import Limits
from recode_core.executor.shortening import line_of_code

REPAIRS_BY_PLACE = 2
"""The last edition in which each placeholder had all its repairs, whatever had been given up inside it.
The failure of what was given up had other words then."""

_EXHAUSTED = ("RepairsExhausted", "RewritesExhausted")
"""The types of failure of a placeholder that is given up."""


def allowed(call: Call, limits: Limits, edition: int) -> int:
    """How often a placeholder may be asked for again in all, after a failure of it.

    A failure is repaired at the innermost place that can still change something. What was given up inside
    has been repaired there: then its parent is asked to do without it, or to call it with something else.
    If the same statement is given up again, asking the parent once more is of no use; nor are repairs of
    the statement itself. With `repairs` r, a statement that always fails inside d open expansions so costs
    c(d) = c(d - 1) + d + 1 calls, c(1) = r + 1: the first try of everything above it, and one more.

    Another child is another failure. With r = 2: `a()` is given up, the parent's second code does without
    it and `b()` is given up, so the parent is asked for a third code. If that calls `a()` or `b()` again, in
    vain, the parent is given up, as it is when anything else in it fails.
    """
    if edition > REPAIRS_BY_PLACE and (call.is_retry or call.is_stuck):
        return 0
    return limits.repairs


def exhausted(call: Call, failure: Failure) -> Failure:
    """A failure as the parent sees it. What went up several levels is told as it was at the innermost."""
    if failure.type in _EXHAUSTED:
        return failure
    match call.repairs:
        case 0:
            how = "fails"
        case 1:
            how = "still fails after 1 repair"
        case count:
            how = f"still fails after {count} repairs"
    statement = line_of_code(call.placeholder.text)
    message = f"`{statement}` {how}: {failure.type}: {failure.message}"
    return Failure("RepairsExhausted", message, failure.traceback)


def told(failure: Failure) -> str:
    text = failure.traceback or f"{failure.type}: {failure.message}"
    return f"{text}\n\nWhat that statement did to variables is lost." if failure.lost else text


def trouble_of(call: Call, failure: Failure) -> str:
    parts = [told(failure)]
    if call.done:
        parts.append("Done since this statement was first expanded, and not undone:\n" + "\n".join(call.done))
    return "\n\n".join(parts)


def too_deep(limits: Limits) -> Failure:
    message = f"the limit of {limits.depth} nested expansions is reached: write actions here, no placeholder"
    return Failure("DepthLimit", message)
