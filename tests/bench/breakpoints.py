"""What breakpoints that never fire cost a move over recorded history, as a ratio to the move without them.

One find-and-take loop is run and recorded at each size; then `continue` goes from its start to its end, in
turn without a breakpoint and with one of each kind, and of two kinds with a condition or a count. The first
move with a breakpoint, which may have to evaluate its condition anew, is measured alone.

    python -m tests.bench.breakpoints [RECORDS …]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
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
from tests.bench.figures import Figure, show

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
    ("action", "open *", "location == 'safe 1'", 0),
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


def figures(sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """A ratio for each breakpoint: of the moves after the first one, and of the first."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "loop.jsonl"
            engine(max(2, size // RECORDS_A_PASS), path)
            with closing(debugger_on(path)) as debugger:
                for point in POINTS:
                    yield _ratio(debugger, size, *point)


def _ratio(debugger: Debugger, size: int, kind: str, pattern: str, condition: str, after: int) -> Figure:
    name = f"{kind} {pattern}{f' if {condition}' if condition else ''}{f' after {after}' if after else ''}"
    point = debugger.add_breakpoint(kind, pattern, condition, after)
    first, moves, without = seconds_of(debugger), [], []
    debugger.delete(point.id)
    for _ in range(max(3, 30_000 // size)):
        without.append(seconds_of(debugger))
        point = debugger.add_breakpoint(kind, pattern, condition, after)
        moves.append(seconds_of(debugger))
        debugger.delete(point.id)
    least, taken = min(without), min(moves)
    ratio, ms = taken / least, 1000
    value = f"{ratio:.2f} x ({taken * ms:.1f} to {least * ms:.1f} ms), first {first / least:.1f} x"
    return Figure(f"{size:,}: {name}", value, "<= 1.5 x without", ratio <= 1.5)


if __name__ == "__main__":
    show(figures([int(size) for size in sys.argv[1:]] or SIZES))
