"""What it costs to follow a run that another process records, and keys while it is recorded.

The records of a long run are appended to a file at a fixed rate, while `recode replay --follow` shows it in a
real pty. The processor's time is that of the whole program over some seconds. A key, which is a page down the
plan, counts until its rows are on the screen; the smallest app's until its counter is.

    python -m tests.bench.follow [SECONDS]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from recode_core.session.lock import open_locked
from tests.bench.big_session import make
from tests.bench.engine import RECORDS_A_PASS, engine
from tests.bench.figures import Figure, show
from tests.bench.latency import MINIMAL, recode
from tests.tui.terminal import Terminal

RATE = 200  # records a second
UPDATES = 100  # records a second, while keys are pressed
STEPS = 20_000  # of an hour's session
SECONDS = 10.0
KEYS = 40
NODES = 100_000
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def growing(lines: list[bytes], path: Path, before: int, rate: int) -> Iterator[Callable[[], int]]:
    """A file of `before` lines that grows at a rate, locked as by its writer. Tells how many are there."""
    path.write_bytes(b"".join(lines[:before]))
    file, _ = open_locked(path, os.O_WRONLY | os.O_APPEND)
    stopped, written = threading.Event(), [before]

    def write() -> None:
        began = time.monotonic()
        while not stopped.wait(0.01) and written[0] < len(lines):
            due = min(len(lines), before + int((time.monotonic() - began) * rate))
            os.write(file, b"".join(lines[written[0] : due]))
            written[0] = due

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield lambda: written[0]
    finally:
        stopped.set()
        thread.join()
        os.close(file)


def figures(
    seconds: float = SECONDS, steps: int = STEPS, nodes: int = NODES, keys: int = KEYS
) -> Iterator[Figure]:
    """The share of a core that following takes, early and late in a run, and keys meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine(max(2, steps // 2), folder / "loop.jsonl")
        lines = (folder / "loop.jsonl").read_bytes().splitlines(keepends=True)
        early = _share(lines, folder, 100, seconds)
        yield Figure(f"{RATE} records/s, of a core", f"{early:.1%}", "<= 30 %", early <= 0.3)
        late = _share(lines, folder, len(lines) - int(RATE * (seconds + 30)), seconds)
        what = f"{RATE} records/s after {len(lines) // RECORDS_A_PASS * 2:,} steps, of a core"
        yield Figure(what, f"{late:.1%}", "<= 30 %", late <= 0.3)
        make(folder / "plan.jsonl", nodes)
        yield _keys((folder / "plan.jsonl").read_bytes().splitlines(keepends=True), folder, nodes, keys)


def _share(lines: list[bytes], folder: Path, before: int, seconds: float) -> float:
    """The share of a core that the program takes while it follows."""
    path = folder / "followed.jsonl"
    with growing(lines, path, max(10, before), RATE) as written, _opened(path, folder) as terminal:
        terminal.wait_for("following")
        terminal.read_until(time.monotonic() + 2)
        count, used, began = written(), _seconds_of(terminal.pid), time.monotonic()
        terminal.read_until(began + seconds)
        took = time.monotonic() - began
        assert written() - count > RATE * took / 2, "the run was over too early"
        return (_seconds_of(terminal.pid) - used) / took


def _keys(lines: list[bytes], folder: Path, nodes: int, count: int) -> Figure:
    """The 95th percentile of the time from a key to the row that it selects, while records arrive."""
    path = folder / "keys.jsonl"
    least = []
    with Terminal(MINIMAL) as minimal:
        minimal.wait_for("cur=0")
        for number in range(1, count + 1):
            least.append(_time_to(minimal, "down", partial(_has, f"cur={number}")))
    with (
        growing(lines, path, max(100, len(lines) - UPDATES * 120), UPDATES),
        _opened(path, folder) as terminal,
    ):
        terminal.wait_for("following", "search_shelf")
        for key in ("home", "page down", "page down"):  # away from the rows that count what arrives
            terminal.press(key)
            terminal.read_until(time.monotonic() + 0.5)
        ours = []
        for _ in range(count):
            ours.append(_time_to(terminal, "page down", partial(_differs, _plan(terminal.text))))
    took, floor = (statistics.quantiles(each, n=20)[-1] * 1000 for each in (ours, least))
    value = f"{took / floor:.2f} x ({took:.1f} to {floor:.1f} ms)"
    what = f"a page of {nodes:,} nodes, {UPDATES} records/s, p95"
    return Figure(what, value, "<= 3 x the minimal app", took <= 3 * floor)


def _has(words: str, text: str) -> bool:
    return words in text


def _differs(before: list[str], text: str) -> bool:
    return _plan(text) != before


def _plan(text: str) -> list[str]:
    """The rows of the plan, without their counts."""
    return [line[1:30] for line in text.splitlines()[2:30]]


@contextmanager
def _opened(path: Path, folder: Path) -> Iterator[Terminal]:
    env = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    with Terminal([*recode(), "replay", "--follow", str(path)], env=env) as terminal:
        yield terminal


def _time_to(terminal: Terminal, key: str, holds: Callable[[str], bool]) -> float:
    """Seconds from a key to a screen for which something holds."""
    terminal.read_until(time.monotonic() + 0.05)
    began = time.perf_counter()
    terminal.press(key)
    terminal.until(holds)
    return time.perf_counter() - began


def _seconds_of(pid: int) -> float:
    """The processor's time of a process and its children that have ended, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS


if __name__ == "__main__":
    show(figures(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
