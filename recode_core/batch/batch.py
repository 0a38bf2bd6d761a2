"""A batch: many episodes that run concurrently, each with a session file of its own in one folder.

Finished and interrupted episodes and the usage so far are read from the session files, so a batch can be
resumed after it was killed or has reached a budget. Only one process at a time runs a batch.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal

import msgspec

from recode_core.batch import manifest as manifests
from recode_core.batch.budget import BudgetLedger, Budgets
from recode_core.batch.episode_job import BatchContext, EpisodeOutcome, PolicyFactory
from recode_core.batch.journal import Journal
from recode_core.batch.manifest import Job, Manifest
from recode_core.batch.progress import Progress, Tally
from recode_core.batch.runner import Runner, ThreadRunner
from recode_core.errors import SessionError
from recode_core.executor.limits import Spent
from recode_core.interpreter import SandboxLimits
from recode_core.result import Result
from recode_core.session.catalog import load_result, scan
from recode_core.session.lock import open_locked, refuse_older_writer
from recode_core.values import summed

EngineName = Literal["threads", "ray"]

_TICK = 0.2  # seconds between two reports of the progress
_GRACE = 3.0  # seconds for episodes to stop after an interrupt; later ones are abandoned, as by a kill

ProgressCallback = Callable[[Progress], None]


class BatchOptions(msgspec.Struct, frozen=True):
    """Options of one run of a batch; they may change when it is resumed.

    `repeat_action` allows repeating a pending action in a world that cannot be restored. `policy_of` makes
    the policy of an episode, instead of the one that the settings name.
    """

    at_once: int = 4
    budgets: Budgets = Budgets()
    engine: EngineName = "threads"
    repeat_action: bool = False
    policy_of: PolicyFactory | None = None


class Batch:
    """The folder of a batch, locked for this process. Close it, or use it as a context manager.

    `notice` is a message for the user about the folder, empty if there is none.
    """

    def __init__(self, folder: Path, manifest: Manifest | None = None) -> None:
        """Create a batch in a new or empty folder, or open the existing one.

        Raises SessionError if the folder contains something else, or if another process runs the batch.
        """
        self.folder = folder
        if manifest is not None:
            _make(folder)
        elif manifests.load(folder) is None:
            raise SessionError(f"{folder} contains no batch: it has no {manifests.NAME}")
        self._lock = -1
        try:
            refuse_older_writer(folder / manifests.NAME)
            self._lock, self.notice = open_locked(folder, os.O_RDONLY)
        except OSError as error:
            raise SessionError(f"{folder} cannot be used: {error.strerror}") from None
        try:
            self.manifest = _manifest(folder, manifest)
        except BaseException:
            self.close()
            raise

    def allow(self, most: SandboxLimits) -> None:
        """Limit sandboxes to at most `most`, whatever the manifest allows."""
        settings = self.manifest.settings.within(most)
        self.manifest = msgspec.structs.replace(self.manifest, settings=settings)

    def close(self) -> None:
        """Release the folder for other processes. Idempotent."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Batch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def run(self, options: BatchOptions, on_progress: ProgressCallback = lambda progress: None) -> Progress:
        """Run the episodes that are not finished.

        `on_progress` gets the progress a few times a second and after every episode.

        A KeyboardInterrupt stops the running episodes and is raised again. After a second one they are not
        waited for; their session files can be resumed all the same.
        """
        results = _results(self.folder, self.manifest)
        # An environment may change the working directory.
        context = BatchContext(
            self.manifest, self.folder.absolute(), options.repeat_action, options.policy_of
        )
        runner = _runner(context, BudgetLedger(options.budgets, _spent(results.values())), options)
        journal = Journal(self.folder)
        journal.note("began", at_once=options.at_once, engine=options.engine, budgets=options.budgets)
        jobs = self.manifest.jobs
        run = _BatchRun(runner, Tally(len(jobs), results), _unfinished(jobs, results), journal, on_progress)
        try:
            progress = run.run(options.at_once)
        except BaseException as error:
            journal.note("broken off", error=type(error).__name__)
            raise
        finally:
            runner.close()
        journal.note("ended", finished=progress.finished, failed=len(progress.failures), why=progress.why)
        return progress


class _BatchRun:
    """One run of a batch: worker threads take episodes, the caller's thread counts their outcomes."""

    def __init__(
        self, runner: Runner, tally: Tally, jobs: list[Job], journal: Journal, on_progress: ProgressCallback
    ) -> None:
        self._runner = runner
        self._tally = tally
        self._jobs = deque(jobs)
        self._journal = journal
        self._on_progress = on_progress
        self._events: queue.SimpleQueue[Job | EpisodeOutcome] = queue.SimpleQueue()
        self._start = time.monotonic()
        self._has_stopped = False

    def run(self, at_once: int) -> Progress:
        """Run all jobs, and return the progress at the end."""
        workers = [
            # daemon threads: one that hangs in a world or a policy must not keep the program from exiting
            threading.Thread(target=self._work, name=f"episode-{number}", daemon=True)
            for number in range(min(at_once, len(self._jobs)))
        ]
        self._report()
        try:
            for worker in workers:
                worker.start()
            while any(worker.is_alive() for worker in workers):
                self._process_events()
        except BaseException:
            self._abort_all(workers)
            raise
        self._process_events(wait=False)
        progress = self._progress(
            why=self._runner.exhausted_reason() if self._jobs or self._has_stopped else ""
        )
        self._on_progress(progress)
        return progress

    def _work(self) -> None:
        while not self._runner.exhausted_reason():
            try:
                job = self._jobs.popleft()
            except IndexError:
                return
            self._events.put(job)
            self._events.put(self._runner.run(job))

    def _process_events(self, wait: bool = True) -> None:
        """Process what the workers have reported; with `wait`, wait a moment for a report."""
        try:
            event = self._events.get(timeout=_TICK if wait else 0)
            while True:
                self._count(event)
                event = self._events.get_nowait()
        except queue.Empty:
            if wait:
                self._report()

    def _count(self, event: Job | EpisodeOutcome) -> None:
        if isinstance(event, Job):
            self._tally.begin(event.file)
            return
        self._tally.end(event)
        self._has_stopped = self._has_stopped or event.status == "rests"
        if event.status == "failed":
            self._journal.note(
                "failed", task=event.job.task, file=event.job.file, error=event.error, trace=event.trace
            )
        self._report(event)

    def _abort_all(self, workers: list[threading.Thread]) -> None:
        deadline = time.monotonic() + _GRACE
        while any(worker.is_alive() for worker in workers) and time.monotonic() < deadline:
            self._runner.abort("the batch was interrupted")
            self._process_events()
        self._process_events(wait=False)
        self._report()

    def _report(self, news: EpisodeOutcome | None = None) -> None:
        self._on_progress(self._progress(news))

    def _progress(self, news: EpisodeOutcome | None = None, why: str = "") -> Progress:
        return self._tally.progress(self._runner.spent(), time.monotonic() - self._start, news, why)


def _runner(context: BatchContext, ledger: BudgetLedger, options: BatchOptions) -> Runner:
    if options.engine == "threads":
        return ThreadRunner(context, ledger)
    from recode_core.batch.ray_runner import RayRunner

    return RayRunner(context, ledger, options.at_once)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SessionError(f"{folder} cannot be created: {error.strerror}") from None
    if manifests.load(folder) is None and scan(folder):
        raise SessionError(f"{folder} contains sessions that belong to no batch: choose a new folder")


def _manifest(folder: Path, requested: Manifest | None) -> Manifest:
    """Return the folder's manifest. A new folder gets the requested one; an old one must agree with it."""
    found = manifests.load(folder)
    if found is None:
        assert requested is not None, "a folder without a manifest is only opened with one"
        manifests.save(requested, folder)
        return requested
    if requested is not None and (differing := ", ".join(manifests.differences(found, requested))):
        raise SessionError(
            f"{folder} contains another batch, with {differing}: choose a new folder, or resume it with "
            "--resume"
        )
    return found


def _results(folder: Path, manifest: Manifest) -> dict[str, Result]:
    """Return the results so far by file, without those whose file cannot be read."""
    files = {job.file for job in manifest.jobs}
    entries = (load_result(entry) for entry in scan(folder) if entry.path.name in files)
    return {entry.path.name: entry.result for entry in entries if entry.result is not None}


def _unfinished(jobs: Sequence[Job], results: dict[str, Result]) -> list[Job]:
    """Return the jobs that are not finished, interrupted ones first."""
    interrupted = [job for job in jobs if job.file in results and results[job.file].outcome is None]
    return interrupted + [job for job in jobs if job.file not in results]


def _spent(results: Iterable[Result]) -> Spent:
    spent = Spent()
    for result in results:
        spent.calls += result.calls or 0
        spent.tokens += result.tokens or 0
        spent.cost_usd = summed(spent.cost_usd, result.cost_usd)
    return spent
