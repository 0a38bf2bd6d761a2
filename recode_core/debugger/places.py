"""Places that a user names: a node, or a line of a node's code. Which of them a run can still come to."""

from __future__ import annotations

import re

from recode_core.debugger.edits import expansion_on, names_at, statement_on_line
from recode_core.errors import RecodeError
from recode_core.log import Log
from recode_core.timeline import Moment, Stop, Timeline
from recode_core.timeline.nodes import parent_of

_NODE = re.compile(r"0(?:(?:@\d+|(?:#\d+)+)?\.\d+)*")
_OVER = ("done", "skipped", "superseded")


def is_at(timeline: Timeline, stop: Stop, node: str, number: int | None) -> bool:
    """Whether a stop is before the statement of a node, or before one on a line of its code."""
    if stop.place is None or stop.kind not in ("statement", "model"):
        return False
    if number is None:
        return stop.place.node == node
    return timeline.call_of(stop) == node and stop.place.span.line == number


def check_ahead(timeline: Timeline, cursor: int, end: int, node: str, number: int | None) -> None:
    """Raise RecodeError where a run at record `cursor`, known up to `end`, can't come to a place any more.

    What is still to be expanded may bring any node.
    """
    if _NODE.fullmatch(node) is None:
        raise RecodeError(
            f"{node!r} is no node; nodes are named like 0, 0.2 or 0.8@2.1, as where and show do"
        )
    _check_comes(timeline.at(end), timeline.at(cursor), node)
    known = timeline.at(end).node(node)
    if number is None or known is None:
        return
    if known.kind != "placeholder":
        raise RecodeError(f"{node} is no placeholder, so it has no code with lines; {parent_of(node)} has")
    if known.code:
        names = names_at(timeline, expansion_on(timeline, node, end).accepted)
        if statement_on_line(known.code, number, names) is None:
            raise RecodeError(f"no statement begins on line {number} of {node}")


def check_record(log: Log, timeline: Timeline, branch: str, n: int) -> None:
    """Raise RecodeError where the line of a branch has no record `n`; -1 is its start."""
    at = timeline.index(n)
    if n == -1 or (at >= 0 and timeline.records[at].n == n):
        return
    if 0 <= n < len(log):
        other = log.records[n].branch
        raise RecodeError(f"record {n} is on {other}, not on {branch}: switch {other} first")
    last = timeline.end.n
    raise RecodeError(f"there is no record {n}; the last on {branch} is {last}")


def _check_comes(known: Moment, now: Moment, node: str) -> None:
    here = now.node(node)
    if here is not None and here.status in _OVER:
        raise RecodeError(f"{node} is over: goto {node} goes back to it")
    if known.has_node(node) or node == "0":
        return
    parent = parent_of(node)
    _check_comes(known, now, parent)
    above = known.node(parent)
    if above is None or above.kind == "control":
        return
    base = node.rpartition(".")[0]
    beside = [child for child in above.children if child.rpartition(".")[0] == base]
    if beside:
        raise RecodeError(f"there is no node {node}; those beside it are {beside[0]} to {beside[-1]}")
    if above.kind == "code":
        raise RecodeError(f"there is no node {node}: {parent} is no placeholder")
