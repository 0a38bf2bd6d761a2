"""The cost of runs at list prices, without a discount for cached tokens, for comparing agents.

The share of cached tokens depends on the provider's cache and on earlier calls. The paper's costs are per
trajectory at list prices. Sessions record this cost for each call; for older ones it is computed from the
tokens and the name of the model.
"""

from __future__ import annotations

from collections.abc import Iterable

from recode_core.events import CallFailed, Event, ExpansionReplied, ExpansionRequested
from recode_core.policies.openai.usage import list_price
from recode_core.values import Usage, summed


def at_list_prices(events: Iterable[Event], model: str, base_url: str = "") -> float | None:
    """The cost of all policy calls of a run in US dollars; None if unknown.

    `model` and `base_url` are used for requests that do not name a model.
    """
    total: float | None = 0.0
    for event in events:
        match event:
            case ExpansionRequested(model=asked) if asked:
                model = asked
            case ExpansionReplied(by="policy", usage=usage) | CallFailed(usage=usage):
                total = summed(total, _cost(usage, model, base_url))
    return total


def _cost(usage: Usage, model: str, base_url: str) -> float | None:
    if usage.list_usd is not None:
        return usage.list_usd
    if usage.cost_usd == 0:  # an expert, or a local model
        return 0.0
    is_counted = usage.prompt_tokens + usage.completion_tokens > 0
    return list_price(model, usage, base_url) if is_counted else None
