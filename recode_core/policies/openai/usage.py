"""Tokens and price of a call. Tokens are counted by the server, or estimated.

Prices are what the server billed, or those of `genai-prices`, which needs no network.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.stream import StreamBuffer
from recode_core.values import Message, Usage, summed

_CHARACTERS = 4  # per token, on average, in English and code
_MOST = 10**12  # tokens; a larger number is not a count


def measure_usage(buffer: StreamBuffer, messages: Iterable[Message]) -> Usage:
    """Return the tokens of a call, without a price. Counts that the server omits are estimated."""
    counts, thought = buffer.usage or {}, _tokens(buffer.thought)
    prompt, completion = _at(counts, "prompt_tokens"), _at(counts, "completion_tokens")
    total = _at(counts, "total_tokens")
    # Some servers count reasoning apart from the completion, as the total shows.
    apart = max(0, total - prompt - completion) if prompt else 0
    reasoning = max(_at(counts, "completion_tokens_details", "reasoning_tokens"), apart if completion else 0)
    if not completion + apart:
        completion = _tokens(len(buffer.text)) + thought
        reasoning = reasoning or thought
    prompt = prompt or _tokens(sum(len(message.content) for message in messages))
    cached = _at(counts, "prompt_tokens_details", "cached_tokens") or _at(counts, "prompt_cache_hit_tokens")
    return Usage(prompt, min(cached, prompt), completion + apart, min(reasoning, completion + apart))


def add_usage(usage: Usage, more: Usage) -> Usage:
    """Return the sum of two usages."""
    return Usage(
        usage.prompt_tokens + more.prompt_tokens,
        usage.cached_tokens + more.cached_tokens,
        usage.completion_tokens + more.completion_tokens,
        usage.reasoning_tokens + more.reasoning_tokens,
        summed(usage.cost_usd, more.cost_usd),
        summed(_list_price_of(usage), _list_price_of(more)),
    )


def with_price(usage: Usage, cost_usd: float | None, list_usd: float | None = None) -> Usage:
    """Return the usage with its price, and its list price without a discount for cached tokens."""
    return msgspec.structs.replace(usage, cost_usd=cost_usd, list_usd=list_usd)


def _list_price_of(usage: Usage) -> float | None:
    """Return the list price of a usage; an empty one costs nothing."""
    return 0.0 if usage == Usage() else usage.list_usd


def _at(usage: object, *path: str) -> int:
    """Return the count at a path, which may be a number or text; 0 if there is none."""
    for name in path:
        usage = usage.get(name) if isinstance(usage, dict) else None
    try:
        count = float(usage) if isinstance(usage, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0
    return int(count) if 0 <= count <= _MOST else 0


def _tokens(characters: int) -> int:
    return -(-characters // _CHARACTERS)


def price(profile: Profile, model: str, usage: Usage) -> float | None:
    """Return the price in USD, or None if unknown. Only profiles with `local` are free."""
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


def uncached_price(profile: Profile, model: str, usage: Usage) -> float | None:
    """Return the price in USD as if no token had been cached, or None if unknown."""
    return None if profile.local else price(profile, model, msgspec.structs.replace(usage, cached_tokens=0))


def list_price(model: str, usage: Usage, base_url: str = "") -> float | None:
    """Return the price of a model by its name, from the provider at `base_url`, or else any provider."""
    import genai_prices

    tokens = genai_prices.Usage(input_tokens=usage.prompt_tokens, output_tokens=usage.completion_tokens)
    for url in (base_url, None) if base_url else (None,):
        try:
            return float(genai_prices.calc_price(tokens, model, provider_api_url=url).total_price)
        except (LookupError, ValueError):
            continue
    return None


def billed_price(usage: object) -> float | None:
    """Return the price in USD that the server billed, from the `usage` of its answer, or None.

    Some routers use the user's own key for the model's provider, and list the provider's part separately:
    https://openrouter.ai/docs/use-cases/usage-accounting
    """
    if not isinstance(usage, dict):
        return None
    billed = usage.get("cost")
    if isinstance(billed, dict):  # parts and their sum
        billed = billed.get("total_cost")
    cost = _dollars(billed)
    details = usage.get("cost_details")
    if cost is not None and usage.get("is_byok") is True and isinstance(details, dict):
        cost += _dollars(details.get("upstream_inference_cost")) or 0.0
    return cost


def _dollars(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        dollars = float(value)
    except (ValueError, OverflowError):
        return None
    return dollars if 0 <= dollars < math.inf else None
