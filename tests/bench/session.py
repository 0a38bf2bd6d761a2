"""A session of 100,000 records: the time to load it, the size of its file, the memory that it takes.

The session has expansions, loops and actions: one room of a plan is really executed, the others are like it.

    python -m tests.bench.session [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import msgspec

from recode_core.events import ActionFinished, WorldReset
from recode_core.log import Log
from recode_core.session import read
from recode_core.timeline import Timeline
from tests.bench.big_session import make
from tests.bench.figures import Figure, show

NODES, ROUNDS = 40_800, 5
"""Nodes of a session of 100,000 records."""


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """Load, file and memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.jsonl"
        make(path, NODES)
        log = read(path).log()
        count = len(log)
        loads, timelines = [], []
        for _ in range(rounds):
            began = time.perf_counter()
            records = read(path).log().line()
            loaded = time.perf_counter()
            Timeline(records, "main")
            timelines.append(time.perf_counter() - loaded)
            loads.append(loaded - began)
        load = statistics.median(loads)
        yield Figure(f"load {count:,} records", f"{load:.2f} s", "<= 1 s", load <= 1)
        yield Figure(f"build the timeline of {count:,} records", f"{statistics.median(timelines):.2f} s")
        size = (path.stat().st_size - _observed(log)) / count
        what = "file, bytes a record without observations"
        yield Figure(what, f"{size:.0f}", "<= 400", size <= 400)
        yield _memory(path)


def _observed(log: Log) -> int:
    """Bytes of the file that are observations."""
    kinds = (WorldReset, ActionFinished)
    found = (record.event.observation for record in log.records if isinstance(record.event, kinds))
    return sum(len(msgspec.json.encode(observation)) for observation in found)


def _memory(path: Path) -> Figure:
    tracemalloc.start()
    log = read(path).log()
    records, _ = tracemalloc.get_traced_memory()
    timeline = Timeline(log.line(), "main")
    indexed, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    count, with_timeline = len(log), (indexed - records) / len(timeline.up_to(len(log) - 1))
    value = f"{records / count:,.0f} bytes, and {with_timeline:,.0f} of its timeline"
    return Figure("memory of a record", value)


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
