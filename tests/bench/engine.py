"""Time per primitive action: sandboxed, recorded and driven line by line, beside a plain `exec`.

The loop is a find-and-take loop. The plain side runs the same source with `exec` in a worker
thread, its `run` hopping onto an event loop for each action, as an agent inside an app must.
Rounds alternate, so that the ratio holds when the machine's speed drifts.

    python tests/bench/engine.py [ROUNDS]
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from recode_core.agents.recode import ReCode
from recode_core.environments.environment import Guide
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.run_state import AtEnd
from recode_core.interpreter import Interpreter
from recode_core.log import Log
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings, Writer, read
from recode_core.session.header import new_header
from recode_core.values import Observation

LOOP = """locations = [f"drawer {i}" for i in range(PASSES)]
for location in locations:
    obs = run(f'go to {location}')
    if 'closed' in obs:
        obs = run(f'open {location}')
    if ' soapbar ' in obs:
        break
"""
RECORDS_A_PASS = 13
SIZES = (100, 1_000, 10_000, 100_000)


class Drawers:
    """A world of closed, empty drawers."""

    instruction = "find the soapbar"
    step_limit = 10**9

    def reset(self) -> Observation:
        return Observation("You see drawers.")

    def step(self, action: str) -> Observation:
        if action.startswith("go to"):
            return Observation("You arrive at the drawer. The drawer is closed.")
        return Observation("You open the drawer. In it, you see nothing.")

    def close(self) -> None:
        pass


def engine(passes: int, path: Path) -> float:
    """Seconds an action of a recorded run; the session is left at `path`."""
    code = LOOP.replace("PASSES", str(passes))
    with contextlib.closing(Writer.create(path, new_header(path.stem, Settings("drawers", "1")))) as file:
        log = Log(sink=file.write)
        policy = Scripted([f"<think>Search.</think>\n<execute>\n{code}</execute>"])
        world = Drawers()
        interpreter = Interpreter()
        executor = Executor(
            Run(
                Recorder(log),
                ReCode(Guide("", "")),
                policy,
                interpreter,
                world,
                "snapshot",
                Limits(),
                world.step_limit,
            )
        )
        executor.advance()  # to the policy call
        executor.advance()  # to the first statement
        began = time.perf_counter()
        while not isinstance(executor.state, AtEnd):
            executor.advance()
        seconds = time.perf_counter() - began
        interpreter.close()
    return seconds / executor.run.spent.steps


def plain(passes: int) -> float:
    """Seconds an action of `exec`, with a hop onto an event loop for each."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    world, count = Drawers(), 0

    async def step(action: str) -> str:
        return world.step(action).text

    def run(action: str) -> str:
        nonlocal count
        count += 1
        return asyncio.run_coroutine_threadsafe(step(action), loop).result()

    began = time.perf_counter()
    exec(LOOP.replace("PASSES", str(passes)), {"run": run})
    seconds = time.perf_counter() - began
    loop.call_soon_threadsafe(loop.stop)
    return seconds / count


def main(rounds: int) -> None:
    """Print a row a size."""
    with tempfile.TemporaryDirectory() as folder:
        engine(20, Path(folder) / "warm-up.jsonl")
        print(" records   engine   plain   ratio  (µs an action; medians)    load")
        for size in SIZES:
            passes, pairs = max(2, size // RECORDS_A_PASS), []
            for number in range(rounds):
                path = Path(folder) / f"{size}-{number}.jsonl"
                pairs.append((engine(passes, path), plain(passes)))
            began = time.perf_counter()
            count = len(read(path).records)
            load = time.perf_counter() - began
            ratio = statistics.median(e / p for e, p in pairs)
            each = [statistics.median(side) * 1e6 for side in zip(*pairs, strict=True)]
            print(f"{count:8d} {each[0]:8.1f} {each[1]:7.1f} {ratio:7.2f} {'':29s} {load * 1000:7.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
