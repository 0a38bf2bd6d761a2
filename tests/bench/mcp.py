"""How long `recode mcp` takes from its start to its first answer.

python -m tests.bench.mcp [ROUNDS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.bench.figures import CannotMeasure, Figure, show
from tests.bench.latency import recode

ROUNDS = 5


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """The first answer: the server has introduced itself, and the connection stands."""
    if find_spec("mcp") is None:
        raise CannotMeasure("the package mcp is not installed")
    recode()  # compiled, as for the other commands
    with tempfile.TemporaryDirectory() as folder:
        answers = [asyncio.run(_first_answer(Path(folder))) for _ in range(rounds)]
    value = f"{statistics.median(answers):.2f} s, the fastest {min(answers):.2f} s"
    yield Figure("recode mcp, first answer", value)


async def _first_answer(sessions: Path) -> float:
    from tests.mcp.agent import agent

    began = time.perf_counter()
    async with agent(sessions):
        return time.perf_counter() - began


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
