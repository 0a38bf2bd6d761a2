"""What the screen costs on sessions of 1,000 to 100,000 nodes, beside the smallest Textual app and `Tree`.

Latencies are measured in a real pty, in turn with the smallest app, three times, and the medians compared.
What is added and streamed is measured in this process.

    python -m tests.bench.screen [keys] [nodes] [stream]
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

os.environ.setdefault("TEXTUAL_FPS", "120")  # as the command sets it, before textual is imported

from textual.app import App, ComposeResult
from textual.widgets import Tree as TextualTree

from recode_core.debugger import debug_session as core
from recode_core.events import Place, StatementReached
from recode_core.policies.policy import Reply, Request
from recode_core.session import Settings
from recode_core.values import Span
from recode_tui import session_sources
from recode_tui.app import RecodeApp
from tests.bench.big_session import make
from tests.bench.figures import Figure, show
from tests.bench.latency import MINIMAL, Measured, measured, median, recode
from tests.tui.debug.debugger_pilot import DebuggerPilot

ROUNDS, COUNT = 3, 40
SIZES = (1_000, 10_000, 100_000)
KEYS: dict[str, tuple[str, str]] = {
    "cursor down": ("down", ""),
    "step": ("s", ":,goto 0.1,enter,sleep1"),
    "step back": ("S", ":,goto 0.1,enter,sleep1"),
    "next hit": (".", "/,search_room,enter,sleep1"),
}
"""What is pressed again and again, and what before."""


# keys and the first frame, in a pty


def keys(folder: Path, rounds: int, count: int) -> Iterator[Figure]:
    """Key to first frame, and the start, each as a ratio to the smallest app."""
    session = folder / f"{SIZES[-1]}.jsonl"
    make(session, SIZES[-1])
    least: list[Measured] = []
    found: dict[str, list[Measured]] = {name: [] for name in KEYS}
    times = ("--count", str(count))
    for _ in range(rounds):
        for name, (key, before) in KEYS.items():
            least.append(measured(MINIMAL, *times))
            options = (*times, "--keys", key, "--pre", before, "--ready", "search_room_1")
            found[name].append(measured((*recode(), "replay", str(session)), *options))
    floor = median(least, "frame", "p95")
    for name, runs in found.items():
        p95, whole = median(runs, "frame", "p95"), median(runs, "last", "p95")
        used = median(runs, "cpu", "p50")
        value = f"{p95 / floor:.2f} x ({p95:.1f} to {floor:.1f} ms; all {whole:.1f}, processor {used:.1f})"
        what = f"{name}, key to first frame, p95"
        yield Figure(what, value, "<= 1.3 x the minimal app", p95 <= 1.3 * floor)
    every = [run for runs in found.values() for run in runs]
    first, least_first = median(every, "startup", "sync_frame"), median(least, "startup", "sync_frame")
    value = f"{first / least_first:.2f} x ({first:.0f} to {least_first:.0f} ms)"
    what = f"first frame of {SIZES[-1]:,} nodes"
    yield Figure(what, value, "<= 1.5 x the minimal app", first <= 1.5 * least_first)
    tree = median(every, "startup", "quiet") / 1000
    yield Figure("start to the whole tree", f"{tree:.1f} s", "<= 2 s", tree <= 2)


# a node more


def nodes(folder: Path, rounds: int, count: int) -> Iterator[Figure]:
    """A node is added to a session that is shown, and drawn; the same in Textual's own tree."""
    found = {}
    for size in SIZES:
        make(folder / f"{size}.jsonl", size)
        found[size] = asyncio.run(_ours(folder / f"{size}.jsonl", count))
    theirs = asyncio.run(_theirs(SIZES[-1], 2 + rounds))
    for size, (seconds, _) in found.items():
        what, value = f"a node more among {size:,}, processor", f"{seconds * 1000:.1f} ms"
        if size == SIZES[-1]:
            value = f"1/{theirs / seconds:.0f} ({value} to {theirs * 1000:.0f} ms)"
            yield Figure(what, value, "<= 1/50 of Textual's Tree", seconds <= theirs / 50)
        else:
            yield Figure(what, value)
    (first, memory), (last, grown) = found[SIZES[0]], found[SIZES[-1]]
    what = f"a node more, {SIZES[-1]:,} to {SIZES[0]:,}"
    yield Figure(what, f"{last / first:.2f}", "<= 1.2 (flat)", last <= 1.2 * first)
    each = (grown - memory) / (SIZES[-1] - SIZES[0])
    yield Figure("memory of a node, records and all", f"{each:,.0f} bytes", "<= 5,000 bytes", each <= 5000)


async def _ours(path: Path, times: int) -> tuple[float, int]:
    """Seconds of the processor, and the memory of the process beforehand."""
    app = RecodeApp(path.parent, session_sources.recording(path))
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: hasattr(app.screen, "frame") and app.screen.frame is not None, 120)
        screen, memory = ui.screen, _memory()
        stage = screen.controller.state
        assert stage is not None
        loop = "0.0.100.7"  # control flow, in the last shelf of the first room

        async def add(number: int) -> None:
            place = Place(f"{loop}#{number}.0", (number,), Span(1, 0, 1, 4))
            stage.session.log.append(StatementReached(place))
            screen.show(stage.frame(screen.engine.timeline))

        seconds = await _timed(pilot.pause, add, times)
        screen.engine.close()
    return seconds, memory


class TreeApp(App[None]):
    """Textual's own tree, and nothing else."""

    def compose(self) -> ComposeResult:
        yield TextualTree("root")


async def _theirs(size: int, times: int) -> float:
    app = TreeApp()
    async with app.run_test(size=(120, 40)) as pilot:
        root = app.query_one(TextualTree).root
        root.expand()
        for room in range(size // 1000):
            branch = root.add(f"search_room_{room}()", expand=True)
            for number in range(999):
                branch.add_leaf(f"obs = run('go to shelf {number}')")
        await pilot.pause()

        async def add(number: int) -> None:
            root.add_leaf(f"one more {number}")

        return await _timed(pilot.pause, add, times)


async def _timed(drawn: Callable[[], object], add: Callable[[int], object], times: int) -> float:
    """Median seconds of this thread's processor, from adding to the end of drawing."""
    taken = []
    for number in range(1, times + 1):
        await drawn()  # type: ignore[misc]
        began = time.thread_time()
        await add(number)  # type: ignore[misc]
        await drawn()  # type: ignore[misc]
        await asyncio.sleep(0.03)
        taken.append(time.thread_time() - began)
    return statistics.median(taken[1:])


def _memory() -> int:
    """Bytes that the process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


# a stream


class Talker:
    """A policy that says `quickly` tokens at once, then 200 a second for five seconds."""

    model = "talker"

    def __init__(self, quickly: int) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.share = 0.0
        self._quickly = quickly
        self._ended = threading.Event()

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """Talk, and measure what this process uses meanwhile."""
        for token in self._tokens(self._quickly):
            stream(token)
        time.sleep(2.0)
        began, used = time.monotonic(), time.process_time()
        for number, token in enumerate(self._tokens(1000), start=1):
            stream(token)
            time.sleep(max(0.0, began + number / 200 - time.monotonic()))
        self.share = (time.process_time() - used) / (time.monotonic() - began)
        self._ended.set()
        return Reply("<think>\nthat is all\n</think>\n<execute>\ndone = 1\n</execute>")

    def abort(self) -> None:
        """It says all it has to say."""

    def _tokens(self, count: int) -> Iterator[str]:
        for number in range(count):
            yield "\n" if number % 12 == 11 else f" token{number % 100}"

    @property
    def is_silent(self) -> bool:
        return self._ended.is_set()


def stream(folder: Path, rounds: int, count: int) -> Iterator[Figure]:
    """The share of a core that a reply takes while it arrives, after 1,000 and 10,000 tokens."""
    shares = {}
    for tokens in (1_000, 10_000):
        share = shares[tokens] = asyncio.run(_listened(folder / f"stream-{tokens}.jsonl", Talker(tokens)))
        yield Figure(f"200 tokens/s after {tokens:,}, of a core", f"{share:.1%}", "<= 30 %", share <= 0.3)
    ratio = shares[10_000] / shares[1_000]
    yield Figure("the stream, 10,000 to 1,000 tokens", f"{ratio:.2f}", "<= 1.2 (flat)", ratio <= 1.2)


async def _listened(path: Path, talker: Talker) -> float:
    settings = Settings("household", "put:7")
    app = RecodeApp(path.parent, lambda: core.start(settings, path, talker))
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: hasattr(app.screen, "frame") and app.screen.frame is not None, 60)
        await ui.press("s", "2", "right_square_bracket", "right_square_bracket")
        await ui.hit("s")
        await ui.until(lambda: "token" in ui.code, 60)
        while not talker.is_silent:
            await asyncio.sleep(0.2)
        await ui.settle()
        ui.screen.engine.close()
    return talker.share


PARTS = {"nodes": nodes, "stream": stream, "keys": keys}


def figures(
    rounds: int = ROUNDS, count: int = COUNT, names: Sequence[str] = tuple(PARTS)
) -> Iterator[Figure]:
    """These parts, with so many rounds, and keys or nodes in each."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            yield from PARTS[name](Path(folder), rounds, count)


if __name__ == "__main__":
    show(figures(names=sys.argv[1:] or tuple(PARTS)))
