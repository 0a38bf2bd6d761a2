"""Candidates: several expansions of one placeholder, each tried out in a world of its own. One is grafted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recode_core.debugger.edits import request_on
from recode_core.debugger.estimates import Estimate, expected_calls, priced
from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.rollouts import Horizon, Plan, Rollout, accepted_in, check_extent, roll_out
from recode_core.errors import RecodeError
from recode_core.executor import Executor
from recode_core.policies.policy import check_temperature
from recode_core.timeline import Stop

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger

Candidate = Rollout
"""An expansion is judged by how the run went with it."""


def estimate(parts: DebuggerParts, node: str, count: int, rollout: Horizon) -> Estimate:
    """What `propose` would cost. Raises RecodeError where it would be refused."""
    check_extent(count, rollout)
    at = request_on(parts.timeline, node, parts.cursor)
    calls, why = expected_calls(parts.timeline, at, rollout)
    return priced(count * calls, f"{count} x {calls:.3g} calls ({why})", parts.log.records)


def propose(
    parts: DebuggerParts,
    node: str,
    count: int,
    rollout: Horizon = 0,
    hint: str = "",
    model: str = "",
    temperature: float | None = None,
    at_once: int = 4,
) -> list[Candidate]:
    """Ask `count` times anew for a placeholder, and follow each expansion for `rollout` actions.

    Each candidate is a branch, numbered as in the list; cursor and head stay where they are. What is
    raised, and what `pause` does, is said in `roll_out`.
    """

    check_temperature(temperature)

    def begin(executor: Executor) -> None:
        executor.changes.regenerate(hint, model, temperature)

    reason = f"a candidate for {node}" + (f" with the hint {hint!r}" if hint else "")
    plan = Plan(request_on(parts.timeline, node, parts.cursor), "candidate", reason, rollout, begin)
    return roll_out(parts, plan, count, at_once)


def graft(debugger: Debugger, candidate: Candidate) -> Stop:
    """Go on with a candidate: to the first stop in its expansion, what it has done recorded ahead.

    Raises RecodeError where none of its replies was accepted.
    """
    line = debugger.log.line(candidate.branch)
    accepted = accepted_in(record for record in line if record.branch == candidate.branch)
    if accepted is None:
        raise RecodeError(
            f"{candidate.branch} has no expansion that could be taken: it is {candidate.outcome}"
        )
    return debugger.switch(candidate.branch, after=accepted[0])
