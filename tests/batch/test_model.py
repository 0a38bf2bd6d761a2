"""A batch that asks a model behind an endpoint."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core.batch import Batch, BatchOptions, Budgets, Progress, plan_batch
from recode_core.batch.manifest import load
from recode_core.session import Settings, read
from recode_core.testing import reply
from tests.policies.openai.endpoint import Endpoint, fails, says, serving, write_profile
from tests.support.waiting import PATIENCE

LOOK = reply("run('look')", "look around")
HANGS = 3


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """An endpoint, and a profile that asks it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("RECODE_TEST_KEY", "sk-test")
    with serving() as server:
        write_profile(tmp_path, server.url, "retries = 0\n")
        yield server


@pytest.fixture
def batch(tmp_path: Path, endpoint: Endpoint) -> Iterator[Batch]:
    with Batch(tmp_path / "batch", plan_batch(Settings("household", "", "mine"), "test", count=5)) as opened:
        yield opened


def test_an_interrupt_closes_the_connections_and_the_calls_are_made_anew(
    endpoint: Endpoint, batch: Batch
) -> None:
    endpoint.responses = [lambda handler: handler.wait_until_left()] * HANGS + [says(LOOK)]
    interrupted: list[float] = []

    def interrupt(progress: Progress) -> None:
        if not interrupted and len(endpoint.asked) == HANGS:
            assert all(endpoint.waiting.acquire(timeout=PATIENCE) for _ in range(HANGS))
            interrupted.append(time.monotonic())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.run(BatchOptions(HANGS), interrupt)
    assert all(endpoint.left.acquire(timeout=PATIENCE) for _ in range(HANGS))
    for path in batch.folder.glob("*.jsonl"):
        assert b"expansion_replied" not in path.read_bytes()
    through = batch.run(BatchOptions(HANGS))
    assert (through.finished, through.calls, through.failures) == (5, 5, ())
    assert len(endpoint.asked) == 5 + HANGS


def test_episodes_whose_calls_fail_are_tried_again_and_asked_the_same(
    endpoint: Endpoint, batch: Batch
) -> None:
    endpoint.responses = [fails(500), says(LOOK)]
    progress = batch.run(BatchOptions(1))
    assert (progress.finished, len(progress.failures)) == (4, 1)
    assert "500" in progress.failures[0].error
    with_budget = batch.run(BatchOptions(1, Budgets(calls=4)))
    assert with_budget.why == "the batch's budget of 4 calls is reached"
    assert batch.run(BatchOptions(1)).is_complete
    manifest = load(batch.folder)
    assert manifest is not None
    assert manifest.settings.sampling["base_url"] == endpoint.url
    headers = [read(batch.folder / job.file).header.settings for job in manifest.jobs]
    assert headers == [manifest.settings_of(job) for job in manifest.jobs]
