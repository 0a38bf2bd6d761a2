"""Batches of household, with a policy that can be told to wait, to fail and to cost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.batch import Batch, BatchOptions, Budgets, Progress, plan_batch
from recode_core.environments.household.expert import HouseholdExpert
from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import Reply, Request
from recode_core.session import Settings
from recode_core.values import Usage
from tests.support.waiting import PATIENCE

SETTINGS = Settings("household", "")
BEGUN = Usage(prompt_tokens=37, completion_tokens=3)
PRICED = Usage(prompt_tokens=90, completion_tokens=10, cost_usd=0.01)


class PaidExpert(HouseholdExpert):
    """The expert, paid for each reply; it has none for the tasks of which `refused` names the instruction."""

    def __init__(self, usage: Usage = PRICED, refused: str = "") -> None:
        super().__init__()
        self._usage = usage
        self._refused = refused

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if self._refused and any(self._refused in variable.value for variable in request.variables):
            raise PolicyUnavailable("the policy is out")
        return Reply(super().expand(request, stream).text, self._usage)


class HangingExpert(HouseholdExpert):
    """The expert, which waits until it is aborted; `calls` counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self._aborted = threading.Event()

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.calls += 1
        assert self._aborted.wait(PATIENCE), "nobody aborts it"
        return Reply("<think>I was", BEGUN, "aborted")

    def abort(self) -> None:
        self._aborted.set()


RunBatch = Callable[..., Progress]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "batch"


@pytest.fixture
def run_batch(folder: Path) -> RunBatch:
    """Plays `count` tasks of a split in the test's folder, or goes on with them."""

    def run(count: int = 6, budgets: Budgets | None = None, at_once: int = 3, **paid: object) -> Progress:
        manifest = plan_batch(SETTINGS, "test", count=count)
        policy_of = lambda settings: PaidExpert(**paid)  # type: ignore[arg-type]  # noqa: E731
        batch_options = BatchOptions(at_once, budgets or Budgets(), policy_of=policy_of)
        with Batch(folder, manifest) as batch:
            return batch.run(batch_options)

    return run
