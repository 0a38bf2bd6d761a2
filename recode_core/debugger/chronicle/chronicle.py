"""The chronicle: a line of records with an index for everything that is shown of it."""

from __future__ import annotations

from collections.abc import Iterable

from recode_core.debugger.chronicle.bindings import Bindings
from recode_core.debugger.chronicle.codes import Code, Codes, latest
from recode_core.debugger.chronicle.plan import Plan
from recode_core.debugger.chronicle.spending import Spending
from recode_core.debugger.chronicle.trace import Trace
from recode_core.debugger.rests import Line, Rest
from recode_core.events import (
    CallFailed,
    LimitReached,
    StatementFailed,
    WorldFailed,
)
from recode_core.log import Record


class Chronicle(Line):
    """A line that answers for any record `n` what was to be seen then, without going through it again."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.plan = Plan()
        self.codes = Codes()
        self.trace = Trace()
        self.bindings = Bindings()
        self.spending = Spending()
        self.faults: list[int] = []
        super().__init__(records, self.plan)

    def add(self, record: Record) -> None:
        super().add(record)
        self.codes.take(record)
        self.trace.take(record)
        self.bindings.take(record)
        self.spending.take(record)
        if isinstance(record.event, StatementFailed | CallFailed | WorldFailed | LimitReached):
            self.faults.append(record.n)

    def rest_before(self, n: int) -> Rest:
        """The stop before the one at record `n`."""
        return self.rests[max(0, self.rest_at(n) - 1)]

    def call_shown(self, node: str, n: int) -> str:
        """The placeholder whose code a look at `node` shows: itself once it has code, else the one around."""
        expansions = self.codes.get(node)
        if expansions is not None and (latest(expansions.codes, n) or not self.plan.nodes[node].parent):
            return node
        return self.plan.call_of(node) if node in self.plan.nodes else ""

    def code(self, call: str, n: int) -> Code | None:
        """The code of a placeholder at record `n`; what it is to become, where that lies ahead."""
        expansions = self.codes.get(call)
        if expansions is None or not expansions.codes:
            return None
        return latest(expansions.codes, n) or expansions.codes[0]

    def refusals(self, call: str, n: int) -> int:
        """How many replies to a placeholder had been refused by record `n`."""
        expansions = self.codes.get(call)
        return 0 if expansions is None else sum(refused.n <= n for refused in expansions.refused)

    def actions(self, node: str, n: int) -> int:
        """How many actions a node and all below it had taken by record `n`."""
        spell = self.plan.spell(node, n)
        return 0 if spell is None else self.trace.between(*spell)

    def first_act(self, node: str) -> int | None:
        """Which act was the first of a node and all below it; None where it has none."""
        began = self.plan.first(node) if node in self.plan.nodes else None
        row = len(self.trace.acts) if began is None else self.trace.until(began)
        place = self.trace.acts[row].place if row < len(self.trace.acts) else None
        return row if place is not None and is_within(place.node, node) else None


def is_within(node: str, above: str) -> bool:
    """Whether a node is another one or below it."""
    return node.startswith(above) and (len(node) == len(above) or node[len(above)] in ".@#")
