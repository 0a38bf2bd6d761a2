"""What a session was fed, so that it can be fed again: after a crash, and on a copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pydantic_monty as monty

from recode_core.errors import SandboxUnavailable
from recode_core.interpreter import _monty
from recode_core.interpreter.budget import Budget, OverBudget, Reached, advance

FEED_ERRORS = (monty.MontyError, OverBudget, ValueError, TypeError, OverflowError)
"""What a feed can end with. The last three come of values that can't be converted."""


@dataclass(slots=True)
class Feed:
    """A piece of code with its inputs, and how its calls were answered.

    `pending_inputs` are those of the inputs that were waiting for any feed; `error` is the type of the
    exception that ended it.
    """

    code: str
    inputs: dict[str, Any]
    pending_inputs: dict[str, Any]
    answers: list[monty.ExternalResult] = field(default_factory=list)
    error: str = ""


def repeat(
    session: monty.MontySession, feed: Feed, budget: Budget, output: monty.CollectString | None = None
) -> Reached:
    """Feed again, with the answers of the first time, and raise what that raises."""
    output = output or monty.CollectString()
    turn = advance(session.feed_start(feed.code, inputs=feed.inputs, print_callback=output), budget)
    for answer in feed.answers:
        if isinstance(turn, monty.MontyComplete):
            raise SandboxUnavailable("the sandbox was lost, and its code differs when it is rebuilt")
        budget.requests = 0
        turn = advance(turn.resume(answer), budget)
    if isinstance(turn, monty.MontyComplete):
        turn.output  # noqa: B018 (to convert it may fail, as it did the first time)
    return turn


def repeat_all(session: monty.MontySession, feeds: Iterable[Feed], seconds: float) -> None:
    """Feed again all that has ended. Raises SandboxUnavailable where it ends otherwise than before."""
    for feed in feeds:
        error, budget = "", Budget(seconds)
        budget.start()
        try:
            repeat(session, feed, budget)
        except FEED_ERRORS as raised:
            error = type(_monty.inner(raised)).__name__
        if error != feed.error:
            raise SandboxUnavailable(
                "the sandbox was lost and can't be rebuilt: a statement that ended with "
                f"{feed.error or 'success'} now ends with {error or 'success'}; open the session again"
            )
