"""A guard against loops that go on and on without an action."""

from __future__ import annotations

from recode_core.events import Failure, StatementFailed
from recode_core.executor.feed_loop import failure_of
from recode_core.executor.run import Run
from recode_core.interpreter import Raised

MOST_STATEMENTS = 5_000
"""Statements between two actions, where loops repeat them. Each is recorded, and more than these nobody would
look through. A recording with more of them is followed as it is."""

_TYPE = "TimeoutError"


def loop_failure(run: Run) -> Failure | None:
    """The failure of a loop at its next pass, if it has gone on for too long; as recorded, when repeating."""
    if run.recorder.is_repeating:
        return _recorded(run)
    seconds = run.interpreter.limits.seconds
    if run.interpreter.busy > seconds:
        message = f"the loop ran for more than {seconds:g} s without an action"
    elif run.statements > MOST_STATEMENTS:
        message = (
            f"the loop went on for more than {MOST_STATEMENTS} statements without an action; write a "
            "computation as one statement"
        )
    else:
        return None
    return failure_of(run, Raised(_TYPE, message), run.place.span, run.place.span.line)


def _recorded(run: Run) -> Failure | None:
    recorded = run.recorder.peek(StatementFailed)
    is_here = recorded is not None and recorded.place == run.place
    return recorded.failure if recorded and is_here and recorded.failure.type == _TYPE else None
