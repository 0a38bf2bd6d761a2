"""The runner of episodes on a Ray cluster; `ray` is imported when it is first used.

Every node needs recode, and the folder of the batch under the same path. An existing cluster, running or
named by `RAY_ADDRESS`, is joined; otherwise one is started on this machine for the batch.
"""

from __future__ import annotations

import importlib
import os
import signal
import threading
from typing import Any

from recode_core.batch.budget import BudgetLedger
from recode_core.batch.episode_job import BatchContext, EpisodeOutcome, run_episode
from recode_core.batch.manifest import Job
from recode_core.errors import Unavailable
from recode_core.executor.limits import Spent
from recode_core.values import Usage


class _RemoteLedger:
    """A ledger in a Ray actor, accessible from all nodes."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def reserve(self) -> str:
        return str(self._call("reserve"))

    def refund(self, usage: Usage) -> None:
        self._call("refund", usage)

    def commit(self, usage: Usage) -> None:
        self._call("commit", usage)

    def close(self, why: str) -> None:
        self._call("close", why)

    def exhausted_reason(self) -> str:
        return str(self._call("exhausted_reason"))

    def spent(self) -> Spent:
        spent = self._call("spent")
        assert isinstance(spent, Spent)
        return spent

    def _call(self, method: str, *arguments: object) -> object:
        return _ray().get(getattr(self._actor, method).remote(*arguments))


class RayRunner:
    """Runs each episode as a task of a Ray cluster, `at_once` of them concurrently."""

    def __init__(self, context: BatchContext, ledger: BudgetLedger, at_once: int) -> None:
        ray = _ray()
        _join(ray)
        share = ray.cluster_resources().get("CPU", 1.0) / at_once  # episodes mostly wait
        self._remote = ray.remote(num_cpus=min(1.0, int(share * 1000) / 1000), max_retries=0)(_run)
        self._ledger = _RemoteLedger(
            ray.remote(num_cpus=0)(BudgetLedger).remote(ledger.budgets, ledger.spent())
        )
        self._context = ray.put(context)
        self._tasks: dict[str, Any] = {}

    def run(self, job: Job) -> EpisodeOutcome:
        ray = _ray()
        task = self._tasks[job.file] = self._remote.remote(job, self._context, self._ledger)
        try:
            outcome = ray.get(task)
            assert isinstance(outcome, EpisodeOutcome)
            return outcome
        except (ray.exceptions.TaskCancelledError, KeyboardInterrupt):
            return EpisodeOutcome(job, "rests", error="the episode was interrupted")
        except ray.exceptions.RayError as error:
            if isinstance(getattr(error, "cause", None), KeyboardInterrupt):
                return EpisodeOutcome(job, "rests", error="the episode was interrupted")
            return EpisodeOutcome(job, "failed", error=f"{type(error).__name__}: {error}")
        finally:
            self._tasks.pop(job.file, None)

    def exhausted_reason(self) -> str:
        return self._ledger.exhausted_reason()

    def spent(self) -> Spent:
        return self._ledger.spent()

    def abort(self, why: str) -> None:
        self._ledger.close(why)
        while self._tasks:
            _, task = self._tasks.popitem()  # only once: a second cancel would interrupt the cleanup
            _ray().cancel(task)  # raises KeyboardInterrupt there, like ctrl+c

    def close(self) -> None:
        _ray().shutdown()


def _run(job: Job, context: BatchContext, ledger: _RemoteLedger) -> EpisodeOutcome:
    return run_episode(job, context, ledger)


def _ray() -> Any:
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # otherwise it warns of a future change
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise Unavailable("ray is not installed: install recode[ray], or leave out --engine ray") from None


def _join(ray: Any) -> None:
    """Join or start a cluster, and restore our own SIGTERM handler."""
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM) if is_main else None
    try:
        ray.init(ignore_reinit_error=True, log_to_driver=False, logging_level="error")
    except Exception as error:
        raise Unavailable(f"cannot reach or start a Ray cluster: {error}") from None
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before)
