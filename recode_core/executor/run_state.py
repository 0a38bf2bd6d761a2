"""The states of a run between two steps of its executor. Each describes the next step."""

from __future__ import annotations

from dataclasses import dataclass

from recode_core.events import Failure, Origin, Outcome, Place
from recode_core.policies.policy import Request
from recode_core.values import Span


@dataclass(frozen=True, slots=True)
class AtStart:
    """Before the reset of the world."""


@dataclass(frozen=True, slots=True)
class AtStatement:
    """Before a statement; nothing of it has run."""

    place: Place


@dataclass(frozen=True, slots=True)
class AtModel:
    """Before a policy call."""

    place: Place
    request: Request


@dataclass(frozen=True, slots=True)
class AtAction:
    """Before an action; its call at `span` is suspended.

    If the call is in a function of an earlier turn, `origin` is its position there and `span` is the
    statement that called the function.
    """

    place: Place
    action: str
    span: Span
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class AtFailure:
    """After a failure; the next step repairs it."""

    place: Place
    failure: Failure


@dataclass(frozen=True, slots=True)
class AtLimit:
    """A limit was reached before the step `before`; the next step ends the run if it is not raised."""

    name: str
    value: float
    limit: float
    before: AtStatement | AtModel | AtAction


@dataclass(frozen=True, slots=True)
class AtEnd:
    """The run is over."""

    outcome: Outcome
    detail: str = ""


RunState = AtStart | AtStatement | AtModel | AtAction | AtFailure | AtLimit | AtEnd
