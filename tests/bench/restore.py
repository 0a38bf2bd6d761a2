"""Time to restore a household session of 10,000 actions, as a ratio to running it, and what checkpoints take.

A scripted policy walks between receptacles, a hundred actions an expansion, with the limit of steps
raised. The policy answers at once: beside a model's seconds, the ratios would be smaller. A restore
builds a second run beside the first, its world too, and compares all that it repeats.

    python -m tests.bench.restore [ACTIONS [BUDGET_MB]]
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from recode_core.agents.recode import ReCode
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.restore import Restorer
from recode_core.environments.household import Household
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.checkpoints import BUDGET, EVERY, Checkpoints
from recode_core.interpreter import Interpreter
from recode_core.log import Log
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from tests.bench.alone import alone
from tests.bench.figures import Figure, show

TASK = "put:7"
ACTIONS, ROUNDS = 10_000, 3
NEVER = 1 << 60
CODES = {
    "solve(instruction, observation)": r"""
import re
places = re.findall(r'[a-z]+ \d+', observation)
seen = {}
for tour in range(TOURS):
    walk(tour)
""",
    "walk(tour)": """
for i in range(50):
    place = places[(tour * 7 + i) % len(places)]
    view = run(f'go to {place}')
    if 'is closed' in view:
        view = run(f'open {place}')
    else:
        view = run(f'examine {place}')
    seen[place] = view
""",
}


def opened(tours: int, checkpoints: Checkpoints) -> Debugger:
    """A debugger before the first observation."""
    log, home = Log(), Household()
    replies = {name: str(ParsedReply("a tour", code)) for name, code in CODES.items()}
    root = "solve(instruction, observation)"
    replies[root] = replies[root].replace("TOURS", str(tours))

    def start() -> Run:
        policy = Scripted(replies)
        return Run(
            Recorder(log), ReCode(home.guide), policy, Interpreter(), None, "snapshot", Limits(), NEVER
        )

    run = start()
    run.world = home.open(TASK)
    restorer = Restorer(log, start, lambda: home.open(TASK), "snapshot")
    restorer.checkpoints = checkpoints
    return Debugger(log, Executor(run), restorer)


def seconds_to_restore(debugger: Debugger, n: int) -> float:
    """The median of a few restores to record `n`."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        executor = debugger.parts.restorer.restore_background(debugger.timeline.up_to(n))
        taken.append(time.perf_counter() - began)
        executor.run.interpreter.close()
    return statistics.median(taken)


def resident_mb() -> float:
    """Memory of this process, without the sandbox's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(name: str, tours: int, budget: int, every: int) -> Iterator[Figure]:
    """Run, restore, and measure the memory."""
    before, checkpoints = resident_mb(), Checkpoints(budget, every)
    debugger = opened(tours, checkpoints)
    began = time.perf_counter()
    debugger.resume()
    ran = time.perf_counter() - began
    resident, size = resident_mb() - before, checkpoints.size
    stops = debugger.timeline.stops
    steps = debugger.parts.live_run().executor.run.spent.steps
    for part, where in ((2, "middle"), (4, "end")):
        seconds = seconds_to_restore(debugger, stops[len(stops) * part // 4 - 1].n)
        what = f"restore the {where} of {steps:,} actions, {name}"
        value = f"{seconds / ran:.1%} ({seconds:.3f} s, the run {ran:.2f} s)"
        if where == "end" and every != NEVER:
            yield Figure(what, value, "<= 10 % of the run", seconds <= 0.1 * ran)
        else:
            yield Figure(what, value)
    debugger.close()
    memory = f"{len(checkpoints)} of {size / 2**20:.2f} MB, resident {resident:.1f} MB"
    yield Figure(f"checkpoints of {steps:,} actions, {name}", memory)


def figures(actions: int = ACTIONS, budget_mb: float = BUDGET / 2**20) -> Iterator[Figure]:
    """With and without checkpoints, each in a process of its own."""
    for name, every in (("as usual", EVERY), ("none kept", NEVER)):
        yield from alone(row, name, actions // 100, int(budget_mb * 2**20), every)


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if sys.argv[1:] else ACTIONS, *map(float, sys.argv[2:])))
