"""Candidates: several expansions of one placeholder, each rolled out in its own world; one can be adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recode_core.debugger.cost_estimate import CostEstimate, estimate_cost, expected_calls
from recode_core.debugger.edit_points import request_on
from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.rollouts import (
    Rollout,
    RolloutStart,
    RolloutSteps,
    accepted_in,
    check_rollouts,
    roll_out,
)
from recode_core.errors import RecodeError
from recode_core.executor import Executor
from recode_core.policies.policy import check_temperature
from recode_core.timeline import Stop

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger

Candidate = Rollout
"""An expansion with the roll-out that followed it."""


def estimate(
    parts: DebuggerParts, node: str, count: int, rollout: RolloutSteps, model: str = ""
) -> CostEstimate:
    """Estimate the cost of `sample`. Raises RecodeError if `sample` would."""
    check_rollouts(count, rollout)
    at = request_on(parts.timeline, node, parts.cursor)
    calls, why = expected_calls(parts.timeline, at, rollout)
    return estimate_cost(count * calls, f"{count} x {calls:.3g} calls ({why})", parts, model)


def sample(
    parts: DebuggerParts,
    node: str,
    count: int,
    rollout: RolloutSteps = 0,
    hint: str = "",
    model: str = "",
    temperature: float | None = None,
    at_once: int = 4,
) -> list[Candidate]:
    """Request `count` new expansions of a placeholder, and continue each for `rollout` actions.

    Each candidate is a branch, numbered as in the list; the cursor does not move. For errors and `pause` see
    `roll_out`.
    """

    check_temperature(temperature)

    def begin(executor: Executor) -> None:
        executor.changes.regenerate(hint, model, temperature)

    reason = f"a candidate for {node}" + (f" with the hint {hint!r}" if hint else "")
    plan = RolloutStart(request_on(parts.timeline, node, parts.cursor), "candidate", reason, rollout, begin)
    return roll_out(parts, plan, count, at_once)


def adopt(debugger: Debugger, candidate: Candidate) -> Stop:
    """Switch to a candidate's branch, at the first stop in its expansion.

    Raises RecodeError if none of its replies was accepted.
    """
    line = debugger.log.line(candidate.branch)
    accepted = accepted_in(record for record in line if record.branch == candidate.branch)
    if accepted is None:
        raise RecodeError(f"{candidate.branch} has no accepted expansion: it is {candidate.outcome}")
    return debugger.switch(candidate.branch, after=accepted[0])
