"""Roll-outs: runs that go on by themselves from a stop, each on a branch and in a world of its own.

A roll-out asks the policy as a headless run does, and never reuses an expansion. It may share the
policy with others that are under way, which is then asked from several threads. When it is over, its
world and interpreter are given back; its branch has all that happened in it.
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
from recode_core.executor.stops import AtEnd, AtFailure, AtLimit, AtModel, Stop
from recode_core.log import Log, Record

Horizon = int | Literal["end"]
"""How far a roll-out goes: so many actions after its expansion was accepted, or to the episode's end."""

How = Outcome | Literal["refused", "horizon", "paused", "unavailable"]
"""How a roll-out ended: as an episode does; without an expansion that could be accepted; at its
horizon; by the user; because policy or world were not there."""


MOST = 100
"""Roll-outs that one command may make."""


def check_extent(count: int, horizon: Horizon) -> None:
    """Raise RecodeError for a number of roll-outs, or of their actions, that there can't be."""
    if not 1 <= count <= MOST:
        raise RecodeError(f"1 to {MOST} can be tried at a time, not {count}")
    if horizon != "end" and horizon < 0:
        raise RecodeError(f"a roll-out goes on for a number of actions from 0, or to the end, not {horizon}")


@dataclass(frozen=True)
class Plan:
    """What every roll-out begins with: the stop before a policy call, its branch, what is changed there."""

    at: int
    kind: str
    reason: str
    horizon: Horizon
    begin: Callable[[Executor], None] = lambda executor: None


class Rollout(msgspec.Struct, frozen=True):
    """How a roll-out went.

    `thought` and `code` are the expansion that it began with. `score` is the last; steps, calls, tokens,
    cost (None: unknown) and seconds are its own, without those of the run that it left.
    """

    number: int
    branch: str
    node: str
    outcome: How
    detail: str
    thought: str
    code: str
    score: float
    steps: int
    calls: int
    tokens: int
    cost_usd: float | None
    seconds: float


def roll_out(parts: DebuggerParts, plan: Plan, count: int, at_once: int) -> list[Rollout]:
    """Make `count` roll-outs, `at_once` at a time, in the order of their branches.

    `pause` ends them at their next stop: those that are over stay as they are, those that have not begun
    are left out. Raises EnvironmentUnavailable where worlds can't be brought back, Diverged where one
    answers otherwise than recorded; before anything is spent, unless that happens to a later one.
    """
    check_extent(count, plan.horizon)
    if at_once < 1:
        raise RecodeError(f"at least one roll-out goes on at once, not {at_once}")
    if parts.live_run().run.restoration == "none":
        raise EnvironmentUnavailable(
            "this environment can't be brought back to an earlier state, so nothing can be tried in a world "
            "of its own"
        )
    records = parts.timeline.up_to(plan.at)
    with parts.activity.busy(), ThreadPoolExecutor(at_once, "roll-out") as threads:
        made = threads.map(lambda _: _one(parts, plan, records), range(count))
        return sorted((rollout for rollout in made if rollout), key=lambda rollout: rollout.number)


def _one(parts: DebuggerParts, plan: Plan, records: list[Record]) -> Rollout | None:
    if parts.activity.is_pausing:
        return None
    with _restored(parts, records) as executor:
        stop, log = executor.stop, parts.log
        assert isinstance(stop, AtModel)
        branch = log.fork(plan.at, plan.kind, plan.reason, aside=True)
        executor.run.recorder = Recorder(log, branch=branch)
        executor.run.stream = partial(parts.live_run().on_stream, branch)
        plan.begin(executor)
        try:
            outcome, detail = _go(parts, executor, stop.place, plan.horizon)
        except Unavailable as error:
            outcome, detail = "unavailable", str(error)
        return _rollout(log, branch, stop.place.node, executor.run.spent.score, outcome, detail)


@contextmanager
def _restored(parts: DebuggerParts, records: list[Record]) -> Iterator[Executor]:
    """A run of its own at the end of `records`, known to who may abort it."""
    executor = parts.restorer.restore(records)
    run = executor.run
    background = parts.live_run().background
    background.add(executor)
    try:
        yield executor
    finally:
        background.remove(executor)
        run.discard()


def _go(parts: DebuggerParts, executor: Executor, place: Place, horizon: Horizon) -> tuple[How, str]:
    """Go on to the horizon, through failures and limits, as a headless run does."""
    run, is_waiting = executor.run, True
    until = None if horizon == "end" else run.spent.steps + horizon
    while not isinstance(stop := executor.stop, AtEnd):
        is_waiting = is_waiting and _is_asked(stop, place)
        if not is_waiting and until is not None and run.spent.steps >= until:
            return "horizon", ""
        if parts.activity.is_pausing:
            return "paused", ""
        advanced = executor.advance()
        if is_waiting and isinstance(advanced, AtFailure) and advanced.failure.type == "RewritesExhausted":
            return "refused", advanced.failure.message
    return stop.outcome, stop.detail


def _is_asked(stop: Stop, place: Place) -> bool:
    """Whether the run still waits for a reply at `place`."""
    before = stop.before if isinstance(stop, AtLimit) else stop
    return isinstance(before, AtModel) and before.place == place


def _rollout(log: Log, branch: str, node: str, score: float, outcome: How, detail: str) -> Rollout:
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
    """The first expansion that was accepted in `records`, with its record's number."""
    found = ((r.n, r.event) for r in records if isinstance(r.event, ExpansionAccepted))
    return next(found, None)
