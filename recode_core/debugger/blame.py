"""Blame: find the decision that lost the task, by roll-outs from the placeholders of a failed run."""

from __future__ import annotations

import msgspec

from recode_core.debugger.cost_estimate import CostEstimate, estimate_cost, expected_calls
from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.rollouts import Rollout, RolloutStart, check_rollouts, roll_out
from recode_core.errors import RecodeError, Unavailable
from recode_core.format import counted


class Probe(msgspec.Struct, frozen=True):
    """Roll-outs from before a placeholder was expanded: `successes` of `k` solved the task.

    Roll-outs that the user paused are not counted in `k`, but their branches are listed.
    """

    node: str
    successes: int
    k: int
    branches: tuple[str, ...]


class Blame(msgspec.Struct, frozen=True):
    """The result of the search, with the `probes` in the order of the run.

    The expansion of `last_good` is the decision that lost the task: roll-outs from before it still succeed,
    roll-outs from `first_lost`, the next placeholder, do not. `last_good` is None if no roll-out succeeds
    even from the start, `first_lost` is None if some still do from the last placeholder. If the user paused
    the search, `is_whole` is False and both are only bounds.
    """

    probes: tuple[Probe, ...]
    last_good: str | None
    first_lost: str | None
    is_whole: bool


def estimate(parts: DebuggerParts, k: int = 3) -> CostEstimate:
    """Estimate the cost of `blame`. Raises RecodeError if `blame` would."""
    check_rollouts(k, "end")
    requests = _requests(parts)
    each = [expected_calls(parts.timeline, at, "end")[0] for at in requests.values()]
    probes, calls = len(each).bit_length(), sum(each) / len(each)
    why = "the mean of what this run took from each placeholder to its end"
    how = f"{counted(probes, 'probe')} at most x {k} x {calls:.3g} calls ({why})"
    return estimate_cost(probes * k * calls, how, parts)


def blame(parts: DebuggerParts, k: int = 3, at_once: int = 4) -> Blame:
    """Find the last placeholder from which roll-outs still solve the task, by bisection.

    A probe is good if one of its `k` roll-outs succeeds. Bisection assumes that no placeholder after a bad
    one is good. A policy that succeeds by luck breaks that assumption, so the result has every probe with
    its count. All roll-outs stay in the session, as branches.

    Raises RecodeError if the run is solved, unfinished or without a policy call, Unavailable if a roll-out
    failed because policy or world were not available, and the errors of restoring.
    """
    requests = _requests(parts)
    nodes = list(requests)
    good, lost, is_whole = -1, len(nodes), True
    probes: dict[int, Probe] = {}
    while is_whole and good + 1 < lost:
        middle = (good + lost) // 2
        node = nodes[middle]
        plan = RolloutStart(requests[node], "probe", f"a fresh continuation from {node}", "end")
        made = roll_out(parts, plan, k, at_once)
        probe = probes[middle] = _probe(node, made)
        is_whole = probe.k == k
        if probe.successes:
            good = middle
        elif is_whole:
            lost = middle
    return Blame(
        probes=tuple(probes[at] for at in sorted(probes)),
        last_good=nodes[good] if good >= 0 else None,
        first_lost=nodes[lost] if lost < len(nodes) else None,
        is_whole=is_whole,
    )


def _requests(parts: DebuggerParts) -> dict[str, int]:
    """The stop before the first call for each placeholder, in the order of the run."""
    outcome = parts.timeline.end.outcome
    if outcome is None or outcome == "solved":
        state = "it was solved" if outcome else "it has not ended: `continue` first"
        raise RecodeError(f"nothing to blame in this run: {state}")
    histories = parts.timeline.expansions.histories
    if not histories:
        raise RecodeError("nothing to blame in this run: it ended without a policy call")
    first = {node: history.requests[0].n for node, history in histories.items()}
    return dict(sorted(first.items(), key=lambda each: each[1]))


def _probe(node: str, made: list[Rollout]) -> Probe:
    for rollout in made:
        if rollout.outcome == "unavailable":
            raise Unavailable(f"{rollout.branch} could not be finished: {rollout.detail}")
    ended = [rollout.outcome for rollout in made if rollout.outcome != "paused"]
    branches = tuple(rollout.branch for rollout in made)
    return Probe(node, ended.count("solved"), len(ended), branches)
