"""The interface of runners, and the runner that uses threads of this process.

An episode mostly waits: for its policy (network), its sandbox and its world (other processes). A household
episode itself computes for about 20 ms, so threads run many at once and share data that a world caches in
memory. A process for each episode would take half a second to start, and 70 MB.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Protocol

from recode_core.batch.budget import BatchStopped, BudgetLedger
from recode_core.batch.episode_job import BatchContext, EpisodeOutcome, run_episode
from recode_core.batch.manifest import Job
from recode_core.errors import PolicyUnavailable
from recode_core.executor.limits import Spent
from recode_core.executor.run_state import RunState
from recode_core.policies.policy import Policy


class Runner(Protocol):
    """Runs episodes, each on the calling thread."""

    def run(self, job: Job) -> EpisodeOutcome:
        """Run one episode to its end, or until the batch stops."""

    def exhausted_reason(self) -> str:
        """Why no further episode may start; empty if one may."""

    def spent(self) -> Spent:
        """The usage of all episodes."""

    def abort(self, why: str) -> None:
        """Stop all running episodes soon. Called from another thread, possibly repeatedly."""

    def close(self) -> None:
        """Release the runner's resources. Idempotent."""


class ThreadRunner:
    """Runs episodes in this process."""

    def __init__(self, context: BatchContext, ledger: BudgetLedger) -> None:
        self._context = context
        self._ledger = ledger
        self._policies: dict[str, Policy] = {}
        self._aborted = threading.Event()

    def run(self, job: Job) -> EpisodeOutcome:
        try:
            return run_episode(
                job,
                self._context,
                self._ledger,
                hold=lambda policy: self._policies.update({job.file: policy}),
                on_stop=self._check,
            )
        finally:
            self._policies.pop(job.file, None)

    def exhausted_reason(self) -> str:
        return self._ledger.exhausted_reason()

    def spent(self) -> Spent:
        return self._ledger.spent()

    def abort(self, why: str) -> None:
        self._ledger.close(why)
        self._aborted.set()
        for policy in list(self._policies.values()):
            with suppress(PolicyUnavailable):  # the episode then stops after its call
                policy.abort()

    def close(self) -> None:
        """No resources are held."""

    def _check(self, state: RunState) -> None:
        if self._aborted.is_set():
            raise BatchStopped(self._ledger.exhausted_reason())
