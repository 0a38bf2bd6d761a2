"""The start of the command: `recode demo` beside the smallest Textual app, `recode --help` beside Python.

They start in turn, and the medians are compared.

    python -m tests.bench.start [ROUNDS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tests.bench.figures import Figure, show
from tests.bench.latency import MINIMAL, first_frame, recode

ROUNDS = 9


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """The first frame of the demo, and the help."""
    yield _help(rounds)
    yield _demo(rounds)


def _help(rounds: int) -> Figure:
    ours, python = [], []
    for _ in range(rounds):
        python.append(_seconds((sys.executable, "-c", "pass")))
        ours.append(_seconds((*recode(), "--help")))
    took, least = statistics.median(ours) * 1000, statistics.median(python) * 1000
    value = f"{took / least:.2f} x ({took:.0f} to {least:.0f} ms)"
    return Figure("recode --help", value, "<= 3 x python -c pass", took <= 3 * least)


def _demo(rounds: int) -> Figure:
    ours, minimal = [], []
    with tempfile.TemporaryDirectory() as home:
        folders = [f"--env=XDG_{name}_HOME={home}/{name.lower()}" for name in ("DATA", "STATE", "CONFIG")]
        for _ in range(rounds):
            minimal.append(first_frame(MINIMAL))
            ours.append(first_frame((*recode(), "demo"), *folders))
    took, least = statistics.median(ours), statistics.median(minimal)
    value = f"{took / least:.2f} x ({took:.0f} to {least:.0f} ms)"
    return Figure("recode demo, first frame", value, "<= 1.3 x the minimal app", took <= 1.3 * least)


def _seconds(command: tuple[str, ...]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
