"""A run that is killed at random moments, and resumed each time, ends as one that nobody killed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.environments import guard
from recode_core.environments.registry import environment
from recode_core.log import Record
from recode_core.result import result_of
from recode_core.session import Settings, read
from tests.endurance.rounds import BENCHMARK_KILLS, KILLS
from tests.support.killed_run import happened, has_begun, nodes, run_until_killed
from tests.support.session_ends import ends

SHARED = Path(__file__).parents[3] / "shared" / "data"
DATA = {"alfworld": "ALFWORLD_DATA", "webshop": "WEBSHOP_DATA"}
"""The environment variable that names the data of a benchmark."""

TASKS = {"alfworld": "", "scienceworld": "find-animal:0", "webshop": "human:0"}
"""A task of each benchmark; "" is its first."""


@dataclass(frozen=True)
class WholeRun:
    """A run that was never broken off."""

    settings: Settings
    records: list[Record]
    end: object
    size: int  # of its file

    @classmethod
    def of(cls, settings: Settings, path: Path) -> WholeRun:
        with episode.start(settings, path) as played:
            played.run()
        return cls(settings, read(path).records, end_of(path), path.stat().st_size)

    def survives(self, folder: Path, seed: int) -> None:
        """Kill a run like this one at least once, resume it until it ends, and compare."""
        chance, kills, number = random.Random(seed), 0, 0
        while not kills:
            number += 1
            path = folder / f"{seed}-{number}.jsonl"
            while not run_until_killed(path, self.settings, chance, self.size, chance.choice([0, 0.01])):
                kills += has_begun(path)
                if path.exists() and not has_begun(path):
                    path.unlink()
        records = read(path).records
        assert happened(records) == happened(self.records), f"seed {seed}, {path}, killed {kills} times"
        assert nodes(records) == nodes(self.records), f"seed {seed}"
        assert end_of(path) == self.end, f"seed {seed}"


def end_of(path: Path) -> object:
    """Outcome and score of a session, and the actions and variables of its branch."""
    session = read(path)
    assert (session.torn, session.damage) == (0, "")
    result = result_of(session.timeline())
    return result.outcome, result.score, result.steps, ends(session.log())


# Slow because it starts and kills real processes, and replays what they left.
@pytest.mark.parametrize("seeds", KILLS.parameters())
def test_a_killed_run_ends_as_one_that_nobody_killed(tmp_path: Path, seeds: range) -> None:
    whole = WholeRun.of(Settings("household", "puttwo:3"), tmp_path / "whole.jsonl")
    for seed in seeds:
        whole.survives(tmp_path, seed)


@pytest.mark.parametrize("seeds", BENCHMARK_KILLS.parameters())
@pytest.mark.parametrize("name", TASKS)
def test_a_killed_run_of_a_benchmark_ends_as_one_that_nobody_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, seeds: range
) -> None:
    if name in DATA and (SHARED / name).is_dir():
        monkeypatch.setenv(DATA[name], str(SHARED / name))
    benchmark = environment(name)
    if missing := guard.missing_of(benchmark):
        pytest.skip(missing)
    task = TASKS[name] or next(guard.tasks(benchmark)).id
    whole = WholeRun.of(Settings(name, task), tmp_path / "whole.jsonl")
    for seed in seeds:
        whole.survives(tmp_path, seed)
