"""A terminal that goes away while `recode` draws on it, and what is left of the program then.

`python -m tests.tui.vanishing 100` closes that many at random moments and prints what came of each.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recode_core.session import Writer
from tests.tui.terminal import PATIENCE, Terminal

How = Literal["hangup", "no signal", "nohup"]
"""The kernel signals it, or signals only the shell that it runs in, or it ignores the signal."""

HOWS: tuple[How, ...] = ("hangup", "no signal", "nohup")
ALLOWED = 5.0  # seconds that a program may take to end; printed by hand, never asserted

SLOW = """
import time
from recode_core.environments.household.world import HouseholdWorld

step = HouseholdWorld.step

def slowly(self, action):
    time.sleep(0.3)
    return step(self, action)

HouseholdWorld.step = slowly
from recode_tui.cli import main
main()
"""
IN_A_SHELL = """
import signal, subprocess, sys
signal.signal(signal.SIGHUP, lambda *_: None)
sys.exit(subprocess.call([sys.executable, "-c", *sys.argv[1:]]))
"""


@dataclass(frozen=True)
class Left:
    """What is left of a program whose terminal went away."""

    code: int | None  # None: it had to be killed
    seconds: float
    processes: tuple[int, ...]  # of the program's, which still run
    unusable: tuple[str, ...]  # sessions that can't be opened again, and why
    stray: tuple[str, ...]  # files beside the sessions

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left, and every session can be gone on with."""
        return self.code is not None and not (self.processes or self.unusable or self.stray)


def vanish(folder: Path, arguments: list[str], how: How, ready: Callable[[Terminal], None]) -> Left:
    """Start `recode`, wait until it is `ready`, take its terminal away, and look at what is left."""
    env = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    argv = [sys.executable, "-c", *([IN_A_SHELL] if how == "no signal" else []), SLOW, *arguments]
    ignoring = [signal.SIGHUP] if how == "nohup" else []
    with Terminal(argv, env=env, ignoring=ignoring) as terminal:
        ready(terminal)
        family = [terminal.pid, *descendants(terminal.pid)]
        began = time.monotonic()
        terminal.close_window()
        with contextlib.suppress(AssertionError):
            terminal.wait_for_exit()
        seconds = time.monotonic() - began
        family += [pid for each in family for pid in descendants(each)]
        left = tuple(pid for pid in dict.fromkeys(family) if until_gone(pid, began + PATIENCE))
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return Left(terminal.exit_code, seconds, left, *_files(folder))


def _files(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    unusable, stray = [], []
    for path in (each for each in folder.rglob("*") if each.is_file()):
        if path == folder / "state" / "recode" / "state.json":  # what the app remembers
            continue
        if path.suffix != ".jsonl":
            stray.append(path.name)
            continue
        try:
            Writer.reopen(path)[0].close()
        except Exception as error:
            unusable.append(f"{path.name}: {error}")
    return tuple(unusable), tuple(stray)


def until_gone(pid: int, end: float) -> bool:
    """Wait until a process has ended, to a moment; whether it still runs then."""
    while is_running(pid):
        if time.monotonic() > end:
            return True
        time.sleep(0.01)
    return False


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits for its parent to read its exit code does not."""
    return _stat(pid)[:1] not in {"", "Z", "X"}


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    parents = [(int(each.name), _stat(int(each.name)).split()) for each in Path("/proc").glob("[0-9]*")]
    found, left = [], [pid]
    while left:
        parent = left.pop()
        children = [each for each, stat in parents if len(stat) > 1 and stat[1] == str(parent)]
        found += children
        left += children
    return found


def _stat(pid: int) -> str:
    """What the system says of a process after its name: its state, its parent, …"""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(") ")[2]
    except OSError:
        return ""


# moments


def after(seconds: float) -> Callable[[Terminal], None]:
    """A moment of the start, whatever is on the screen."""

    def ready(terminal: Terminal) -> None:
        end = time.monotonic() + seconds
        terminal.read_until(end)

    return ready


def in_a_run(seconds: float = 0.0) -> Callable[[Terminal], None]:
    """A moment in a run that goes on."""

    def ready(terminal: Terminal) -> None:
        terminal.wait_for("at the start", "1 Plan")
        terminal.press("c")
        terminal.until(lambda seen: "◐" in seen.partition("\n")[0], "a run")
        after(seconds)(terminal)

    return ready


def moments(sample: Path, count: int, seed: int) -> Iterator[tuple[list[str], How, float, bool]]:
    """So many commands, ways to lose the terminal, and moments."""
    chosen = random.Random(seed)
    new = ["debug", "--env", "household", "--task", "puttwo:3:large"]
    commands: list[tuple[list[str], bool]] = [
        ([], False),
        (["demo"], False),
        (new, False),
        (["replay", str(sample)], False),
        (new, True),
    ]
    for number in range(count):
        arguments, is_run = commands[number % len(commands)]
        yield arguments, HOWS[number // len(commands) % len(HOWS)], chosen.uniform(0, 1.5), is_run


def main(count: int, seed: int) -> None:
    """Close so many terminals, and print what came of each."""
    sample = next(Path("sessions").glob("*.jsonl")).resolve()
    found: Counter[str] = Counter()
    slowest = 0.0
    for arguments, how, seconds, is_run in moments(sample, count, seed):
        with tempfile.TemporaryDirectory() as folder:
            ready = in_a_run(seconds) if is_run else after(seconds)
            left = vanish(Path(folder), arguments, how, ready)
        slowest = max(slowest, left.seconds)
        what = "hangs" if left.code is None else "late" if left.seconds > ALLOWED else "gone"
        found[what] += 1
        found["processes left"] += bool(left.processes)
        found["sessions unusable"] += bool(left.unusable)
        found["files left"] += bool(left.stray)
        name = " ".join(arguments[:1]) or "home"
        print(f"{name}{' (running)' if is_run else ''}, {how}, {seconds:.2f}: {what} {left}", flush=True)
    print(f"{count} closed: {dict(found)}, slowest {slowest:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
