"""Estimates of the cost of policy calls, shown before the calls are made."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.rollouts import RolloutSteps
from recode_core.events import ExpansionReplied
from recode_core.executor.limits import spent_in
from recode_core.policies import guard
from recode_core.timeline import Timeline
from recode_core.timeline.history import count
from recode_core.values import Usage

_TYPICAL = Usage(1000, completion_tokens=100)
"""The tokens for which a policy that has not replied yet is asked whether it costs anything."""


class CostEstimate(msgspec.Struct, frozen=True):
    """Estimated calls, tokens and US dollars, None if unknown. `basis` explains the estimate.

    `least_usd` and `most_usd` are the cost if each call were as cheap, or as dear, as any so far.
    """

    calls: int
    tokens: int | None
    cost_usd: float | None
    basis: str
    least_usd: float | None = None
    most_usd: float | None = None

    @property
    def is_free(self) -> bool:
        """Whether the calls are known to cost nothing."""
        return self.cost_usd == 0


def estimate_cost(calls: float, how: str, parts: DebuggerParts, model: str = "") -> CostEstimate:
    """Estimate the cost of `calls` from the mean of the session's calls so far.

    `model` is the model if it is not that of the policy; then only a policy that tells prices knows the cost.
    """
    whole = max(1, round(calls))
    policy = parts.live.run.policy if parts.live is not None else None
    is_other = policy is not None and model not in ("", guard.model_of(policy))
    usages = [
        record.event.usage
        for record in parts.log.records
        if isinstance(record.event, ExpansionReplied) and record.event.by == "policy"
    ]
    spent = spent_in(parts.log.records)
    if not spent.calls:
        is_free = policy is not None and guard.price(policy, _TYPICAL, model) == 0
        why = f"{how}; no call has been made yet that could tell the price"
        return CostEstimate(whole, None, 0.0 if is_free else None, why)
    mean, tokens = spent.tokens / spent.calls, round(whole * spent.tokens / spent.calls)
    if is_other and policy is not None:
        each = guard.price(policy, _mean(usages), model)
        price = "at an unknown price" if each is None else f"and would cost {each:.6f} USD"
        why = f"{how}; a call took {mean:.0f} tokens, the mean of {spent.calls}, {price} with {model}"
        return CostEstimate(whole, tokens, None if each is None else whole * each, why)
    if spent.cost_usd is None:
        why = f"{how}; a call took {mean:.0f} tokens at an unknown price, the mean of {spent.calls}"
        return CostEstimate(whole, tokens, None, why)
    each = spent.cost_usd / spent.calls
    costs = [usage.cost_usd or 0.0 for usage in usages]
    why = f"{how}; a call took {mean:.0f} tokens and {each:.6f} USD, the mean of {spent.calls}"
    return CostEstimate(whole, tokens, whole * each, why, whole * min(costs), whole * max(costs))


def _mean(usages: Sequence[Usage]) -> Usage:
    """The mean of the tokens of calls."""
    prompt = sum(usage.prompt_tokens for usage in usages) / len(usages)
    completion = sum(usage.completion_tokens for usage in usages) / len(usages)
    return Usage(round(prompt), completion_tokens=round(completion))


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
