"""A guard against endless loops without actions."""

from __future__ import annotations

from recode_core.events import Failure, StatementFailed
from recode_core.executor.feed_loop import failure_of
from recode_core.executor.run import Run
from recode_core.interpreter import Raised

MOST_STATEMENTS = 5_000
"""Maximum number of statements in a loop without an action or policy call. Each of them is recorded.

It is not applied to a replay: a recording may have more.
"""

_TYPE = "TimeoutError"


def loop_failure(run: Run) -> Failure | None:
    """The failure of a loop that has run too long without an action; None if it has not."""
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
