"""Prompt tokens: how much a run sent to its policy, and how much of that a prefix cache can have had.

Where a policy says nothing of usage, as an expert does, a token is taken for 4 characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import msgspec

from recode_core.events import CallFailed, ExpansionReplied, ExpansionRequested, MessageRef, PromptEdited
from recode_core.log import Log, Record

CHARACTERS = 4
"""Of a token, in English text, by rule of thumb."""


class PromptTokens(msgspec.Struct, frozen=True):
    """Tokens of all prompts of a run. `cached` are those that a prompt began with like the one before, or
    that the provider said it had in its cache; `is_estimated` where some were reckoned from characters."""

    total: int
    cached: int
    is_estimated: bool


def prompt_tokens(log: Log, records: Sequence[Record]) -> PromptTokens:
    """The prompt tokens of the calls that were paid for in `records`, which are of `log`."""
    total = cached = 0
    is_estimated = False
    before: tuple[MessageRef, ...] = ()
    asked: tuple[MessageRef, ...] = ()
    for record in records:
        match record.event:
            case ExpansionRequested(messages=messages) | PromptEdited(messages=messages):
                asked = messages
            case ExpansionReplied(by="policy", usage=usage):
                if usage.prompt_tokens:
                    total, cached = total + usage.prompt_tokens, cached + usage.cached_tokens
                else:
                    is_estimated = True
                    total += _estimated(log, asked)
                    cached += _estimated(log, _common(before, asked))
                before = asked
            case CallFailed(usage=usage):
                total, cached = total + usage.prompt_tokens, cached + usage.cached_tokens
    return PromptTokens(total, cached, is_estimated)


def _estimated(log: Log, messages: Sequence[MessageRef]) -> int:
    return sum(len(log.load(ref).content) for ref in messages) // CHARACTERS


def _common(before: Sequence[MessageRef], now: Sequence[MessageRef]) -> list[MessageRef]:
    """The messages that both begin with."""
    return [ref for ref, _ in takewhile(lambda pair: pair[0] == pair[1], zip(now, before, strict=False))]
