"""Targets of moves: a node, a line of a node's code, or a record, and whether a run can reach them."""

from __future__ import annotations

from recode_core.debugger.edit_points import expansion_on, names_at, statement_on_line
from recode_core.debugger.node_names import node_error
from recode_core.errors import RecodeError
from recode_core.log import Log
from recode_core.timeline import Moment, Stop, Timeline
from recode_core.timeline.nodes import is_node_id, parent_of

_OVER = ("done", "skipped", "superseded")


def is_at(timeline: Timeline, stop: Stop, node: str, number: int | None) -> bool:
    """Whether a stop is before the statement of a node, or before a statement on a line of its code."""
    if stop.place is None or stop.kind not in ("statement", "model"):
        return False
    if number is None:
        return stop.place.node == node
    return timeline.call_of(stop) == node and stop.place.span.line == number


def check_reachable(timeline: Timeline, cursor: int, end: int, node: str, number: int | None) -> None:
    """Raise RecodeError if a run at record `cursor`, recorded up to `end`, cannot reach a target any more.

    Below a placeholder that is not expanded yet, any node is possible.
    """
    if not is_node_id(node):
        message = f"{node!r} is not a node id, such as 0, 0.2 or 0.8@2.1; `where` and `recode show` list them"
        raise node_error(timeline, node, message)
    _check_not_over(timeline.at(end), timeline.at(cursor), node)
    known = timeline.at(end).node(node)
    if number is None or known is None:
        return
    if known.kind != "placeholder":
        raise RecodeError(f"{node} is not a placeholder and has no lines; use the lines of {parent_of(node)}")
    if known.code:
        names = names_at(timeline, expansion_on(timeline, node, end).accepted)
        if statement_on_line(known.code, number, names) is None:
            raise RecodeError(f"no statement starts on line {number} of {node}")


def check_record(log: Log, timeline: Timeline, branch: str, n: int) -> None:
    """Raise RecodeError if the line of a branch has no record `n`; -1 is its start."""
    at = timeline.index(n)
    if n == -1 or (at >= 0 and timeline.records[at].n == n):
        return
    if 0 <= n < len(log):
        other = log.records[n].branch
        raise RecodeError(f"record {n} is on {other}, not on {branch}: `switch {other}` first")
    last = timeline.end.n
    raise RecodeError(f"unknown record {n}; the last one on {branch} is {last}")


def _check_not_over(known: Moment, now: Moment, node: str) -> None:
    here = now.node(node)
    if here is not None and here.status in _OVER:
        raise RecodeError(f"{node} has already run: `goto {node}` goes back to it")
    if known.has_node(node) or node == "0":
        return
    parent = parent_of(node)
    _check_not_over(known, now, parent)
    above = known.node(parent)
    if above is None or above.kind == "control":
        return
    base = node.rpartition(".")[0]
    beside = [child for child in above.children if child.rpartition(".")[0] == base]
    if beside:
        raise RecodeError(f"unknown node {node}; its siblings are {beside[0]} to {beside[-1]}")
    if above.kind == "code":
        raise RecodeError(f"unknown node {node}: {parent} is not a placeholder")
