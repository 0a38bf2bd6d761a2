"""The tokens of a call, as a server counts them or as they are estimated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from recode_core.policies.openai.arrived import Arrived
from recode_core.values import Message, Usage, summed

_CHARACTERS = 4  # of a token, about, in English and code


def counted(arrived: Arrived, messages: Iterable[Message]) -> Usage:
    """What a call took, without its price: estimated where the server does not say."""
    if arrived.usage is not None:
        return _read(arrived.usage)
    thought = _tokens(arrived.thought)
    return Usage(
        prompt_tokens=_tokens(sum(len(message.content) for message in messages)),
        completion_tokens=_tokens(len(arrived.text)) + thought,
        reasoning_tokens=thought,
    )


def together(usage: Usage, more: Usage) -> Usage:
    """Two calls as one."""
    return Usage(
        usage.prompt_tokens + more.prompt_tokens,
        usage.cached_tokens + more.cached_tokens,
        usage.completion_tokens + more.completion_tokens,
        usage.reasoning_tokens + more.reasoning_tokens,
        summed(usage.cost_usd, more.cost_usd),
    )


def priced(usage: Usage, cost_usd: float | None) -> Usage:
    """The same tokens with their price."""
    return msgspec.structs.replace(usage, cost_usd=cost_usd)


def _read(usage: dict[str, Any]) -> Usage:
    """Some servers count reasoning apart from the completion; the total tells."""
    prompt, completion = _at(usage, "prompt_tokens"), _at(usage, "completion_tokens")
    apart = max(0, _at(usage, "total_tokens") - prompt - completion)
    reasoning = _at(usage, "completion_tokens_details", "reasoning_tokens")
    cached = _at(usage, "prompt_tokens_details", "cached_tokens") or _at(usage, "prompt_cache_hit_tokens")
    return Usage(
        prompt_tokens=prompt,
        cached_tokens=min(cached, prompt),
        completion_tokens=completion + apart,
        reasoning_tokens=max(reasoning, apart),
    )


def _at(usage: object, *path: str) -> int:
    """The whole number at a path, 0 where there is none."""
    for name in path:
        usage = usage.get(name) if isinstance(usage, dict) else None
    return max(0, int(usage)) if isinstance(usage, int | float) else 0


def _tokens(characters: int) -> int:
    return -(-characters // _CHARACTERS)
