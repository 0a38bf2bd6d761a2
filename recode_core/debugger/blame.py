"""Blame: which decision lost the task, by fresh continuations from the placeholders of a failed run."""

from __future__ import annotations

import msgspec

from recode_core.debugger.estimates import Estimate, expected_calls, priced
from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.rollouts import Plan, Rollout, check_extent, roll_out
from recode_core.errors import RecodeError, Unavailable


class Probe(msgspec.Struct, frozen=True):
    """Fresh continuations from before a placeholder was expanded: `successes` of `k` solved the task.

    One that the user paused counts as neither, but is among the branches.
    """

    node: str
    successes: int
    k: int
    branches: tuple[str, ...]


class Blame(msgspec.Struct, frozen=True):
    """What probing found, `probes` in the order of the run.

    The expansion of `last_good` is the decision that lost the task: asked for again, the policy still
    succeeds; from `first_lost`, the next placeholder, it doesn't any more. `last_good` is None where it
    doesn't even from the start, `first_lost` where it still does from the last placeholder. Where the
    user paused before the end `is_whole` is False, and both say only how far the search came.
    """

    probes: tuple[Probe, ...]
    last_good: str | None
    first_lost: str | None
    is_whole: bool


def estimate(parts: DebuggerParts, k: int = 3) -> Estimate:
    """What `blame` would cost. Raises RecodeError where it would be refused."""
    check_extent(k, "end")
    requests = _requests(parts)
    each = [expected_calls(parts.timeline, at, "end")[0] for at in requests.values()]
    probes, calls = len(each).bit_length(), sum(each) / len(each)
    why = "the mean of what this run took from each placeholder to its end"
    how = f"{probes} probes at most x {k} x {calls:.3g} calls ({why})"
    return priced(probes * k * calls, how, parts.log.records)


def blame(parts: DebuggerParts, k: int = 3, at_once: int = 4) -> Blame:
    """Find the last placeholder from which fresh continuations still solve the task, by bisection.

    A probe is good if one of its `k` continuations succeeds. Bisecting assumes that what is lost stays
    lost: that no placeholder after a bad one is good. A policy that succeeds by luck breaks that, so
    every probe is in the result with its count. All that was tried stays, as branches.

    Raises RecodeError where there is nothing to blame, Unavailable where a continuation could not be
    finished for want of policy or world, and what restoring raises.
    """
    requests = _requests(parts)
    nodes = list(requests)
    good, lost, is_whole = -1, len(nodes), True
    probes: dict[int, Probe] = {}
    while is_whole and good + 1 < lost:
        middle = (good + lost) // 2
        node = nodes[middle]
        plan = Plan(requests[node], "probe", f"a fresh continuation from {node}", "end")
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
        state = "it was solved" if outcome else "it has not ended: continue first"
        raise RecodeError(f"there is nothing to blame in this run: {state}")
    histories = parts.timeline.expansions.histories
    first = {node: history.requests[0].n for node, history in histories.items()}
    return dict(sorted(first.items(), key=lambda each: each[1]))


def _probe(node: str, made: list[Rollout]) -> Probe:
    for rollout in made:
        if rollout.outcome == "unavailable":
            raise Unavailable(f"{rollout.branch} could not be finished: {rollout.detail}")
    ended = [rollout.outcome for rollout in made if rollout.outcome != "paused"]
    branches = tuple(rollout.branch for rollout in made)
    return Probe(node, ended.count("solved"), len(ended), branches)
