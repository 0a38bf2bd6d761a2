"""Time to restore a household session of 10,000 actions, as a ratio to running it, and what checkpoints take.

A scripted policy walks between receptacles, a hundred actions an expansion, with the limit of steps
raised. The policy answers at once: beside a model's seconds, the ratios would be smaller. A restore
builds a second run beside the first, its world too, and compares all that it repeats.

    python tests/bench/restore.py [ACTIONS [BUDGET_MB]]
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import time
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

TASK = "put:7"
ROUNDS = 3
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


def row(name: str, tours: int, budget: int, every: int) -> None:
    """Run, restore, and print a line of the table."""
    before, checkpoints = resident_mb(), Checkpoints(budget, every)
    debugger = opened(tours, checkpoints)
    began = time.perf_counter()
    debugger.resume()
    ran = time.perf_counter() - began
    resident, size = resident_mb() - before, checkpoints.size
    rests = debugger.timeline.stops
    times = [seconds_to_restore(debugger, rests[len(rests) * part // 4 - 1].n) for part in (2, 4)]
    debugger.close()
    steps = debugger.parts.live_run().executor.run.spent.steps
    ratios = "".join(f"{seconds:9.3f} s {100 * seconds / ran:5.1f} %" for seconds in times)
    kept = f"{len(checkpoints):5} {size / 2**20:6.2f} MB"
    print(
        f"{name:16} {steps:7} {len(debugger.log):8} {ran:6.2f} s{ratios} {kept} {resident:7.1f} MB",
        flush=True,
    )


def main(actions: int = 10_000, budget_mb: float = BUDGET / 2**20) -> None:
    print(f"{'':16} actions  records      run    restore middle       restore end    checkpoints    resident")
    for name, every in (("with checkpoints", EVERY), ("without", NEVER)):
        arguments = (name, actions // 100, int(budget_mb * 2**20), every)
        alone = multiprocessing.get_context("spawn").Process(target=row, args=arguments)
        alone.start()  # else what one has used would be there for the next
        alone.join()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10_000, *map(float, sys.argv[2:]))
