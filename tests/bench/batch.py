"""Wall time of a batch whose policy waits, one episode at a time and several, as a ratio.

The policy is household's expert, which first waits as long as a model would take to answer.

    python tests/bench/batch.py [EPISODES] [AT_ONCE] [SECONDS]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from recode_core.batch import Batch, BatchOptions, Progress, plan_batch
from recode_core.environments.household.expert import HouseholdExpert
from recode_core.policies.policy import Reply, Request
from recode_core.session import Settings


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


def main(episodes: int, at_once: int, seconds: float) -> None:
    """Print a row for each, and the ratio."""
    walls = []
    for together in (1, at_once):
        with tempfile.TemporaryDirectory() as folder:
            before = sum(os.times()[:4])
            progress = played(Path(folder) / "batch", episodes, together, seconds)
            busy = sum(os.times()[:4]) - before
        walls.append(progress.seconds)
        print(
            f"-c {together}: {progress.seconds:.1f} s wall, {busy:.1f} s of our own computing, "
            f"{progress.calls} calls, {progress.solved} of {progress.total} solved",
            flush=True,
        )
    print(f"{walls[0] / walls[1]:.2f} times as fast")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        int(given[0]) if given else 200,
        int(given[1]) if len(given) > 1 else 8,
        float(given[2]) if len(given) > 2 else 0.2,
    )
