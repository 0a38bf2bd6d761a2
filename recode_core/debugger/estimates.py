"""What policy calls will cost, from what they have cost so far: to be shown before money is spent."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recode_core.debugger.rollouts import Horizon
from recode_core.executor.limits import spent_in
from recode_core.log import Record
from recode_core.timeline import Timeline
from recode_core.timeline.history import count


class Estimate(msgspec.Struct, frozen=True):
    """How many calls, tokens and US dollars; None where nobody can know. `reckoned` says how it was found."""

    calls: int
    tokens: int | None
    cost_usd: float | None
    reckoned: str


def priced(calls: float, how: str, records: Sequence[Record]) -> Estimate:
    """The price of so many calls, at the mean of those that were made in `records`."""
    spent, whole = spent_in(records), max(1, round(calls))
    if not spent.calls:
        return Estimate(whole, None, None, f"{how}; no call has been made yet that could tell the price")
    mean, known = spent.tokens / spent.calls, spent.cost_usd is not None
    price = f"and {(spent.cost_usd or 0.0) / spent.calls:.6f} USD" if known else "at an unknown price"
    return Estimate(
        calls=whole,
        tokens=round(whole * mean),
        cost_usd=whole * (spent.cost_usd or 0.0) / spent.calls if known else None,
        reckoned=f"{how}; a call took {mean:.0f} tokens {price}, the mean of {spent.calls}",
    )


def expected_calls(timeline: Timeline, at: int, horizon: Horizon) -> tuple[float, str]:
    """How many calls a roll-out from the stop before a call will make, going by the timeline, and why."""
    made = _replies(timeline, -1)
    if horizon == 0:
        return 1, "one each, more where a reply is refused"
    after = _replies(timeline, at)
    whole, why = max(1, made), "as many as this run took so far; it has not ended"
    if timeline.end.outcome is not None and after:
        whole, why = after, "as many as this run took from there to its end"
    if horizon == "end":
        return whole, why
    steps = timeline.end.steps
    per_action = made / steps if steps else 1.0
    calls = 1 + horizon * per_action
    if timeline.end.outcome is not None and calls > whole:
        return whole, f"{why}, which is less far than {horizon} actions"
    return calls, f"one, and {per_action:.2g} an action, as in this run"


def _replies(timeline: Timeline, after: int) -> int:
    """How many replies came after a record, by whom ever."""
    histories = timeline.expansions.histories.values()
    return sum(len(history.replies) - count(history.replies, after) for history in histories)
