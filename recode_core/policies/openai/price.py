"""What a call cost: as the server billed it, else by the prices of `genai-prices`, looked up offline."""

from __future__ import annotations

import math

import msgspec

from recode_core.policies.openai.profile import Profile
from recode_core.values import Usage


def price(profile: Profile, model: str, usage: Usage) -> float | None:
    """US dollars, or None where nobody knows. Only a profile that says that it is local costs nothing."""
    if profile.local:
        return 0.0
    import genai_prices

    tokens = genai_prices.Usage(
        input_tokens=usage.prompt_tokens,
        cache_read_tokens=usage.cached_tokens,
        output_tokens=usage.completion_tokens,
    )
    try:
        return float(genai_prices.calc_price(tokens, model, provider_api_url=profile.base_url).total_price)
    except (LookupError, ValueError):
        return None


def undiscounted(profile: Profile, model: str, usage: Usage) -> float | None:
    """US dollars at list prices, had no token been cached; None where there is no price that is known."""
    return None if profile.local else price(profile, model, msgspec.structs.replace(usage, cached_tokens=0))


def list_price(model: str, usage: Usage, base_url: str = "") -> float | None:
    """The same of a model by its name, at the provider of that URL or else one that has such a model."""
    import genai_prices

    tokens = genai_prices.Usage(input_tokens=usage.prompt_tokens, output_tokens=usage.completion_tokens)
    for url in (base_url, None) if base_url else (None,):
        try:
            return float(genai_prices.calc_price(tokens, model, provider_api_url=url).total_price)
        except (LookupError, ValueError):
            continue
    return None


def billed(usage: object) -> float | None:
    """The US dollars that a server says it billed, in the `usage` of its answer; None where it does not.

    Some routers bill with the user's own key at the model's provider, whose part stands apart:
    https://openrouter.ai/docs/use-cases/usage-accounting
    """
    if not isinstance(usage, dict):
        return None
    told = usage.get("cost")
    if isinstance(told, dict):  # in parts, with their sum
        told = told.get("total_cost")
    cost = _dollars(told)
    details = usage.get("cost_details")
    if cost is not None and usage.get("is_byok") is True and isinstance(details, dict):
        cost += _dollars(details.get("upstream_inference_cost")) or 0.0
    return cost


def _dollars(told: object) -> float | None:
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        dollars = float(told)
    except (ValueError, OverflowError):
        return None
    return dollars if 0 <= dollars < math.inf else None
