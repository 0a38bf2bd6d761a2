"""Roll-outs: continuations of a run from a stop, each on its own branch and in its own world.

A roll-out calls the policy as a headless run does, and never reuses an expansion. Concurrent roll-outs
share the policy, which is then called from several threads. When a roll-out ends, its world and interpreter
are closed; its branch keeps the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

import msgspec

from recode_core.debugger.parts import DebuggerParts
from recode_core.errors import EnvironmentUnavailable, RecodeError, Unavailable
from recode_core.events import ExpansionAccepted, Outcome, Place
from recode_core.executor import Executor, Recorder
from recode_core.executor.limits import spent_in
from recode_core.executor.run_state import AtEnd, AtFailure, AtLimit, AtModel, RunState
from recode_core.log import Log, Record

RolloutSteps = int | Literal["end"]
"""The length of a roll-out: a number of actions after its expansion was accepted, or to the end of the
episode.
"""

RolloutOutcome = Outcome | Literal["refused", "truncated", "paused", "unavailable"]
"""How a roll-out ended: like an episode; without an accepted expansion (refused); after its number of actions
(truncated); paused by the user; because policy or world were unavailable."""


MAX_ROLLOUTS = 100
"""Maximum number of roll-outs of one command."""


def check_rollouts(count: int, rollout_steps: RolloutSteps) -> None:
    """Raise RecodeError for an invalid number of roll-outs or of their actions."""
    if not 1 <= count <= MAX_ROLLOUTS:
        raise RecodeError(f"the number of roll-outs must be from 1 to {MAX_ROLLOUTS}, not {count}")
    if rollout_steps != "end" and rollout_steps < 0:
        raise RecodeError(
            f"the length of a roll-out must be a number of actions from 0, or end, not {rollout_steps}"
        )


@dataclass(frozen=True)
class RolloutStart:
    """The start of roll-outs: the stop before a policy call, the kind and reason of the branch, and a
    change to apply.
    """

    at: int
    kind: str
    reason: str
    rollout_steps: RolloutSteps
    begin: Callable[[Executor], None] = lambda executor: None


class Rollout(msgspec.Struct, frozen=True):
    """The result of a roll-out.

    `thought` and `code` are its first expansion. `score` is the last score. Steps, calls, tokens, cost
    (None if unknown) and seconds count the roll-out only, not the run before it.
    """

    number: int
    branch: str
    node: str
    outcome: RolloutOutcome
    detail: str
    thought: str
    code: str
    score: float
    steps: int
    calls: int
    tokens: int
    cost_usd: float | None
    seconds: float


def roll_out(parts: DebuggerParts, plan: RolloutStart, count: int, at_once: int) -> list[Rollout]:
    """Make `count` roll-outs, `at_once` at a time. Returns them in the order of their branches.

    `pause` ends running roll-outs at their next stop; those that have not started are omitted. Raises
    EnvironmentUnavailable if the environment cannot be restored, Diverged if a replayed world diverges.
    Both are raised before any policy call of that roll-out.
    """
    check_rollouts(count, plan.rollout_steps)
    if at_once < 1:
        raise RecodeError(f"the number of concurrent roll-outs must be at least 1, not {at_once}")
    if parts.live_run().run.restoration == "none":
        raise EnvironmentUnavailable(
            "this environment cannot be restored to an earlier state, so roll-outs are not possible; start "
            "the run again to act differently"
        )
    records = parts.timeline.up_to(plan.at)
    with parts.activity.busy(), ThreadPoolExecutor(at_once, "roll-out") as threads:
        made = threads.map(lambda _: _roll_out_once(parts, plan, records), range(count))
        return sorted((rollout for rollout in made if rollout), key=lambda rollout: rollout.number)


def _roll_out_once(parts: DebuggerParts, plan: RolloutStart, records: list[Record]) -> Rollout | None:
    if parts.activity.is_pausing:
        return None
    with _restored(parts, records) as executor:
        state, log = executor.state, parts.log
        assert isinstance(state, AtModel)
        branch = log.fork(plan.at, plan.kind, plan.reason, aside=True)
        executor.run.recorder = Recorder(log, branch=branch)
        executor.run.stream = partial(parts.live_run().on_stream, branch)
        plan.begin(executor)
        try:
            outcome, detail = _run_on(parts, executor, state.place, plan.rollout_steps)
        except Unavailable as error:
            outcome, detail = "unavailable", str(error)
        return _rollout(log, branch, state.place.node, executor.run.spent.score, outcome, detail)


@contextmanager
def _restored(parts: DebuggerParts, records: list[Record]) -> Iterator[Executor]:
    """A background run at the end of `records`, registered so that it can be aborted."""
    executor = parts.restorer.restore_background(records)
    run = executor.run
    background = parts.live_run().background
    background.add(executor)
    try:
        yield executor
    finally:
        background.remove(executor)
        run.discard()


def _run_on(
    parts: DebuggerParts, executor: Executor, place: Place, rollout_steps: RolloutSteps
) -> tuple[RolloutOutcome, str]:
    """Advance for `rollout_steps` actions, through failures and limits, as a headless run does."""
    run, is_waiting = executor.run, True
    until = None if rollout_steps == "end" else run.spent.steps + rollout_steps
    while not isinstance(state := executor.state, AtEnd):
        is_waiting = is_waiting and _is_asked(state, place)
        if not is_waiting and until is not None and run.spent.steps >= until:
            return "truncated", ""
        if parts.activity.is_pausing:
            return "paused", ""
        advanced = executor.advance()
        if is_waiting and isinstance(advanced, AtFailure) and advanced.failure.type == "RewritesExhausted":
            return "refused", advanced.failure.message
    return state.outcome, state.detail


def _is_asked(state: RunState, place: Place) -> bool:
    """Whether the run still needs an accepted reply for the placeholder at `place`."""
    before = state.before if isinstance(state, AtLimit) else state
    return isinstance(before, AtModel) and before.place == place


def _rollout(log: Log, branch: str, node: str, score: float, outcome: RolloutOutcome, detail: str) -> Rollout:
    own = [record for record in log.line(branch) if record.branch == branch]
    accepted = accepted_in(own)
    spent = spent_in(own)
    return Rollout(
        number=int(branch.rpartition("-")[2]),
        branch=branch,
        node=node,
        outcome=outcome,
        detail=detail,
        thought=accepted[1].thought if accepted else "",
        code=accepted[1].code if accepted else "",
        score=score,
        steps=spent.steps,
        calls=spent.calls,
        tokens=spent.tokens,
        cost_usd=spent.cost_usd,
        seconds=round(own[-1].time - own[0].time, 3),
    )


def accepted_in(records: Iterable[Record]) -> tuple[int, ExpansionAccepted] | None:
    """The first accepted expansion in `records`, with the number of its record."""
    found = ((r.n, r.event) for r in records if isinstance(r.event, ExpansionAccepted))
    return next(found, None)
