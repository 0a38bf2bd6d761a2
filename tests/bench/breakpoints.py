"""What breakpoints that never fire cost a move over recorded history, as a ratio to the move without them.

One find-and-take loop is run and recorded at each size; then `continue` goes from its start to its end, in
turn without a breakpoint and with one of each kind, and of two kinds with a condition or a count.

    python -m tests.bench.breakpoints [RECORDS …]
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from recode_core.agents.recode import ReCode
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.restore import Restorer
from recode_core.environments.environment import Guide
from recode_core.executor import Limits, Recorder, Run
from recode_core.interpreter import Interpreter
from recode_core.policies.scripted import Scripted
from recode_core.session import read
from tests.bench.engine import RECORDS_A_PASS, Drawers, engine

SIZES = (1_000, 10_000, 100_000)
POINTS = (
    ("placeholder", "nothing", "", 0),
    ("line", "0:3", "False", 0),
    ("action", "go to shelf *", "", 0),
    ("observation", "*a cup*", "", 0),
    ("variable", "nothing", "", 0),
    ("depth", "9", "", 0),
    ("status", "failed", "", 0),
    ("before-model", "", "episode.calls > 5", 0),
    ("after-model", "", "", 5),
    ("failure", "", "", 0),
    ("score", ">0.5", "", 0),
    ("budget", "calls>100", "", 0),
    ("action", "go to *", "", 10**6),
    ("action", "open *", "len(locations) < 0", 0),
)


def debugger_on(path: Path) -> Debugger:
    """A debugger on a recording, with its environment at hand."""
    log = read(path).log()

    def execution() -> Run:
        agent = ReCode(Guide("", ""))
        return Run(Recorder(log), agent, Scripted([]), Interpreter(), None, "replay", Limits(), 10**9)

    return Debugger(log, None, Restorer(log, execution, Drawers, "replay"))


def seconds_of(debugger: Debugger) -> float:
    """How long `continue` takes from the first statement to the end."""
    debugger.goto(debugger.timeline.stops[2].n)
    began = time.perf_counter()
    stop = debugger.resume()
    seconds = time.perf_counter() - began
    assert stop.kind == "end", stop
    return seconds


def main(sizes: list[int]) -> None:
    """Print a row for each breakpoint, a column for each size."""
    rows: dict[str, list[str]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "loop.jsonl"
            engine(max(2, size // RECORDS_A_PASS), path)
            with closing(debugger_on(path)) as debugger:
                without = min(seconds_of(debugger) for _ in range(3))
                rows.setdefault("without", []).append(f"{without * 1000:9.1f} ms")
                for kind, pattern, condition, after in POINTS:
                    point = debugger.add_breakpoint(kind, pattern, condition, after)
                    name = f"{kind} {pattern}{f' if {condition}' if condition else ''}"
                    name += f" after {after}" if after else ""
                    first = seconds_of(debugger) / without
                    again = min(seconds_of(debugger) for _ in range(2)) / without
                    rows.setdefault(name, []).append(f"{first:5.1f} {again:5.1f}")
                    debugger.delete(point.id)
    print(f"{'ratio: first time, again':40s}" + "".join(f"{size:>14,d}" for size in sizes))
    for name, cells in rows.items():
        print(f"{name:40s}" + "".join(f"{cell:>14s}" for cell in cells))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
