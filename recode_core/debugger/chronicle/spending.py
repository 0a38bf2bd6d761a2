"""What a line has spent on its policy at any of its records."""

from __future__ import annotations

from bisect import bisect_right

import msgspec

from recode_core.events import CallFailed, ExpansionReplied, ExpansionRequested, PromptEdited
from recode_core.log import Record
from recode_core.values import Usage, summed


class Spent(msgspec.Struct, frozen=True, gc=False):
    """Calls, tokens and US dollars (None: unknown) up to record `n`."""

    n: int = -1
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0


class Spending:
    """What policy calls took, added up call by call. A failed one counts at the stop where the run rests."""

    def __init__(self) -> None:
        self._spent = [Spent()]
        self._rest = -1

    def take(self, record: Record) -> None:
        """Take the next record."""
        match record.event:
            case ExpansionReplied(by="policy", usage=usage):
                self._add(record.n, 1, usage)
            case CallFailed(usage=usage):
                self._add(self._rest, 0, usage)
            case ExpansionRequested() | PromptEdited():
                self._rest = record.n

    def _add(self, n: int, calls: int, usage: Usage) -> None:
        before = self._spent[-1]
        tokens = before.tokens + usage.prompt_tokens + usage.completion_tokens
        cost = summed(before.cost_usd, usage.cost_usd)
        self._spent.append(Spent(n, before.calls + calls, tokens, cost))

    def at(self, n: int) -> Spent:
        """What had been spent by record `n`."""
        return self._spent[max(0, bisect_right(self._spent, n, key=lambda spent: spent.n) - 1)]
