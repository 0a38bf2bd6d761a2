"""Repairs: how often the policy is asked again for a placeholder that failed, and the texts that it gets."""

from __future__ import annotations

from recode_core.events import Failure
from recode_core.executor.frames import CallFrame
from recode_core.executor.limits import Limits
from recode_core.executor.shortening import line_of_code

LAST_EDITION_WITH_ALL_REPAIRS = 2
"""The last edition in which every placeholder got all its repairs, even if one inside it was given up before.
Its failures are also worded in another way.
"""

_EXHAUSTED = ("RepairsExhausted", "RewritesExhausted")
"""The types of the failure of a placeholder that was given up."""


def allowed_repairs(call: CallFrame, limits: Limits, edition: int) -> int:
    """The number of repairs that a placeholder gets in all, now that it has failed.

    A failure is repaired at the innermost placeholder that can still change something. A placeholder that is
    given up has been repaired; its parent is then asked for code that does without it. If the parent calls
    the same placeholder again and that fails again, neither of the two is repaired any more. With the limit
    `repairs` r, a statement that always fails inside d open expansions costs
    c(d) = c(d - 1) + d + 1 calls, c(1) = r + 1.

    Each placeholder counts separately. With r = 2: `a()` is given up, the parent's second code does not call
    it, but `b()` is given up, so the parent is asked for a third code. If that calls `a()` or `b()` and it
    fails again, the parent is given up, as it is if anything else in it fails.
    """
    if edition > LAST_EDITION_WITH_ALL_REPAIRS and (call.was_given_up or call.gave_up_again):
        return 0
    return limits.repairs


def exhausted_failure(call: CallFrame, failure: Failure) -> Failure:
    """The failure of a placeholder that is given up; if one inside it was given up, that one's failure."""
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


def failure_text(failure: Failure) -> str:
    """A failure as the policy is told of it."""
    text = failure.traceback or f"{failure.type}: {failure.message}"
    return f"{text}\n\nWhat that statement did to variables is lost." if failure.lost else text


def repair_text_of(call: CallFrame, failure: Failure) -> str:
    """The text of a repair request: the failure, and the actions done since the placeholder was reached."""
    parts = [failure_text(failure)]
    if call.done:
        parts.append("Done since this statement was first expanded, and not undone:\n" + "\n".join(call.done))
    return "\n\n".join(parts)


def depth_failure(limits: Limits) -> Failure:
    """The failure of a placeholder below the depth limit."""
    message = f"the limit of {limits.depth} nested expansions is reached: write actions here, no placeholder"
    return Failure("DepthLimit", message)
