"""Branches are checked from where they leave each other, with the verdicts of a whole execution of each."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recode_core import episode
from recode_core.environments import guard
from recode_core.events import ANNOTATIONS, ActionFinished
from recode_core.executor.checkpoints import Checkpoints
from recode_core.log import Log
from recode_core.session import read
from recode_core.session.folder import save

SAMPLES = Path(__file__).parents[2] / "sessions"
MENDED = SAMPLES / "household-mended.jsonl"


def write(folder: Path, log: Log) -> Path:
    return save(folder, "branched", read(MENDED).header, log.records)


def branched(seed: int, count: int = 8) -> Log:
    """A recorded run with branches that leave each other anywhere, and go on as that one did, not all to the
    end."""
    chance, log = random.Random(seed), Log(read(MENDED).records)
    for _ in range(count):
        log.switch(chance.choice(list(log.branches)))
        line = [record for record in log.line() if not isinstance(record.event, ANNOTATIONS)]
        cut = chance.randrange(len(line))
        log.fork(line[cut].n, "edit")
        for record in line[cut + 1 : cut + 1 + chance.choice((0, 3, len(line)))]:
            log.append(record.event)
    return log


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The actions that worlds are asked for."""
    asked: list[str] = []
    step = guard.step

    def noted(world: Any, action: str, score: float) -> Any:
        asked.append(action)
        return step(world, action, score)

    monkeypatch.setattr(guard, "step", noted)
    return asked


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("ask_world", [True, False])
def test_the_verdicts_are_those_of_a_whole_execution_of_each_branch(
    tmp_path: Path, seed: int, ask_world: bool
) -> None:
    path = write(tmp_path, branched(seed))
    verdicts = episode.check_all(path, ask_world=ask_world)
    assert list(verdicts) == list(read(path).log().branches)
    for branch, verdict in verdicts.items():
        alone = episode.check(path, branch)
        assert (verdict.steps, verdict.replayed, verdict.diverged) == (alone.steps, alone.replayed, 0)
        assert (verdict.compared, verdict.reworded) == (alone.compared, alone.reworded)


def test_what_branches_share_is_executed_once(tmp_path: Path, steps: list[str]) -> None:
    log = Log(read(MENDED).records)
    for _ in range(20):
        log.fork(len(log) - 1, "edit")
    verdicts = episode.check_all(write(tmp_path, log))
    assert len(steps) == sum(isinstance(record.event, ActionFinished) for record in log.records) == 7
    assert [verdict.replayed for verdict in list(verdicts.values())[1:]] == [5] * 21


def _without_snapshots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "snapshot", lambda world: None)


def _without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checkpoints, "store_if_possible", lambda self, n, run: None)


@pytest.mark.parametrize("spoil", [_without_snapshots, _without_room])
def test_where_a_run_cannot_be_kept_each_branch_is_executed_whole(
    tmp_path: Path,
    steps: list[str],
    spoil: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write(tmp_path, branched(1))
    wanted = {branch: episode.check(path, branch) for branch in read(path).log().branches}
    spoil(monkeypatch)
    assert episode.check_all(path) == wanted


def test_a_divergence_is_found_on_every_branch_that_shares_it(tmp_path: Path) -> None:
    path = write(tmp_path, branched(2))
    session = read(path)
    answers = [record for record in session.line("main") if isinstance(record.event, ActionFinished)]
    text = answers[1].event.observation.text.encode()  # type: ignore[union-attr]
    path.write_bytes(path.read_bytes().replace(text, b"It is dark.", 1))
    verdicts = episode.check_all(path)
    for branch, verdict in verdicts.items():
        shares = answers[1] in session.line(branch)
        assert (verdict.diverged, "It is dark." in verdict.divergence) == (int(shares), shares)
    assert {verdict.diverged for verdict in verdicts.values()} == {0, 1}
