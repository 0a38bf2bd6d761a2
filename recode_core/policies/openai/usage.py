"""The tokens of a call, as a server counts them or as they are estimated."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from recode_core.policies.openai.arrived import Arrived
from recode_core.values import Message, Usage, summed

_CHARACTERS = 4  # of a token, about, in English and code
_MOST = 10**12  # tokens; more is no count


def counted(arrived: Arrived, messages: Iterable[Message]) -> Usage:
    """What a call took, without its price; what the server does not count is estimated."""
    told, thought = arrived.usage or {}, _tokens(arrived.thought)
    prompt, completion = _at(told, "prompt_tokens"), _at(told, "completion_tokens")
    total = _at(told, "total_tokens")
    # Some servers count reasoning apart from the completion; the total tells.
    apart = max(0, total - prompt - completion) if prompt else 0
    reasoning = max(_at(told, "completion_tokens_details", "reasoning_tokens"), apart if completion else 0)
    if not completion + apart:
        completion = _tokens(len(arrived.text)) + thought
        reasoning = reasoning or thought
    prompt = prompt or _tokens(sum(len(message.content) for message in messages))
    cached = _at(told, "prompt_tokens_details", "cached_tokens") or _at(told, "prompt_cache_hit_tokens")
    return Usage(prompt, min(cached, prompt), completion + apart, min(reasoning, completion + apart))


def together(usage: Usage, more: Usage) -> Usage:
    """Two calls as one."""
    return Usage(
        usage.prompt_tokens + more.prompt_tokens,
        usage.cached_tokens + more.cached_tokens,
        usage.completion_tokens + more.completion_tokens,
        usage.reasoning_tokens + more.reasoning_tokens,
        summed(usage.cost_usd, more.cost_usd),
        summed(_listed(usage), _listed(more)),
    )


def priced(usage: Usage, cost_usd: float | None, list_usd: float | None = None) -> Usage:
    """The same tokens with their price, and that at list prices without a discount for cached ones."""
    return msgspec.structs.replace(usage, cost_usd=cost_usd, list_usd=list_usd)


def _listed(usage: Usage) -> float | None:
    """What a call costs at list prices: nothing, where there was none."""
    return 0.0 if usage == Usage() else usage.list_usd


def _at(usage: object, *path: str) -> int:
    """The count at a path, perhaps written as text; 0 where there is none."""
    for name in path:
        usage = usage.get(name) if isinstance(usage, dict) else None
    try:
        count = float(usage) if isinstance(usage, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0
    return int(count) if 0 <= count <= _MOST else 0


def _tokens(characters: int) -> int:
    return -(-characters // _CHARACTERS)
