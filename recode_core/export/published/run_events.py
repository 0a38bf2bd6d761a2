"""The events of an imported run, derived from its tree.

The file has no prompts, replies, variables, actions or first observation, so the events have none either.
Everything that a statement printed, including observations, becomes printed text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Literal

from recode_core import syntax
from recode_core.events import (
    Child,
    EpisodeFinished,
    Event,
    ExpansionAccepted,
    ExpansionReplied,
    ExpansionRequested,
    Failure,
    LimitReached,
    Outcome,
    Place,
    Printed,
    StatementFailed,
    StatementFinished,
    StatementReached,
)
from recode_core.executor.limits import ENVIRONMENT_STEPS
from recode_core.export.published.results import PlanNode, PublishedPlan, PublishedRun
from recode_core.timeline.nodes import Kind
from recode_core.values import Span, Usage, clean

_FULL_REWARD = {"sciworld": 100.0}
"""The reward of a solved task, for environments in which it is not 1."""

_STUCK = "a placeholder was left without code, and the file does not say why"
_STEP_LIMIT = re.compile(r"Step limit of (\d+) exceeded")
_TIME_LIMIT = re.compile(r"Timeout after (\d+)s")


def events_of(plan: PublishedPlan, instance: PublishedRun) -> Iterator[Event]:
    """The events in order of execution, depth first."""
    assert plan.root_id is not None
    children = plan.children()
    finished: set[str] = set()
    root = plan.nodes[plan.root_id]
    todo: list[tuple[Literal["enter", "leave"], str, Place]] = [
        ("enter", plan.root_id, Place("0", (), _span(1, _code(root))))
    ]
    while todo:
        step, key, place = todo.pop()
        node, below = plan.nodes[key], children[key]
        if step == "leave":
            if all(child in finished for child in below):
                finished.add(key)
                yield StatementFinished(place)
            continue
        yield from _node_events(node, place, [plan.nodes[child] for child in below])
        if node.status == "COMPLETED":
            finished.add(key)
        elif below or node.status == "SKIP":
            todo.append(("leave", key, place))
        spans = _spans([plan.nodes[child] for child in below])
        places = [Place(f"{place.node}.{at}", (), span) for at, span in enumerate(spans)]
        todo += reversed([("enter", child, its) for child, its in zip(below, places, strict=True)])
    stuck = any(node.status == "STUB" and not children[key] for key, node in plan.nodes.items())
    yield from _ending(plan, instance, stuck=stuck, is_through=plan.root_id in finished)


def _node_events(node: PlanNode, place: Place, below: list[PlanNode]) -> Iterator[Event]:
    if node.status == "PENDING" and not below:
        return
    yield StatementReached(place)
    if node.observations:
        yield Printed(place, clean("\n".join(node.observations)))
    if node.status == "ERROR":
        yield StatementFailed(place, _failure(clean(node.error or "")))
    elif node.status == "COMPLETED" and not below:
        yield StatementFinished(place)
    else:
        yield from _expansion(node, place, below)


def _expansion(node: PlanNode, place: Place, below: list[PlanNode]) -> Iterator[Event]:
    """The events of a placeholder and its expansion, if known. The cost of the call is unknown."""
    yield ExpansionRequested(place, 1, "first", _code(node), (), (), "", "")
    if not (below or node.thought or node.status == "SKIP"):
        return
    yield ExpansionReplied(place.node, "", Usage(cost_usd=None))
    if below or node.status == "SKIP":
        spans, code = _spans(below), "\n".join(map(_code, below))
        made = tuple(Child(span, _kind(child)) for span, child in zip(spans, below, strict=True))
        yield ExpansionAccepted(place.node, 1, clean(node.thought or ""), code, made)


def _ending(plan: PublishedPlan, instance: PublishedRun, *, stuck: bool, is_through: bool) -> Iterator[Event]:
    """The end of the run, if the file says whether it was solved."""
    if instance.success is None:
        return
    errors = [error for error in (instance.error, *(node.error for node in plan.nodes.values())) if error]
    reward = float(instance.success) if instance.reward is None else instance.reward
    score = reward / full_reward(plan.meta.env_name)
    detail = clean(errors[0]) if errors else ""
    limit = next((found for error in errors for found in _limit(error)), None)
    if instance.success:
        outcome: Outcome = "solved"
    elif limit is not None:
        yield limit
        outcome = "limit"
    elif errors or stuck:
        outcome, detail = "failed", detail or _STUCK
    else:
        outcome = "finished" if is_through else "done"
    yield EpisodeFinished(outcome, score, detail)


def full_reward(environment: str | None) -> float:
    """The reward of a solved task in an environment."""
    return _FULL_REWARD.get(environment or "", 1.0)


def _limit(error: str) -> Iterator[LimitReached]:
    if found := _STEP_LIMIT.search(error):
        yield LimitReached(ENVIRONMENT_STEPS, float(found[1]), float(found[1]))
    if found := _TIME_LIMIT.search(error):
        yield LimitReached("seconds", float(found[1]), float(found[1]))


def _failure(error: str) -> Failure:
    """Parse an error, in the form `Type: message` if it has one."""
    kind, _, message = error.partition(": ")
    return Failure(kind, message) if kind.isidentifier() else Failure("Error", error)


def _code(node: PlanNode) -> str:
    return clean(node.code.rstrip("\n"))


def _spans(nodes: list[PlanNode]) -> list[Span]:
    """The spans of statements in their joined code, one statement below the other."""
    spans, line = [], 1
    for node in nodes:
        spans.append(_span(line, _code(node)))
        line = spans[-1].end_line + 1
    return spans


def _span(line: int, code: str) -> Span:
    lines = code.split("\n")
    return Span(line, 0, line + len(lines) - 1, len(lines[-1]))


def _kind(node: PlanNode) -> Kind:
    if node.status in ("STUB", "SKIP"):
        return "placeholder"
    try:
        statements = syntax.parse(node.code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "code"
    return "control" if statements and isinstance(statements[0], ast.If | ast.For | ast.While) else "code"
