"""The branches of a session that a script repeats."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.events import ANNOTATIONS, BranchSwitched
from recode_core.log import MAIN, Log


def diverged_branches(log: Log) -> list[str]:
    """The branches on which the world differed from its recording, with those that left them."""
    found: list[str] = []
    for name, started in log.branches.items():
        if started is not None and (name.startswith("accept-") or started.parent in found):
            found.append(name)
    return found


def repeated_branches(log: Log) -> Iterator[str]:
    """The branches that a script repeats, in the order of their start.

    Those on which nothing happened are left out, and roll-outs to which the user did not switch.
    """
    wanted: set[str] = set()
    for name, started in log.branches.items():
        events = [record.event for record in log.own(name)]
        is_chosen = any(isinstance(event, BranchSwitched) for event in events)
        if started is not None and started.aside and not is_chosen:
            continue
        if name != MAIN and all(isinstance(event, ANNOTATIONS) for event in events):
            continue
        above: str | None = name
        while above is not None:
            wanted.add(above)
            up = log.branches[above]
            above = up.parent if up is not None else None
    yield from (name for name in log.branches if name in wanted)
