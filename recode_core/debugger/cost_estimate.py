"""Estimates of the cost of policy calls, shown before the calls are made."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recode_core.debugger.rollouts import RolloutSteps
from recode_core.executor.limits import spent_in
from recode_core.log import Record
from recode_core.timeline import Timeline
from recode_core.timeline.history import count


class CostEstimate(msgspec.Struct, frozen=True):
    """Estimated calls, tokens and US dollars, None if unknown. `basis` explains the estimate."""

    calls: int
    tokens: int | None
    cost_usd: float | None
    basis: str


def estimate_cost(calls: float, how: str, records: Sequence[Record]) -> CostEstimate:
    """Estimate the cost of `calls`, from the mean of the calls in `records`."""
    spent, whole = spent_in(records), max(1, round(calls))
    if not spent.calls:
        return CostEstimate(whole, None, None, f"{how}; no call has been made yet that could tell the price")
    mean, known = spent.tokens / spent.calls, spent.cost_usd is not None
    price = f"and {(spent.cost_usd or 0.0) / spent.calls:.6f} USD" if known else "at an unknown price"
    return CostEstimate(
        calls=whole,
        tokens=round(whole * mean),
        cost_usd=whole * (spent.cost_usd or 0.0) / spent.calls if known else None,
        basis=f"{how}; a call took {mean:.0f} tokens {price}, the mean of {spent.calls}",
    )


def expected_calls(timeline: Timeline, at: int, rollout_steps: RolloutSteps) -> tuple[float, str]:
    """The expected number of calls of a roll-out from the stop before a call, with an explanation."""
    made = _replies(timeline, -1)
    if rollout_steps == 0:
        return 1, "one each, more where a reply is refused"
    after = _replies(timeline, at)
    whole, why = max(1, made), "as many as this run took so far; it has not ended"
    if timeline.end.outcome is not None and after:
        whole, why = after, "as many as this run took from there to its end"
    if rollout_steps == "end":
        return whole, why
    steps = timeline.end.steps
    per_action = made / steps if steps else 1.0
    calls = 1 + rollout_steps * per_action
    if timeline.end.outcome is not None and calls > whole:
        return whole, f"{why}, which is less than {rollout_steps} actions"
    return calls, f"one, and {per_action:.2g} an action, as in this run"


def _replies(timeline: Timeline, after: int) -> int:
    """The number of replies after a record, from the policy or not."""
    histories = timeline.expansions.histories.values()
    return sum(len(history.replies) - count(history.replies, after) for history in histories)
