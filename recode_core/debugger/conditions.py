"""Conditions: expressions over the variables at a stop, its record (`event.x`) and the run (`episode.x`)."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, get_args

import msgspec

from recode_core import syntax
from recode_core.events import ANNOTATIONS, Event
from recode_core.interpreter import EvaluationFailed, Finished, Interpreter, Raised
from recode_core.statements.expressions import NotAnExpression, parse_expression
from recode_core.statements.names import BUILTINS, TOOLS, bound_names, may_mutate
from recode_core.statements.rewrites import rewritten_expression
from recode_core.suggest import unknown_name
from recode_core.values import SHOWN_LIMIT, Observation, Variable

PLAIN = frozenset(("str", "int", "float", "bool", "NoneType", "list", "tuple", "dict", "set", "frozenset"))
"""The types of values that reading does not change."""
_EPISODE = ("score", "steps", "calls", "tokens", "cost_usd", "outcome", "solved")
_EVENT = sorted(
    {name for kind in get_args(Event) if kind not in ANNOTATIONS for name in kind.__struct_fields__}
    | {"type", *Observation.__struct_fields__}
)
FIELDS: dict[str, Sequence[str]] = {"event": _EVENT, "episode": _EPISODE}
"""The fields of the record and of the run that a condition can use."""


def parse_condition(text: str) -> ast.Expression:
    """Parse an expression that may use `event.x` and `episode.x`.

    Raises NotAnExpression, also for an unknown field of `event` or `episode`.
    """
    tree = parse_expression(text)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=field) if field not in FIELDS.get(owner, field):
                raise unknown_name(NotAnExpression, f"field of {owner}", field, FIELDS[owner])
    return tree


def evaluate(
    expression: str,
    interpreter: Interpreter,
    event: Event | None,
    episode: dict[str, Any],
    limit: int = SHOWN_LIMIT,
) -> str:
    """Evaluate an expression to its `repr`, up to `limit` characters, on a copy of the interpreter.

    Raises NotAnExpression, EvaluationFailed.
    """
    return interpreter.evaluate(_filled(expression, interpreter, event, episode), limit).value


def holds(expression: str, interpreter: Interpreter, event: Event | None, episode: dict[str, Any]) -> bool:
    """Whether an expression is true. Raises NotAnExpression, EvaluationFailed."""
    return evaluate(f"bool({expression}\n)", interpreter, event, episode) == "True"


def holds_during_replay(
    expression: str, interpreter: Interpreter, event: Event | None, episode: dict[str, Any]
) -> bool:
    """Like `holds`, for the sandbox of a replay: copies it only if the expression may have side effects.

    The cost of a copy grows with the namespace, which is too slow for every stop of a long line. Use
    `holds` for the sandbox of the live run, in which nothing may be evaluated.
    """
    if interpreter.suspended or interpreter.deleted or not _is_pure(expression, interpreter.shown):
        return holds(expression, interpreter, event, episode)
    definitions, text = rewritten_expression(
        _filled(expression, interpreter, event, episode), interpreter.shown.keys()
    )
    result = interpreter.feed(f"{definitions}not not (\n{text}\n)")
    if isinstance(result, Finished):
        return bool(result.output)
    if isinstance(result, Raised):
        raise EvaluationFailed(result.message, result.type)
    raise EvaluationFailed(f"{expression!r} would take an action")


def undefined(expression: str, known: Iterable[str]) -> list[str]:
    """The undefined names in an expression; `known` are the variables."""
    tree = parse_condition(expression)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    own = {part.arg for part in ast.walk(tree) if isinstance(part, ast.arg)}
    return sorted(names - {*known, *stored_names(tree), *own, *FIELDS} - BUILTINS - TOOLS)


def _filled(expression: str, interpreter: Interpreter, event: Event | None, episode: dict[str, Any]) -> str:
    """Replace `event.x`, `episode.x` and the bare names by their values."""
    tree = parse_condition(expression)
    facts = {"event": event_fields(event), "episode": episode}
    variables = {*interpreter.shown, *stored_names(tree)}
    return ast.unparse(_Facts(facts, facts.keys() - variables).visit(tree))


def stored_names(tree: ast.AST) -> set[str]:
    """The names that an expression binds, including those of comprehensions."""
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def _is_pure(expression: str, shown: Mapping[str, Variable]) -> bool:
    """Whether evaluation has no side effects: it binds, changes and consumes nothing and takes no action."""
    tree = parse_expression(expression)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    is_plain = all(name not in shown or shown[name].type in PLAIN for name in names)
    return is_plain and not names & TOOLS and not may_mutate(tree) and not any(bound_names(tree))


def event_fields(event: Event | None) -> dict[str, Any]:
    """Every field of an event, including those of its observation."""
    if event is None:
        return {}
    fields: dict[str, Any] = {"type": event.__struct_config__.tag, **msgspec.structs.asdict(event)}
    if isinstance(fields.get("observation"), Observation):
        fields |= msgspec.structs.asdict(fields["observation"])
    return {name: msgspec.to_builtins(value) for name, value in fields.items()}


class _Facts(ast.NodeTransformer):
    """Replaces `event.x` and `episode.x` by their values, and the bare names in `alone`."""

    def __init__(self, facts: dict[str, dict[str, Any]], alone: Set[str]) -> None:
        self._facts = facts
        self._alone = alone

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # the name is the visitor's protocol
        match node.value:
            case ast.Name(id=name) if name in self._facts:
                return _literal(self._facts[name].get(node.attr))
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return _literal(self._facts[node.id]) if node.id in self._alone else node


def _literal(value: Any) -> ast.expr:
    return syntax.parse(repr(value), "eval").body
