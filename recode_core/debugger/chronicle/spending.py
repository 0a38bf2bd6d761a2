"""What a line has spent on its policy at any of its records."""

from __future__ import annotations

from bisect import bisect_right

import msgspec

from recode_core.events import ExpansionReplied
from recode_core.log import Record
from recode_core.values import summed


class Spent(msgspec.Struct, frozen=True, gc=False):
    """Calls, tokens and US dollars (None: unknown) up to record `n`."""

    n: int = -1
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0


class Spending:
    """What policy calls took, added up call by call."""

    def __init__(self) -> None:
        self._spent = [Spent()]

    def take(self, record: Record) -> None:
        """Take the next record."""
        event = record.event
        if isinstance(event, ExpansionReplied) and event.by == "policy":
            before, usage = self._spent[-1], event.usage
            tokens = before.tokens + usage.prompt_tokens + usage.completion_tokens
            cost = summed(before.cost_usd, usage.cost_usd)
            self._spent.append(Spent(record.n, before.calls + 1, tokens, cost))

    def at(self, n: int) -> Spent:
        """What had been spent by record `n`."""
        return self._spent[max(0, bisect_right(self._spent, n, key=lambda spent: spent.n) - 1)]
