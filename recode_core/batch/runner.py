"""Where the episodes of a batch run: the seam, and the runner that uses threads of this process.

An episode waits: for its policy (a network), its sandbox and mostly its world (processes of their own).
Its own share of computing is some 20 ms of a household episode, so threads keep many going at once, and
share what a world keeps in memory; a process each would add a start of half a second and 70 MB.
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
    """Runs episodes, each on the thread that asks."""

    def run(self, job: Job) -> EpisodeOutcome:
        """Run one episode to its end, or until the batch stops."""

    def exhausted_reason(self) -> str:
        """Why no further episode may begin; empty where one may."""

    def spent(self) -> Spent:
        """What all episodes have spent."""

    def abort(self, why: str) -> None:
        """Stop every running episode soon, from another thread; may be called repeatedly."""

    def close(self) -> None:
        """Release what the runner holds. Idempotent."""


class ThreadRunner:
    """Runs episodes in this process."""

    def __init__(self, context: BatchContext, ledger: BudgetLedger) -> None:
        self._context = context
        self._ledger = ledger
        self._policies: dict[str, Policy] = {}
        self._leaving = threading.Event()

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
        self._leaving.set()
        for policy in list(self._policies.values()):
            with suppress(PolicyUnavailable):  # the episode then rests once its call is over
                policy.abort()

    def close(self) -> None:
        """Nothing is held."""

    def _check(self, state: RunState) -> None:
        if self._leaving.is_set():
            raise BatchStopped(self._ledger.exhausted_reason())
