"""What policy calls will cost, from what they have cost so far: to be shown before money is spent."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recode_core.debugger.rests import Line
from recode_core.debugger.rollouts import Horizon
from recode_core.events import ExpansionReplied
from recode_core.executor.limits import spent_in
from recode_core.log import Record


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


def expected_calls(line: Line, at: int, horizon: Horizon) -> tuple[float, str]:
    """How many calls a roll-out from the stop before a call will make, going by `line`, and why so many."""
    made = _replies(line.records)
    if horizon == 0:
        return 1, "one each, more where a reply is refused"
    after = _replies(line.records[line.index(at) + 1 :])
    whole, why = max(1, made), "as many as this run took so far; it has not ended"
    if line.tree.outcome is not None and after:
        whole, why = after, "as many as this run took from there to its end"
    if horizon == "end":
        return whole, why
    steps = spent_in(line.records).steps
    per_action = made / steps if steps else 1.0
    calls = 1 + horizon * per_action
    if line.tree.outcome is not None and calls > whole:
        return whole, f"{why}, which is less far than {horizon} actions"
    return calls, f"one, and {per_action:.2g} an action, as in this run"


def _replies(records: Sequence[Record]) -> int:
    return sum(isinstance(record.event, ExpansionReplied) for record in records)
