"""How often each test of this folder tries: a handful of rounds in CI, many by `make test-exhaustive`."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet

_CHUNK = 25
"""Rounds in one test, so that the processes of a test run share them."""


@dataclass(frozen=True)
class Rounds:
    """So many rounds of a test marked `slow`, and so many of those marked `exhaustive`."""

    slow: int
    exhaustive: int

    def parameters(self) -> list[ParameterSet]:
        """The seeds of the rounds, a range for each test."""
        chunks = [range(at, min(at + _CHUNK, self.exhaustive)) for at in range(0, self.exhaustive, _CHUNK)]
        slow = [_parameter(range(self.slow), "slow")] if self.slow else []
        return [*slow, *(_parameter(seeds, "exhaustive") for seeds in chunks)]


def _parameter(seeds: range, mark: str) -> ParameterSet:
    name = f"{mark}-{seeds.start}-{seeds.stop}"
    return pytest.param(seeds, id=name, marks=getattr(pytest.mark, mark))


KILLS = Rounds(slow=5, exhaustive=500)
BENCHMARK_KILLS = Rounds(slow=0, exhaustive=20)
LOST_TERMINALS = Rounds(slow=3, exhaustive=100)
TWO_WRITERS = Rounds(slow=2, exhaustive=20)

FAULT_SECONDS = [
    pytest.param(8.0, id="slow", marks=pytest.mark.slow),
    pytest.param(
        float(os.environ.get("RECODE_ENDURANCE_SECONDS", "60")), id="exhaustive", marks=pytest.mark.exhaustive
    ),
]
"""How long random faults go on."""
