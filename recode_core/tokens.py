"""Prompt tokens of a run, and how many of them a prefix cache can serve.

If a policy reports no usage, as experts do, tokens are estimated at 4 characters each.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import msgspec

from recode_core.events import CallFailed, ExpansionReplied, ExpansionRequested, MessageRef, PromptEdited
from recode_core.log import Log, Record

CHARACTERS = 4
"""Characters per token of English text, a rule of thumb."""


class PromptTokens(msgspec.Struct, frozen=True):
    """Tokens of all prompts of a run.

    `cached` are the tokens of the prefix that a prompt shares with the previous one, or those that the
    provider reported as cached. `is_estimated` is set if some were estimated from characters.
    """

    total: int
    cached: int
    is_estimated: bool


def prompt_tokens(log: Log, records: Sequence[Record]) -> PromptTokens:
    """The prompt tokens of the paid calls in `records`, which belong to `log`."""
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
    """The common prefix of two requests."""
    return [ref for ref, _ in takewhile(lambda pair: pair[0] == pair[1], zip(now, before, strict=False))]
