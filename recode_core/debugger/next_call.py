"""The policy call that the next step makes, if it makes one."""

from __future__ import annotations

from itertools import islice
from typing import Literal

import msgspec

from recode_core.debugger.cost_estimate import CostEstimate, estimate_cost
from recode_core.debugger.edit_points import request_on, start_of
from recode_core.debugger.parts import DebuggerParts
from recode_core.events import BranchStarted, ExpansionReplied
from recode_core.policies.human import Human
from recode_core.timeline import Stop

NextReply = Literal["asked", "recorded"]
"""The origin of the next reply: the policy is asked for it, or it is taken from the recording."""


class NextCall(msgspec.Struct, frozen=True):
    """The call that the next step makes. `model` is "you" if a person is the policy.

    `is_again` if the policy has answered that request before, and its reply is no longer used.
    """

    model: str
    is_again: bool
    estimate: CostEstimate


def next_reply(parts: DebuggerParts) -> NextReply | None:
    """The origin of the reply that the next step takes; None if it takes none, or the session is read-only.

    A recorded reply is one that follows the cursor, or one that is reused because its prompt is the same.
    """
    stop = parts.stop
    if stop.kind != "model" or parts.live is None:
        return None
    is_recorded = parts.end != stop.n or _reuses(parts, stop)
    return "recorded" if is_recorded else "asked"


def next_call(parts: DebuggerParts) -> NextCall | None:
    """The call that the next step makes; None if it makes none."""
    stop = parts.stop
    if next_reply(parts) != "asked" or stop.place is None:
        return None
    node = stop.place.node
    request = parts.timeline.expansions.request_at(node, stop.n)
    model = request.model if request is not None else ""
    is_human = isinstance(parts.live_run().run.policy, Human)
    estimate = estimate_cost(1, f"one call for {node}", parts, model)
    return NextCall("you" if is_human else model, _was_answered(parts, node), estimate)


def estimate_again(parts: DebuggerParts) -> CostEstimate | None:
    """The estimated cost of the next step, if it repeats a call whose reply is no longer used."""
    call = next_call(parts)
    return call.estimate if call is not None and call.is_again else None


def estimate_regeneration(parts: DebuggerParts, node: str, model: str) -> CostEstimate:
    """The estimated cost of requesting a placeholder again. Raises RecodeError if nothing was requested."""
    request_on(parts.timeline, node, parts.cursor)
    return estimate_cost(1, f"one call for {node}, which the next move makes", parts, model)


def estimate_retry(parts: DebuggerParts, node: str) -> CostEstimate | None:
    """The estimated cost of the call with which a node is run again; None if it begins without a call.

    Calls that follow are not included. Raises RecodeError if the node has not been reached.
    """
    node = node or parts.node_here()
    at = start_of(parts.timeline, node, parts.cursor)
    stop = parts.timeline.stop_at(at)
    if stop.kind != "model" or _reuses(parts, stop):
        return None
    return estimate_cost(1, f"one call for {node}, with which it is run again", parts)


def _reuses(parts: DebuggerParts, stop: Stop) -> bool:
    return parts.live_run().reuses_reply(stop.n, forks=parts.recording.goes_on_after(stop.n))


def _was_answered(parts: DebuggerParts, node: str) -> bool:
    """Whether the policy has replied for `node` after the cursor, on a branch that passes it."""
    records, at = parts.log.records, parts.cursor
    through = {records[at].branch}
    for record in islice(records, at + 1, None):
        match record.event:
            case BranchStarted(parent=parent, at=fork) if parent in through and fork >= at:
                through.add(record.branch)
            case ExpansionReplied(node=answered, by="policy") if answered == node:
                if record.branch in through:
                    return True
    return False
