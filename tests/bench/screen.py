"""What the screen costs on sessions of 1,000 to 100,000 nodes, beside the smallest Textual app and `Tree`.

Latencies are measured in a real pty by `../shared/tools/pty_latency.py`, in turn with `minimal_app.py`, three
times, and the medians compared. What is added and streamed is measured in this process.

    python -m tests.bench.screen [keys] [nodes] [stream]
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
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
from tests.tui.debug.debugger_pilot import DebuggerPilot

TOOLS = Path(__file__).parents[3] / "shared" / "tools"
ROUNDS = 3
SIZES = (1_000, 10_000, 100_000)
REPLAY = (sys.executable, "-c", "from recode_tui.cli import main; main()", "replay")
KEYS: dict[str, tuple[str, str]] = {
    "cursor down": ("down", ""),
    "step": ("s", ":,goto 0.1,enter,sleep1"),
    "step back": ("S", ":,goto 0.1,enter,sleep1"),
    "next hit": (".", "/,search_room,enter,sleep1"),
}
"""What is pressed again and again, and what before."""

Measured = dict[str, dict[str, float]]


def say(what: str, figure: str, is_ok: bool | None = None, bound: str = "") -> None:
    """One line a figure."""
    verdict = "" if is_ok is None else f"  {bound:<28} {'ok' if is_ok else 'NOT OK'}"
    print(f"{what:<44} {figure:<34}{verdict}", flush=True)


# keys and the first frame, in a pty


def measured(command: tuple[str, ...], *options: str) -> Measured:
    """What the tool finds out about a program."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
        tool = [sys.executable, str(TOOLS / "pty_latency.py"), "--json", file.name, *options]
        subprocess.run([*tool, "--", *command], check=True, stdout=subprocess.DEVNULL)
        found: Measured = json.loads(file.read())
    return found


def keys(folder: Path) -> None:
    """Key to first frame, and the start, each as a ratio to the smallest app."""
    session = folder / f"{SIZES[-1]}.jsonl"
    least: list[Measured] = []
    found: dict[str, list[Measured]] = {name: [] for name in KEYS}
    for _ in range(ROUNDS):
        for name, (key, before) in KEYS.items():
            least.append(measured((sys.executable, str(TOOLS / "minimal_app.py")), "--count", "60"))
            options = ("--count", "60", "--keys", key, "--pre", before, "--ready", "search_room_1")
            found[name].append(measured((*REPLAY, str(session)), *options))
    floor = median(least, "frame", "p95")
    for name, runs in found.items():
        p95, whole = median(runs, "frame", "p95"), median(runs, "last", "p95")
        used = median(runs, "cpu", "p50")
        figure = f"{p95:.1f} ms, {p95 / floor:.2f} x {floor:.1f} ms (all {whole:.1f}; processor {used:.1f})"
        say(f"{name}, key to first frame, p95", figure, p95 <= 1.5 * floor, "<= 1.5 x the minimal app")
    every = [run for runs in found.values() for run in runs]
    first, least_first = median(every, "startup", "sync_frame"), median(least, "startup", "sync_frame")
    figure = f"{first:.0f} ms, {first / least_first:.2f} x {least_first:.0f} ms"
    say("start to first frame", figure, first <= 2.5 * least_first, "<= 2.5 x the minimal app")
    say("start to the whole tree", f"{median(every, 'startup', 'quiet') / 1000:.1f} s")


def median(runs: list[Measured], *path: str) -> float:
    """The median of one figure."""
    outer, inner = path
    return statistics.median(run[outer][inner] for run in runs)


# a node more


def nodes(folder: Path) -> None:
    """A node is added to a session that is shown, and drawn; the same in Textual's own tree."""
    found = {size: asyncio.run(_ours(folder / f"{size}.jsonl")) for size in SIZES}
    theirs = asyncio.run(_theirs(SIZES[-1], 5))
    for size, (seconds, _) in found.items():
        is_ok = seconds <= 0.015 or (size == SIZES[-1] and seconds <= theirs / 50)
        say(
            f"a node more among {size:,}, processor",
            f"{seconds * 1000:.1f} ms",
            is_ok,
            "<= 15 ms, or Tree / 50",
        )
    say(f"the same in Textual's Tree, {SIZES[-1]:,}", f"{theirs * 1000:.0f} ms")
    ratio = found[SIZES[-1]][0] / found[SIZES[0]][0]
    say("a node more, 100,000 to 1,000", f"{ratio:.2f}", ratio <= 1.2, "<= 1.2")
    grown = (found[SIZES[-1]][1] - found[SIZES[0]][1]) / (SIZES[-1] - SIZES[0])
    say("memory of a node, records and all", f"{grown:,.0f} bytes", grown <= 5000, "<= 5,000 bytes")


async def _ours(path: Path) -> tuple[float, int]:
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

        seconds = await _timed(pilot.pause, add, 40)
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


def stream(folder: Path) -> None:
    """The share of a core that a reply takes while it arrives, after 1,000 and 10,000 tokens."""
    shares = {}
    for count in (1_000, 10_000):
        shares[count] = asyncio.run(_listened(folder / f"stream-{count}.jsonl", Talker(count)))
        say(
            f"200 tokens/s after {count:,}, of a core",
            f"{shares[count]:.1%}",
            shares[count] <= 0.25,
            "<= 25 %",
        )
    ratio = shares[10_000] / shares[1_000]
    say("the stream, 10,000 to 1,000 tokens", f"{ratio:.2f}", ratio <= 1.2, "<= 1.2 (flat)")


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


PARTS: dict[str, Callable[[Path], None]] = {"keys": keys, "nodes": nodes, "stream": stream}


def main(names: list[str]) -> None:
    """Measure these parts, or all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in SIZES:
            make(folder / f"{size}.jsonl", size)
        for part in names or PARTS:
            if part == "keys" and not TOOLS.is_dir():
                say("keys", f"skipped: there is no {TOOLS}")
            else:
                PARTS[part](folder)


if __name__ == "__main__":
    main(sys.argv[1:])
