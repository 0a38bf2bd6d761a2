"""Every value that each variable of a line has had."""

from __future__ import annotations

from bisect import bisect_right

import msgspec

from recode_core.debugger.variables import changed_by
from recode_core.events import StatementFinished
from recode_core.log import Record
from recode_core.values import Variable


class Binding(msgspec.Struct, frozen=True, gc=False):
    """A variable as record `n` left it; None where it was deleted."""

    n: int
    variable: Variable | None


class Bindings(dict[str, list[Binding]]):
    """The values of every variable, by name, in order of the first binding."""

    def take(self, record: Record) -> None:
        """Take the next record."""
        for variable in changed_by(record):
            self.setdefault(variable.name, []).append(Binding(record.n, variable))
        if isinstance(record.event, StatementFinished):
            for name in record.event.deleted:
                self.setdefault(name, []).append(Binding(record.n, None))

    def at(self, n: int) -> list[Binding]:
        """The variables that there were after record `n`, each with the record that bound it last."""
        found = []
        for past in self.values():
            at = bisect_right(past, n, key=lambda binding: binding.n)
            if at and past[at - 1].variable is not None:
                found.append(past[at - 1])
        return found
