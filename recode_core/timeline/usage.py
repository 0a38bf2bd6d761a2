"""Policy usage of a line after any record, in total and for each node with its descendants."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from recode_core.timeline.history import latest
from recode_core.values import Usage, summed


class UsageTotal(msgspec.Struct, frozen=True, gc=False):
    """Calls, tokens and US dollars (None if unknown) up to record `n`."""

    n: int = -1
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0

    def plus(self, n: int, calls: int, usage: Usage) -> UsageTotal:
        """The total after another call."""
        tokens = self.tokens + usage.prompt_tokens + usage.completion_tokens
        return UsageTotal(n, self.calls + calls, tokens, summed(self.cost_usd, usage.cost_usd))


NOTHING = UsageTotal()


class UsageIndex:
    """Cumulative usage of policy calls. A failed call is counted at the stop of the run."""

    def __init__(self) -> None:
        self._totals: list[UsageTotal] = []
        self._by_node: dict[str, list[UsageTotal]] = {}

    def at(self, n: int) -> UsageTotal:
        """The usage up to record `n`."""
        return latest(self._totals, n) or NOTHING

    def of_node(self, node: str, n: int) -> UsageTotal:
        """The usage of a node and its descendants up to record `n`."""
        return latest(self._by_node.get(node, ()), n) or NOTHING

    def add(self, n: int, lineage: Iterable[str], calls: int, usage: Usage) -> None:
        """Add a call for the first node of `lineage`; each node is followed by its parent."""
        _append(self._totals, n, calls, usage)
        for node in lineage:
            _append(self._by_node.setdefault(node, []), n, calls, usage)

    def copy(self) -> UsageIndex:
        """An independent copy."""
        made = UsageIndex()
        made._totals = [*self._totals]
        made._by_node = {node: [*totals] for node, totals in self._by_node.items()}
        return made


def _append(totals: list[UsageTotal], n: int, calls: int, usage: Usage) -> None:
    totals.append((totals[-1] if totals else NOTHING).plus(n, calls, usage))
