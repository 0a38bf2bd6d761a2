"""The parts of the benchmark, each measured by the module of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.bench import (
    batch,
    breakpoints,
    dap,
    engine,
    follow,
    home,
    mcp,
    restore,
    restore_alfworld,
    screen,
    session,
    start,
    view,
)
from tests.bench.figures import Figure


@dataclass(frozen=True)
class Part:
    """A measurement with a name; `quick` shows in a short time that it works, its figures say little."""

    name: str
    about: str
    measure: Callable[[], Iterator[Figure]]
    quick: Callable[[], Iterator[Figure]]


PARTS = (
    Part(
        "engine",
        "an action beside a plain exec, flat in the length of the run, and an expansion",
        engine.figures,
        partial(engine.figures, 1, (100, 1_000)),
    ),
    Part(
        "session",
        "load, file and memory of a session of 100,000 records",
        session.figures,
        partial(session.figures, 1),
    ),
    Part(
        "start",
        "recode demo beside the smallest Textual app, recode --help beside Python",
        start.figures,
        partial(start.figures, 1),
    ),
    Part(
        "screen",
        "keys, first frame, a new node and a stream on a session of 100,000 nodes",
        screen.figures,
        partial(screen.figures, 1, 5),
    ),
    Part(
        "follow",
        "a run that another process records, followed, and keys meanwhile",
        follow.figures,
        partial(follow.figures, 1, 500, 1_000, 5),
    ),
    Part(
        "breakpoints",
        "a move over recorded history with each kind of breakpoint",
        breakpoints.figures,
        partial(breakpoints.figures, (1_000,)),
    ),
    Part("view", "show any record of 100,000", view.figures, partial(view.figures, 5)),
    Part(
        "restore",
        "restore the end of 10,000 household actions, beside running them",
        restore.figures,
        partial(restore.figures, 1_000),
    ),
    Part(
        "restore_alfworld",
        "restore the end of 50 actions in a real ALFWorld game",
        restore_alfworld.figures,
        partial(restore_alfworld.figures, 1),
    ),
    Part(
        "batch",
        "200 episodes whose policy waits, 8 at once beside one at a time",
        batch.figures,
        partial(batch.figures, 16, 8, 0.05),
    ),
    Part(
        "home",
        "the home screen with 1,000 sessions beside ten",
        home.figures,
        partial(home.figures, 1),
    ),
    Part(
        "dap",
        "recode dap: its first answer, and next beside a script",
        dap.figures,
        partial(dap.figures, 5),
    ),
    Part("mcp", "recode mcp: its first answer", mcp.figures, partial(mcp.figures, 1)),
)
