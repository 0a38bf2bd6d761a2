"""What tokens cost, by the prices that come with `genai-prices`: they are looked up offline."""

from __future__ import annotations

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
