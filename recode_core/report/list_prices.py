"""What runs cost at list prices, without a discount for cached tokens, so that agents can be compared.

How much of a prompt is cached depends on how a provider's cache works and on what ran just before; the
paper's costs are given per trajectory at list prices. Sessions record this cost call by call. In older ones
it follows from their tokens, by the name of the model.
"""

from __future__ import annotations

from collections.abc import Iterable

from recode_core.events import CallFailed, Event, ExpansionReplied, ExpansionRequested
from recode_core.policies.openai.usage import list_price
from recode_core.values import Usage, summed


def at_list_prices(events: Iterable[Event], model: str, base_url: str = "") -> float | None:
    """US dollars for all policy calls of a run; None where unknown.

    `model` was asked where no request names one, at `base_url`, as far as that is known.
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
    if usage.cost_usd == 0:  # nothing was paid for: an expert, or a model of one's own
        return 0.0
    is_counted = usage.prompt_tokens + usage.completion_tokens > 0
    return list_price(model, usage, base_url) if is_counted else None
