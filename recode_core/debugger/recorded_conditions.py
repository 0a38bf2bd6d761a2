"""Conditions evaluated on the recorded values of their variables, without executing any code again.

A replay that reaches every stop of a long run takes a hundred times as long as the move over them. Most
conditions use a few variables with plain values (texts, numbers, lists and so on), and the recording shows
those whole. Then the condition is evaluated with these values, once for each combination of them: comparisons
right here, anything else in a sandbox that is otherwise empty.

It is evaluated only where the recorded values are certainly those of the sandbox. Elsewhere the result is
None, and the caller replays: a value is shortened or not plain, a name is unknown, the identity of objects
matters, a statement has failed on the way (what it changed before is not recorded), or the run is in the
middle of a statement that may have changed something.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from types import CodeType, SimpleNamespace
from typing import Any, NamedTuple

from recode_core import syntax
from recode_core.debugger.conditions import (
    FIELDS,
    PLAIN,
    event_fields,
    holds_during_replay,
    parse_condition,
    stored_names,
)
from recode_core.events import Event
from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.statements.names import BUILTINS, TOOLS
from recode_core.timeline import Stop, Timeline
from recode_core.values import Variable

ConditionResult = bool | EvaluationFailed

_UNSAFE = TOOLS | {"id", "vars", "locals", "globals", "dir", "eval", "exec"}
_FUNCTIONS = {"__builtins__": {}, "len": len}
_COMPARING = (
    *(ast.Expression, ast.BoolOp, ast.boolop, ast.Compare, ast.cmpop, ast.UnaryOp, ast.Not, ast.USub),
    *(ast.Constant, ast.Name, ast.Load, ast.Subscript, ast.List, ast.Tuple, ast.Set),
)
_Values = tuple[Variable | None, ...]


class RecordedCondition:
    """A condition on one timeline. `scratch` is a sandbox without variables."""

    def __init__(self, expression: str, timeline: Timeline, scratch: Callable[[], Interpreter]) -> None:
        self._expression = expression
        self._timeline = timeline
        self._scratch = scratch
        self._results: dict[object, ConditionResult] = {}
        tree = parse_condition(expression)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self._stored = stored_names(tree)
        self._names = tuple(sorted(used - self._stored - FIELDS.keys()))
        self._facts = _facts_in(tree)
        is_alone = len(self._facts) < sum(isinstance(n, ast.Name) and n.id in FIELDS for n in ast.walk(tree))
        self._comparison = _comparison(tree)
        has_functions = any(isinstance(node, ast.Lambda) for node in ast.walk(tree))
        self.is_usable = not (used & _UNSAFE or is_alone or has_functions or _compares_identity(tree))

    def result_at(self, stop: Stop, event: Event) -> ConditionResult | None:
        """The result at a stop that `event` led to; None if only a replay can tell it."""
        if not (self.is_usable and self._is_certain(stop)):
            return None
        values = self._values_at(stop.n)
        if values is None:
            return None
        facts = self._facts_at(stop.n, event)
        key = values, repr(facts)
        if key not in self._results:
            literals = self._literals(values)
            if literals is None:
                return None
            self._results[key] = self._evaluate(literals, event, facts)
        return self._results[key]

    def _evaluate(
        self, literals: dict[str, _Literal], event: Event, facts: dict[str, dict[str, Any]]
    ) -> ConditionResult:
        if self._comparison is not None:
            names = {name: literal.value for name, literal in literals.items()}
            names |= {owner: SimpleNamespace(**fields) for owner, fields in facts.items()}
            with suppress(Exception):  # the sandbox has its own words for what is wrong
                return bool(eval(self._comparison, dict(_FUNCTIONS), names))
        tree = _Filling(literals).visit(parse_condition(self._expression))
        try:
            return holds_during_replay(ast.unparse(tree), self._scratch(), event, facts["episode"])
        except EvaluationFailed as error:
            return error

    def _is_certain(self, stop: Stop) -> bool:
        """Whether the variables at a stop are those of the last finished statement."""
        failures = self._timeline.failures
        if failures and failures[0] <= stop.n:
            return False
        if stop.kind == "action":
            return _only_acts(self._timeline.text_at(stop))
        return stop.kind in ("statement", "model")

    def _values_at(self, n: int) -> _Values | None:
        """The values of the names, None in place of a builtin; None if they are not all recorded whole."""
        variables = self._timeline.variables
        values: list[Variable | None] = []
        for name in self._names:
            binding = variables.last(name, n)
            variable = binding.variable if binding is not None else None
            if variable is None:
                if binding is not None or name not in BUILTINS:
                    return None
            elif variable.length is not None or variable.type not in PLAIN:
                return None
            values.append(variable)
        if any(variables.last(name, n) is not None for name in self._stored):
            return None
        return tuple(values)

    def _facts_at(self, n: int, event: Event) -> dict[str, dict[str, Any]]:
        """The facts about the event and the run that the condition uses."""
        owners = {owner for owner, _ in self._facts}
        known = {
            "event": event_fields(event) if "event" in owners else {},
            "episode": self._timeline.at(n).facts() if "episode" in owners else {},
        }
        used: dict[str, dict[str, Any]] = {"event": {}, "episode": {}}
        for owner, field in self._facts:
            used[owner][field] = known[owner].get(field)
        return used

    def _literals(self, values: _Values) -> dict[str, _Literal] | None:
        """The values by name; None if one of them is no literal."""
        literals = {}
        for name, variable in zip(self._names, values, strict=True):
            if variable is not None:
                literal = _literal(variable.type, variable.value)
                if literal is None:
                    return None
                literals[name] = literal
        return literals


class _Literal(NamedTuple):
    """A value, and the expression that gives it."""

    value: object
    tree: ast.expr


class _Filling(ast.NodeTransformer):
    """Replaces names by literals."""

    def __init__(self, literals: dict[str, _Literal]) -> None:
        self._literals = literals

    def visit_Name(self, node: ast.Name) -> ast.AST:  # the name is the visitor's protocol
        return self._literals[node.id].tree if node.id in self._literals else node


def _comparison(tree: ast.Expression) -> CodeType | None:
    """The code of a condition that only compares: it can neither take long nor change anything."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[_], keywords=[]):
                continue
            case ast.Attribute(value=ast.Name(id=owner)) if owner in FIELDS:
                continue
            case ast.Call() | ast.Attribute():
                return None
        if not isinstance(node, _COMPARING):
            return None
    return compile(tree, "<condition>", "eval")


def _facts_in(tree: ast.AST) -> list[tuple[str, str]]:
    """The uses of `event.x` and `episode.x`."""
    return [
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in FIELDS
    ]


def _compares_identity(tree: ast.AST) -> bool:
    """Whether `is` compares anything but with None, True or False."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(None | True | False)]):
                continue
            case ast.Compare(ops=ops) if any(isinstance(each, ast.Is | ast.IsNot) for each in ops):
                return True
    return False


@lru_cache(maxsize=1024)
def _literal(type_name: str, value: str) -> _Literal | None:
    """The value with a `repr`; None if evaluating that does not give the value back."""
    try:
        found = syntax.literal(value)
    except ValueError:
        return None
    tree = syntax.parse(value, "eval").body
    has_gap = any(isinstance(part, ast.Constant) and part.value is ... for part in ast.walk(tree))
    return None if has_gap or type(found).__name__ != type_name else _Literal(found, tree)


@lru_cache(maxsize=4096)
def _only_acts(text: str) -> bool:
    """Whether a statement is one call of `run` with a text, whose result at most is assigned."""
    try:
        body = syntax.parse(text).body
    except (ValueError, SyntaxError, RecursionError):
        return False
    match body:
        case [ast.Expr(value=call) | ast.Assign(targets=[ast.Name()], value=call)]:
            pass
        case _:
            return False
    match call:
        case ast.Call(func=ast.Name(id="run"), args=[argument], keywords=[]):
            return not any(isinstance(part, ast.Call | ast.NamedExpr) for part in ast.walk(argument))
    return False
