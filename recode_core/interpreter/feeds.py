"""Feeds of a session, kept to rebuild it after a crash or as a copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pydantic_monty as monty

from recode_core.errors import SandboxUnavailable
from recode_core.interpreter import _monty
from recode_core.interpreter.budget import Budget, OverBudget, Reached, advance

FEED_ERRORS = (monty.MontyError, OverBudget, ValueError, TypeError, OverflowError)
"""The exceptions of a feed. The last three come from values that cannot be converted."""


@dataclass(slots=True)
class Feed:
    """A piece of code with its inputs, and the results of its calls.

    `pending_inputs` are the part of `inputs` that was pending before the feed. `error` is the type of the
    exception that ended the feed; empty if it succeeded or is running.
    """

    code: str
    inputs: dict[str, Any]
    pending_inputs: dict[str, Any]
    answers: list[monty.ExternalResult] = field(default_factory=list)
    error: str = ""


def feed_again(
    session: monty.MontySession, feed: Feed, budget: Budget, output: monty.CollectString | None = None
) -> Reached:
    """Feed code again with the recorded results of its calls. Raises the exception that it ends with."""
    output = output or monty.CollectString()
    snapshot = advance(session.feed_start(feed.code, inputs=feed.inputs, print_callback=output), budget)
    for answer in feed.answers:
        if isinstance(snapshot, monty.MontyComplete):
            raise SandboxUnavailable("the sandbox was lost, and its code differs when it is rebuilt")
        budget.requests = 0
        snapshot = advance(snapshot.resume(answer), budget)
    if isinstance(snapshot, monty.MontyComplete):
        snapshot.output  # noqa: B018 (converting it may fail, as in the first execution)
    return snapshot


def feed_all_again(session: monty.MontySession, feeds: Iterable[Feed], seconds: float) -> None:
    """Feed all code that has ended again. Raises SandboxUnavailable if a feed ends differently this time."""
    for feed in feeds:
        error, budget = "", Budget(seconds)
        budget.start()
        try:
            feed_again(session, feed, budget)
        except FEED_ERRORS as raised:
            error = type(_monty.inner(raised)).__name__
        if error != feed.error:
            raise SandboxUnavailable(
                "the sandbox was lost and can't be rebuilt: a statement that ended with "
                f"{feed.error or 'success'} now ends with {error or 'success'}; open the session again"
            )
