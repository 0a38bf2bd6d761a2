"""How long it takes to show a record of a session of 100,000, wherever it is.

The session is shown without a terminal. Stops are chosen at random, with the first and the last, and each is
shown a few times, in another order each time; a record's time is the median from `goto` until the screen is
drawn, and the figure is that of the slowest record.

    python -m tests.bench.view [RECORDS]
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

os.environ.setdefault("TEXTUAL_FPS", "120")  # as the command sets it, before textual is imported

from recode_core.debugger import debug_session
from recode_tui import session_sources
from recode_tui.app import RecodeApp
from recode_tui.debug.screen import DebugScreen
from tests.bench.big_session import make
from tests.bench.figures import Figure, show
from tests.bench.session import NODES
from tests.tui.debug.debugger_pilot import DebuggerPilot

RECORDS, ROUNDS = 100, 3
BOUND = 0.050

Times = dict[int, list[float]]


def figures(records: int = RECORDS) -> Iterator[Figure]:
    """The slowest of so many records, for the debugger and on the screen."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.jsonl"
        make(path, NODES)
        with closing(debug_session.open_readonly(path)) as opened:
            debugger = opened.debugger
            stops = [stop.n for stop in debugger.timeline.stops]
            count = len(debugger.log)
            chosen = [stops[1], *random.Random(1).sample(stops[2:-1], records), stops[-1]]
            times: Times = {n: [] for n in chosen}
            for n in _in_turns(chosen):
                began = time.perf_counter()
                debugger.goto(n)
                times[n].append(time.perf_counter() - began)
        yield _slowest(f"go to one of {count:,} records", times)
        yield _slowest(f"show one of {count:,} records", asyncio.run(_shown(path, chosen)))


async def _shown(path: Path, chosen: list[int]) -> Times:
    app = RecodeApp(path.parent, session_sources.recording(path))
    times: Times = {n: [] for n in chosen}
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: hasattr(app.screen, "frame") and app.screen.frame is not None)
        await ui.settle()
        for n in _in_turns(chosen):
            times[n].append(await _seconds_to_show(ui.screen, n))
            await ui.settle()
        ui.screen.engine.close()
    return times


async def _seconds_to_show(screen: DebugScreen, n: int) -> float:
    drawn = asyncio.get_running_loop().create_future()
    began = time.perf_counter()
    screen.controller.run(f"goto {n}")
    while screen.frame is None or screen.frame.n != n or screen.is_working or not screen.is_settled:
        await asyncio.sleep(0.001)  # a pilot's pause would take longer than what is measured
    screen.call_after_refresh(lambda: drawn.set_result(time.perf_counter()))
    ended: float = await drawn
    return ended - began


def _in_turns(chosen: list[int]) -> Iterator[int]:
    """All, a few times, never one directly after itself."""
    shuffled = list(chosen)
    random.Random(2).shuffle(shuffled)
    for _ in range(ROUNDS):
        yield from shuffled


def _slowest(what: str, times: Times) -> Figure:
    medians = [statistics.median(taken) for taken in times.values()]
    value = f"{max(medians) * 1000:.1f} ms, half {statistics.median(medians) * 1000:.1f} ms"
    return Figure(what, value, "<= 50 ms", max(medians) <= BOUND)


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS))
