"""The home screen with 1,000 sessions beside ten: its first frame, its rows, and a search.

It runs in a real pty, in turn with few and with many sessions. A figure is the ratio of the medians; that of
the first frame, of the rows and of a search is to be at most 1.5. The files have been read once before, as
they have after the first time that home was opened.

    python -m tests.bench.home [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from recode_core.session import entry_cache
from recode_core.session.catalog import load_result, scan
from tests.bench.figures import Figure, show
from tests.bench.latency import recode
from tests.tui.terminal import Terminal

FEW, MANY, ROUNDS, SEARCHES = 10, 1000, 7, 5
WANTED = "q"
"""The name of one session in both folders, which the search leaves."""
QUIET = 1.0  # seconds in which what is done in the background after the start comes to its end
SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


class Times(NamedTuple):
    """Seconds to the first frame and to the rows after the start, and from a key of a search to its rows."""

    frame: float
    rows: float
    search: float


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """The ratios."""
    with tempfile.TemporaryDirectory() as temporary:
        homes = {count: _make(Path(temporary) / str(count), count) for count in (FEW, MANY)}
        measured: dict[int, list[Times]] = {count: [] for count in homes}
        for _ in range(rounds):
            for count, home in homes.items():
                measured[count].append(_measure(home))
        for field in Times._fields:
            few, many = (
                statistics.median(getattr(times, field) for times in measured[count]) for count in homes
            )
            value = f"{many / few:.2f} x ({many * 1000:.0f} to {few * 1000:.0f} ms)"
            yield Figure(f"home, {field}", value, f"<= 1.5 x {FEW} sessions", many <= 1.5 * few)


def _make(home: Path, count: int) -> Path:
    """A data folder with sessions that have been read once."""
    folder = home / "recode" / "sessions"
    folder.mkdir(parents=True)
    text = SAMPLE.read_bytes()
    for number in range(count):
        name = f"s{number:04}" if number else WANTED
        (folder / f"{name}.jsonl").write_bytes(text)
    entry_cache.save(folder, map(load_result, scan(folder)))
    return home


def _measure(home: Path) -> Times:
    env = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "CONFIG")}
    command = recode()
    began = time.monotonic()
    with Terminal(command, env={**env, "XDG_DATA_HOME": str(home)}) as terminal:
        terminal.wait_for("Sessions")
        frame = time.monotonic() - began
        terminal.wait_for("sessions ─", "put a cd")
        rows = time.monotonic() - began
        terminal.press("/")
        terminal.wait_for("To the list")
        terminal.read_until(time.monotonic() + QUIET)
        searches = [_search(terminal) for _ in range(SEARCHES)]
        return Times(frame, rows, statistics.median(searches))


def _search(terminal: Terminal) -> float:
    """The time from a key to the rows that it leaves."""
    began = time.monotonic()
    terminal.press(WANTED)
    terminal.until(lambda text: " of " in text and "sessions ─" in text, "the filtered rows")
    took = time.monotonic() - began
    terminal.press("home", "ctrl+k")  # empties the field
    terminal.until(lambda text: " of " not in text, "all rows")
    return took


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
