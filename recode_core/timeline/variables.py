"""The history of each variable of a line, with the values recorded in the log."""

from __future__ import annotations

import msgspec

from recode_core.events import (
    ConditionEvaluated,
    Event,
    ExpansionRequested,
    PassStarted,
    Place,
    StatementFinished,
    VariableSet,
    WorldReset,
)
from recode_core.timeline.history import count, latest
from recode_core.values import SHOWN_LIMIT, Variable


class Binding(msgspec.Struct, frozen=True, gc=False):
    """The value of a variable from record `n` on; `variable` is None if it was deleted.

    `since` is the record that first bound the name, or first after a deletion. `place` is None if the
    world's reset bound it.
    """

    n: int
    since: int
    place: Place | None
    variable: Variable | None


class VariableIndex:
    """The history of every variable, by name, in the order of their first binding."""

    def __init__(self) -> None:
        self.bindings: dict[str, list[Binding]] = {}

    def history(self, name: str, n: int) -> list[Binding]:
        """Every change of a variable up to record `n`."""
        past = self.bindings.get(name, [])
        return past[: count(past, n)]

    def last(self, name: str, n: int) -> Binding | None:
        """The last change of a variable up to record `n`."""
        return latest(self.bindings.get(name, []), n)

    def at(self, n: int) -> list[Binding]:
        """The variables after record `n`, in the order of their first binding."""
        found = [latest(past, n) for past in tuple(self.bindings.values())]
        return sorted((each for each in found if each is not None and each.variable is not None), key=_since)

    def bound(self, n: int, place: Place | None, variables: tuple[Variable, ...]) -> None:
        """Add new values of variables."""
        for variable in variables:
            past = self.bindings.setdefault(variable.name, [])
            since = past[-1].since if past and past[-1].variable is not None else n
            past.append(Binding(n, since, place, variable))

    def deleted(self, n: int, place: Place, names: tuple[str, ...]) -> None:
        """Add deletions of variables."""
        for name in names:
            self.bindings.setdefault(name, []).append(Binding(n, n, place, None))

    def copy(self) -> VariableIndex:
        """An independent copy."""
        made = VariableIndex()
        made.bindings = {name: [*past] for name, past in self.bindings.items()}
        return made


def changed_by(event: Event) -> tuple[Variable, ...]:
    """The variables that an event bound or changed."""
    match event:
        case WorldReset(instruction=instruction, observation=observation):
            return (_shown("instruction", instruction), _shown("observation", observation.text))
        case (
            StatementFinished(changed=changed)
            | PassStarted(changed=changed)
            | ConditionEvaluated(changed=changed)
            | VariableSet(changed=changed)
            | ExpansionRequested(bound=changed)
        ):
            return changed
    return ()


def _since(binding: Binding) -> int:
    return binding.since


def _shown(name: str, text: str) -> Variable:
    if len(text) <= SHOWN_LIMIT:
        return Variable(name, "str", repr(text))
    return Variable(name, "str", repr(text[:SHOWN_LIMIT]), len(text))
