"""Conditions: expressions over the variables of a stop, its record (`event.x`) and the run (`episode.x`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from recode_core.events import ActionFinished, EpisodeFinished, ExpansionReplied
from recode_core.interpreter import EvaluationFailed, Finished, Interpreter, Raised
from recode_core.log import Record
from recode_core.statements.expressions import parse_expression
from recode_core.statements.names import TOOLS, bound_names, may_mutate
from recode_core.values import Variable, summed

_PLAIN = frozenset(("str", "int", "float", "bool", "NoneType", "list", "tuple", "dict", "set", "frozenset"))
_EPISODE = ("score", "steps", "calls", "tokens", "cost_usd", "outcome", "solved")


def evaluate(expression: str, interpreter: Interpreter, event: Any, episode: dict[str, Any]) -> str:
    """The value of an expression as its `repr`, on a copy of the interpreter.

    Raises NotAnExpression, EvaluationFailed.
    """
    return interpreter.evaluate(_filled(expression, event, episode)).value


def holds(expression: str, interpreter: Interpreter, event: Any, episode: dict[str, Any]) -> bool:
    """Whether an expression is true. Raises EvaluationFailed."""
    return evaluate(f"bool({expression})", interpreter, event, episode) == "True"


def holds_in_passing(expression: str, interpreter: Interpreter, event: Any, episode: dict[str, Any]) -> bool:
    """As `holds`, in an interpreter that only repeats a recording: on a copy only where looking could show.

    A copy takes as long as the namespace is large, which is too long for every stop of a long line.
    """
    if interpreter.suspended or interpreter.deleted or not _is_quiet(expression, interpreter.shown):
        return holds(expression, interpreter, event, episode)
    turn = interpreter.feed(f"not not (\n{_filled(expression, event, episode)}\n)")
    if isinstance(turn, Finished):
        return bool(turn.output)
    raise EvaluationFailed(turn.message if isinstance(turn, Raised) else f"{expression!r} would act")


def _filled(expression: str, event: Any, episode: dict[str, Any]) -> str:
    """An expression with values in the place of `event.x` and `episode.x`."""
    facts = {"event": _fields(event), "episode": episode}
    return ast.unparse(_Facts(facts).visit(parse_expression(expression)))


def _is_quiet(expression: str, shown: Mapping[str, Variable]) -> bool:
    """Whether evaluating leaves no trace: no name bound, nothing changed, no action, no iterator moved on."""
    tree = parse_expression(expression)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    is_plain = all(name not in shown or shown[name].type in _PLAIN for name in names)
    return is_plain and not names & TOOLS and not may_mutate(tree) and not any(bound_names(tree))


def no_facts() -> dict[str, Any]:
    """What `episode.x` may name, before anything has happened."""
    return dict(zip(_EPISODE, (0.0, 0, 0, 0, 0.0, None, False), strict=True))


def episode_facts(records: Iterable[Record]) -> dict[str, Any]:
    """What `episode.x` may name, after these records."""
    facts = no_facts()
    for record in records:
        count(facts, record)
    return facts


def count(facts: dict[str, Any], record: Record) -> None:
    """Take the next record into account."""
    match record.event:
        case ActionFinished(observation=observation):
            facts["score"] = observation.score
            facts["steps"] += 1
        case ExpansionReplied(usage=usage, by="policy"):
            facts["calls"] += 1
            facts["tokens"] += usage.prompt_tokens + usage.completion_tokens
            facts["cost_usd"] = summed(facts["cost_usd"], usage.cost_usd)
        case EpisodeFinished(outcome=outcome, score=score):
            facts |= {"outcome": outcome, "score": score, "solved": outcome == "solved"}


def matches(pattern: str, text: str) -> bool:
    """Whether a glob (`*` and `?`), or a `/regular expression/`, fits a text; the glob fits it whole."""
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return re.search(pattern[1:-1], text) is not None
    glob = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(glob, text, re.S) is not None


def _fields(event: Any) -> dict[str, Any]:
    if event is None:
        return {}
    fields: dict[str, Any] = msgspec.to_builtins(event)
    observation = fields.get("observation")
    return {**fields, **observation} if isinstance(observation, dict) else fields


class _Facts(ast.NodeTransformer):
    """Puts values in the place of `event.x` and `episode.x`."""

    def __init__(self, facts: dict[str, dict[str, Any]]) -> None:
        self._facts = facts

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # the name is the visitor's protocol
        match node.value:
            case ast.Name(id=name) if name in self._facts:
                value = self._facts[name].get(node.attr)
                return ast.copy_location(ast.parse(repr(value), mode="eval").body, node)
        return self.generic_visit(node)
