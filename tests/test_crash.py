"""Law 2: broken off at any byte, a run goes on from its last whole record to the same end.

By default some lines are torn once and a few runs are killed. The slow profile cuts at every byte, resumes
from several places of every line, and kills 40 times.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from recode_core import episode
from recode_core.errors import NotASession
from recode_core.session import Settings, read
from tests.support.killed_run import happened, has_begun, nodes, run_until_killed

CUT = Settings("household", "put:7")
KILLED = Settings("household", "puttwo:3")


def unbroken(path: Path, settings: Settings) -> Path:
    """A session that was never broken off."""
    with episode.start(settings, path) as played:
        played.run()
    return path


@pytest.mark.slow
def test_cut_at_every_byte_a_session_is_the_first_of_its_records(tmp_path: Path) -> None:
    whole = unbroken(tmp_path / "whole.jsonl", CUT)
    data, records = whole.read_bytes(), read(whole).records
    header = data.index(b"\n") + 1
    path = tmp_path / "cut.jsonl"
    path.write_bytes(data)
    for end in range(len(data) - 1, -1, -1):
        os.truncate(path, end)
        if end < header:
            with pytest.raises(NotASession):
                read(path)
        else:
            whole_lines = data.count(b"\n", header, end)
            assert read(path).records == records[:whole_lines]


def cuts(data: bytes, every: int, count: int) -> Iterator[int]:
    """Where to cut: `count` places in each `every`-th line behind the header."""
    lines = data.splitlines(keepends=True)
    end = len(lines[0])
    chance = random.Random(2)
    for number, line in enumerate(lines[1:]):
        if number % every == 0:
            yield from (end + chance.randrange(len(line)) for _ in range(count))
        end += len(line)


@pytest.mark.parametrize(("every", "count"), [(5, 1), pytest.param(1, 3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("agent", ["recode", "react", "codeact"])
def test_cut_anywhere_and_resumed_it_comes_to_the_same_end(
    tmp_path: Path, agent: str, every: int, count: int
) -> None:
    whole = unbroken(tmp_path / "whole.jsonl", msgspec.structs.replace(CUT, agent=agent))
    data, records = whole.read_bytes(), read(whole).records
    path = tmp_path / "cut.jsonl"
    for end in cuts(data, every, count):
        path.write_bytes(data[:end])
        with episode.resume(path) as resumed:
            resumed.run()
        ended = read(path).records
        assert happened(ended) == happened(records), f"cut at byte {end}"
        assert nodes(ended) == nodes(records)


# Slow because it starts and kills real processes, and replays what they left.
@pytest.mark.parametrize("least", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_killed_at_random_moments_and_resumed_it_comes_to_the_same_end(tmp_path: Path, least: int) -> None:
    whole = unbroken(tmp_path / "whole.jsonl", KILLED)
    records, size = read(whole).records, whole.stat().st_size
    chance = random.Random(3)
    kills, number = 0, 0
    while kills < least:
        number += 1
        path = tmp_path / f"{number}.jsonl"
        while not run_until_killed(path, KILLED, chance, size):
            kills += has_begun(path)
            if path.exists() and not has_begun(path):
                path.unlink()
        ended = read(path).records
        assert happened(ended) == happened(records), f"{path} after {kills} kills"
        assert nodes(ended) == nodes(records)
