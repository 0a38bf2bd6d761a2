"""Time per primitive action: sandboxed, recorded and driven line by line, beside a plain `exec`.

The loop is a find-and-take loop. The plain side runs the same source with `exec` in a worker
thread, its `run` hopping onto an event loop for each action, as an agent inside an app must.
Rounds alternate, so that the ratio holds when the machine's speed drifts. An expansion is measured without
its policy.

    python -m tests.bench.engine [ROUNDS]
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from recode_core.agents.recode import ReCode
from recode_core.environments.environment import Guide
from recode_core.environments.household import Household
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.run_state import AtEnd, AtModel
from recode_core.interpreter import Interpreter
from recode_core.log import Log
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings, Writer
from recode_core.session.header import new_header
from recode_core.testing import RunWiring, reply
from recode_core.values import Observation
from tests.bench.figures import Figure, show

LOOP = """locations = [f"drawer {i}" for i in range(PASSES)]
for location in locations:
    obs = run(f'go to {location}')
    if 'closed' in obs:
        obs = run(f'open {location}')
    if ' soapbar ' in obs:
        break
"""
RECORDS_A_PASS, ROUNDS = 13, 5
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


def expansion(count: int, path: Path) -> float:
    """Seconds an expansion of a recorded run, from its placeholder to its first statement.

    The policy answers at once. Each of `count` placeholders is expanded to one statement; the prompts are
    household's.
    """
    replies = [reply("\n".join(f"search_{n}()" for n in range(count)))]
    replies += [reply(f"found = {n}") for n in range(count)]
    with contextlib.closing(Writer.create(path, new_header(path.stem, Settings("drawers", "1")))) as file:
        wiring = RunWiring(
            lambda: Scripted(replies),
            Drawers,
            Household().guide,
            limits=Limits(calls=None),
            log=Log(sink=file.write),
        )
        executor, seconds = wiring.executor(), 0.0
        with contextlib.closing(executor.run.interpreter):
            while not isinstance(before := executor.state, AtEnd):
                began = time.perf_counter()
                state = executor.advance()
                if isinstance(before, AtModel) or isinstance(state, AtModel):
                    seconds += time.perf_counter() - began
        assert executor.run.spent.calls == count + 1
    return seconds / (count + 1)


def figures(rounds: int = ROUNDS, sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """An action at each size, whether it stays the same, and an expansion."""
    pairs: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.jsonl"
        engine(20, path.with_name("warm-up.jsonl"))
        for _ in range(rounds):
            for size, found in pairs.items():
                for _ in range(min(5, max(1, 10_000 // size))):
                    passes = max(2, size // RECORDS_A_PASS)
                    found.append((engine(passes, path), plain(passes)))
                    path.unlink()
        for size, found in pairs.items():
            ratio = statistics.median(engine / plain for engine, plain in found)
            ours, theirs = (statistics.median(side) * 1e6 for side in zip(*found, strict=True))
            value = f"{ratio:.2f} x ({ours:.0f} to {theirs:.0f} µs)"
            yield Figure(f"an action, {size:,} records", value, "<= 2 x exec with a hop", ratio <= 2)
        first, last = (statistics.median(ours for ours, _ in pairs[size]) for size in (sizes[0], sizes[-1]))
        what = f"an action, {sizes[-1]:,} records to {sizes[0]:,}"
        yield Figure(what, f"{last / first:.2f}", "<= 1.2 (flat)", last <= 1.2 * first)
        taken = []
        for _ in range(rounds):
            taken.append(expansion(200, path))
            path.unlink()
        took = statistics.median(taken) * 1000
        yield Figure("an expansion without the policy", f"{took:.2f} ms", "<= 3 ms", took <= 3)


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
