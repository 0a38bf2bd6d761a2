"""The variables of a stop, as the log shows them: a fold, shortened where the log is."""

from __future__ import annotations

from recode_core.debugger.rests import Line
from recode_core.events import (
    ConditionEvaluated,
    ExpansionRequested,
    PassStarted,
    StatementFinished,
    VariableSet,
    WorldReset,
)
from recode_core.log import Record
from recode_core.values import SHOWN_LIMIT, Variable


def variables_at(line: Line, n: int) -> dict[str, Variable]:
    """Name, type and value of every variable after record `n`, in order of their first binding."""
    found: dict[str, Variable] = {}
    for record in line.up_to(n):
        found.update((variable.name, variable) for variable in changed_by(record))
        if isinstance(record.event, StatementFinished):
            for name in record.event.deleted:
                found.pop(name, None)
    return found


def changed_by(record: Record) -> tuple[Variable, ...]:
    """The variables that a record says were bound or changed."""
    match record.event:
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


def _shown(name: str, text: str) -> Variable:
    if len(text) <= SHOWN_LIMIT:
        return Variable(name, "str", repr(text))
    return Variable(name, "str", repr(text[:SHOWN_LIMIT]), len(text))
