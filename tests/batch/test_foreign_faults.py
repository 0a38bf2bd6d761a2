"""Faults of environments and policies in a batch: no episode is lost, and every other one is played."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from recode_core.batch import Batch, BatchOptions, plan_batch
from recode_core.batch.journal import Journal
from recode_core.environments.household.world import HouseholdWorld
from recode_core.policies.policy import Policy
from recode_core.session import Settings, read
from tests.batch.conftest import PaidExpert, RunBatch


@pytest.mark.slow_variants
@pytest.mark.parametrize("fault", [SystemExit(0), KeyboardInterrupt(), GeneratorExit()], ids=repr)
@pytest.mark.parametrize("method", ["reset", "step"])
def test_whatever_a_world_raises_fails_its_episode_only(
    run_batch: RunBatch, monkeypatch: pytest.MonkeyPatch, fault: BaseException, method: str
) -> None:
    broken: list[HouseholdWorld] = []
    real = getattr(HouseholdWorld, method)

    def breaks(self: HouseholdWorld, *given: str) -> object:
        if not broken or self in broken:
            broken.append(self)
            raise fault
        return real(self, *given)

    monkeypatch.setattr(HouseholdWorld, method, breaks)
    progress = run_batch(3)
    assert (progress.finished, len(progress.failures), progress.running) == (2, 1, 0)
    assert f"the environment failed in {method}: {type(fault).__name__}" in progress.failures[0].error
    assert "breaks" in progress.failures[0].trace
    monkeypatch.undo()
    assert run_batch(3).is_complete


def test_a_policy_that_cannot_be_made_fails_its_episode_only(folder: Path) -> None:
    with Batch(folder, plan_batch(Settings("household", ""), "test", count=2)) as batch:
        first = batch.manifest.jobs[0].task

        def policy_of(settings: Settings) -> Policy:
            if settings.task == first:
                raise SystemExit(0)
            return PaidExpert()

        progress = batch.run(BatchOptions(2, policy_of=policy_of))
    assert (progress.finished, [failed.job.task for failed in progress.failures]) == (1, [first])
    assert "SystemExit: 0" in progress.failures[0].error


def test_an_episode_whose_world_does_not_close_counts_and_is_told(
    run_batch: RunBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: HouseholdWorld) -> None:
        raise OSError("close failed")

    monkeypatch.setattr(HouseholdWorld, "close", refuse)
    progress = run_batch(2)
    assert (progress.finished, progress.solved, len(progress.failures)) == (2, 2, 2)
    assert "failed in close: OSError: close failed" in progress.failures[0].error


@pytest.mark.slow
def test_a_batch_goes_on_when_an_environment_changes_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    real = HouseholdWorld.reset

    def moves(self: HouseholdWorld) -> object:
        monkeypatch.chdir("/")
        return real(self)

    monkeypatch.setattr(HouseholdWorld, "reset", moves)
    with Batch(Path("batch"), plan_batch(Settings("household", ""), "test", count=3)) as batch:
        progress = batch.run(BatchOptions(1, policy_of=lambda settings: PaidExpert()))
    assert (progress.finished, progress.failures) == (3, ())
    assert all(read(tmp_path / "batch" / job.file).timeline().end.outcome for job in batch.manifest.jobs)


def test_what_cannot_be_encoded_is_noted_all_the_same(tmp_path: Path) -> None:
    Journal(tmp_path).note("failed", error="half \ud83d")
    row = msgspec.json.decode((tmp_path / "batch.log").read_bytes())
    assert row["error"] == "half ?"
