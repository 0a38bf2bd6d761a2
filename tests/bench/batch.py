"""Wall time of a batch whose policy waits, one episode at a time and several, as a ratio; in this process and
as a command.

The policy is household's expert, which first waits as long as a model would take to answer.

    python -m tests.bench.batch [EPISODES] [AT_ONCE] [SECONDS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from recode_core.batch import Batch, BatchOptions, Progress, plan_batch
from recode_core.environments.household.expert import HouseholdExpert
from recode_core.policies.policy import Reply, Request
from recode_core.session import Settings
from tests.bench.figures import Figure, show
from tests.bench.latency import recode

EPISODES, AT_ONCE, SECONDS = 200, 8, 0.2
COMMAND = """
import sys, time
from recode_core.environments.household.expert import HouseholdExpert

seconds, expand = float(sys.argv.pop(1)), HouseholdExpert.expand

def wait_and_expand(self, request, stream):
    time.sleep(seconds)
    return expand(self, request, stream)

HouseholdExpert.expand = wait_and_expand
from recode_tui.cli import main
sys.argv[:1] = ["recode", "batch"]
main()
"""
"""`recode batch` with an expert that waits before it answers."""


class Waiting(HouseholdExpert):
    """The expert, after a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        time.sleep(self._seconds)
        return super().expand(request, stream)


def played(folder: Path, episodes: int, at_once: int, seconds: float) -> Progress:
    """How a batch of the train split ended, in a new folder."""
    manifest = plan_batch(Settings("household", ""), "train", count=episodes)
    with Batch(folder, manifest) as batch:
        return batch.run(BatchOptions(at_once, policy_of=lambda settings: Waiting(seconds)))


def figures(episodes: int = EPISODES, at_once: int = AT_ONCE, seconds: float = SECONDS) -> Iterator[Figure]:
    """From Python, and as a command."""
    for name, measure in (("from Python", _from_python), ("recode batch", _as_command)):
        walls, told = [], []
        for together in (1, at_once):
            with tempfile.TemporaryDirectory() as folder:
                before = sum(os.times()[:4])
                walls.append(measure(Path(folder) / "batch", episodes, together, seconds))
                busy = sum(os.times()[:4]) - before
            told.append(f"-c {together} {walls[-1]:.1f} s, computing {busy:.1f} s")
        value = f"{walls[0] / walls[1]:.2f} x ({'; '.join(told)})"
        what = f"{episodes} episodes, {seconds * 1000:g} ms a call, {name}"
        yield Figure(what, value, f">= 7 x (-c {at_once} to 1)", walls[0] >= 7 * walls[1])


def _from_python(folder: Path, episodes: int, at_once: int, seconds: float) -> float:
    progress = played(folder, episodes, at_once, seconds)
    assert progress.solved == progress.total, f"only {progress.solved} of {progress.total} are solved"
    return progress.seconds


def _as_command(folder: Path, episodes: int, at_once: int, seconds: float) -> float:
    """Seconds from the start of the process to its end."""
    recode()  # compiles it
    options = ("--env", "household", "--split", "train", "-n", episodes, "-c", at_once, "--out", folder)
    command = (sys.executable, "-c", COMMAND, seconds, *options)
    began = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    given = sys.argv[1:]
    show(
        figures(
            int(given[0]) if given else EPISODES,
            int(given[1]) if len(given) > 1 else AT_ONCE,
            float(given[2]) if len(given) > 2 else SECONDS,
        )
    )
