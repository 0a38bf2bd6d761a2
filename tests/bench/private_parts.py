"""What each part of `recode_tui._textual` that is there for speed gains.

A session of 100,000 nodes is shown in a real pty, in turn with all parts and with one of them replaced by
what Textual does itself. The figure is the ratio of the times without the part to those with it: above 1,
the part gains. The other modules of that package are there for what they do, not for speed.

    python -m tests.bench.private_parts [PART …]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.big_session import make
from tests.bench.figures import Figure, show
from tests.bench.latency import Measured, measured, median
from tests.bench.screen import KEYS
from tests.bench.without_part import WITHOUT

NODES = 100_000
ROUNDS = 5
FIGURES = (("frame", "p50"), ("frame", "p95"), ("last", "p95"), ("cpu", "p50"))
"""To the first frame, to the last one, and the processor's time for a key."""


def figures(parts: Sequence[str]) -> Iterator[Figure]:
    """Measure these parts, or all."""
    with tempfile.TemporaryDirectory() as folder:
        session = Path(folder) / "session.jsonl"
        make(session, NODES)
        for part in parts or WITHOUT:
            for key in KEYS:
                runs: dict[str, list[Measured]] = {"none": [], part: []}
                for _ in range(ROUNDS):
                    for left_out, found in runs.items():
                        found.append(_shown(session, key, left_out))
                gains = []
                for figure, at in FIGURES:
                    without, used = median(runs[part], figure, at), median(runs["none"], figure, at)
                    gains.append(f"{figure} {at} {without / used:.2f} ({without:.1f} to {used:.1f} ms)")
                yield Figure(f"without {part}, {key}", " · ".join(gains))


def _shown(session: Path, key: str, without: str) -> Measured:
    pressed, before = KEYS[key]
    command = (sys.executable, "-m", "tests.bench.without_part", without, "replay", str(session))
    options = ("--count", "60", "--keys", pressed, "--pre", before, "--ready", "search_room_1")
    return measured(command, *options)


if __name__ == "__main__":
    show(figures(sys.argv[1:]))
