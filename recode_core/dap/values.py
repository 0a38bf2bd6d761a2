"""Scopes and variables, with references to their children that are valid until the run moves on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from recode_core import syntax
from recode_core.dap import messages
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.format import dollars
from recode_core.statuses import outcome_text
from recode_core.timeline import Moment
from recode_core.values import Variable

VALUE_LIMIT = 100_000
"""Maximum length of a value that the client asked for, in characters."""

Children = Callable[[], list[messages.ShownVariable]]

_CONTAINERS = ("list", "tuple", "dict", "set", "frozenset")
_READ_ONLY = {"attributes": ["readOnly"]}
VARIABLES = "Variables"
"""The name of the scope whose variables can be set and watched."""


class References:
    """Numbers for lists of variables. They start again from 1 at each stop, so a client sends no old one."""

    def __init__(self) -> None:
        self._children: dict[int, Children] = {}
        self.variables = 0

    def clear(self) -> None:
        """Make all references invalid."""
        self._children.clear()
        self.variables = 0

    def add(self, children: Children) -> int:
        """A reference to a list of variables, which is made when it is first requested."""
        number = len(self._children) + 1
        self._children[number] = children
        return number

    def children(self, reference: int) -> list[messages.ShownVariable]:
        """The variables of a reference. Raises RecodeError if it is not valid any more."""
        if reference not in self._children:
            raise RecodeError("the run has moved on since: request the scopes again")
        return self._children[reference]()

    # values

    def value(self, name: str, text: str, type: str = "", evaluate: str = "") -> messages.ShownVariable:
        """A value given by its `repr`. If that is a literal, its items are its children."""
        try:
            parsed = syntax.literal(text)
        except ValueError:
            return messages.ShownVariable(name, text, 0, type or None, evaluate or None)
        return self._literal(name, parsed, text, type, evaluate)

    def recorded(self, variable: Variable, debugger: Debugger) -> messages.ShownVariable:
        """A variable as recorded. The items of a shortened value are evaluated when they are requested."""
        if variable.length is None:
            return self.value(variable.name, variable.value, variable.type, variable.name)
        text = f"{variable.value}… ({variable.length:,})"
        if variable.type not in (*_CONTAINERS, "str"):
            return messages.ShownVariable(variable.name, text, 0, variable.type, variable.name)

        def whole() -> list[messages.ShownVariable]:
            found = debugger.evaluate(variable.name, VALUE_LIMIT)
            value = self.value("value", found, variable.type, variable.name)
            return self.children(value.variables_reference) if value.variables_reference else [value]

        return messages.ShownVariable(variable.name, text, self.add(whole), variable.type, variable.name)

    def _literal(self, name: str, value: Any, text: str, type: str, evaluate: str) -> messages.ShownVariable:
        type = type or value.__class__.__name__
        items = list(_items(value, evaluate))
        if not items:
            return messages.ShownVariable(name, text, 0, type, evaluate or None)

        def children() -> list[messages.ShownVariable]:
            return [self._literal(key, item, repr(item), "", path) for key, item, path in items]

        named = isinstance(value, Mapping)
        return messages.ShownVariable(
            name,
            text,
            self.add(children),
            type,
            evaluate or None,
            indexed_variables=None if named else len(items),
            named_variables=len(items) if named else None,
        )


def _items(value: Any, path: str) -> Iterator[tuple[str, Any, str]]:
    """The name, the value and the expression of each item of a container."""
    match value:
        case dict():
            for key, item in value.items():
                yield repr(key), item, f"{path}[{key!r}]" if path else ""
        case list() | tuple():
            for index, item in enumerate(value):
                yield str(index), item, f"{path}[{index}]" if path else ""
        case set() | frozenset():
            for index, item in enumerate(sorted(value, key=repr)):
                yield str(index), item, ""


# scopes


def scopes(debugger: Debugger, references: References) -> list[messages.Scope]:
    """The scopes at the cursor. All frames have the same ones, since a run has one namespace."""
    references.variables = references.add(lambda: _variables(debugger, references))
    return [
        messages.Scope(VARIABLES, references.variables, False, "locals"),
        messages.Scope("Watches", references.add(lambda: _watches(debugger, references)), True),
        messages.Scope("Episode", references.add(lambda: _episode(debugger.moment, references)), False),
        messages.Scope("Environment", references.add(lambda: _environment(debugger.moment)), False),
    ]


def _variables(debugger: Debugger, references: References) -> list[messages.ShownVariable]:
    return [references.recorded(variable, debugger) for variable in debugger.variables().values()]


def _watches(debugger: Debugger, references: References) -> list[messages.ShownVariable]:
    return [
        _fixed(expression, str(value))
        if isinstance(value, RecodeError)
        else references.value(expression, value, evaluate=expression)
        for expression, value in debugger.watched().items()
    ]


def _episode(moment: Moment, references: References) -> list[messages.ShownVariable]:
    usage, limit = moment.usage, moment.limit
    facts = {
        "branch": moment.timeline.branch,
        "record": str(moment.n),
        "outcome": outcome_text(moment.outcome, limit.name if limit is not None else None),
        "score": f"{moment.score:g}",
        "steps": str(moment.steps),
        "calls": str(usage.calls),
        "tokens": str(usage.tokens),
        "cost": dollars(usage.cost_usd),
        "depth": str(moment.stop.depth),
    }
    return [_fixed(name, text) for name, text in facts.items()]


def _environment(moment: Moment) -> list[messages.ShownVariable]:
    actions = moment.timeline.actions
    taken = actions.until(moment.n)
    found = [_fixed("instruction", moment.instruction)]
    if taken:
        last = actions.actions[taken - 1]
        found += [_fixed("last action", last.action)] if last.action else []
        found.append(_fixed("observation", last.observation.text))
    reached = actions.reached_at(moment.n)
    if moment.stop.kind == "action" and reached is not None:
        found.append(_fixed("next action", reached.action))
    return found


def _fixed(name: str, text: str) -> messages.ShownVariable:
    return messages.ShownVariable(name, text, 0, presentation_hint=_READ_ONLY)
