"""A batch: many episodes that go on at once, each in a session file of its own in one folder.

The session files are the truth: what is finished, what was broken off and what was spent is read from
them, so that a batch goes on after a kill as after a budget. One process at a time plays a batch.
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

_TICK = 0.2  # seconds between two looks at how it stands
_GRACE = 3.0  # seconds that episodes have to come to rest; then they are left as a kill leaves them

Tell = Callable[[Progress], None]


class BatchOptions(msgspec.Struct, frozen=True):
    """Options of one run of a batch; they may change when it is resumed.

    `repeat_action` allows an action of a world that can't be put back to be done a second time;
    `policy_of` stands for the policy that the settings name.
    """

    at_once: int = 4
    budgets: Budgets = Budgets()
    engine: EngineName = "threads"
    repeat_action: bool = False
    policy_of: PolicyFactory | None = None


class Batch:
    """The folder of a batch, which this process alone writes. Close it, or use it as a context manager.

    `notice` says what a user should know of the folder, if anything.
    """

    def __init__(self, folder: Path, manifest: Manifest | None = None) -> None:
        """Begin a batch in a new or empty folder, or take up the one that is there.

        Raises SessionError where the folder holds something else, or another process plays it.
        """
        self.folder = folder
        if manifest is not None:
            _make(folder)
        elif manifests.load(folder) is None:
            raise SessionError(f"{folder} holds no batch: it has no {manifests.NAME}")
        self._lock = -1
        try:
            refuse_older_writer(folder / manifests.NAME)
            self._lock, self.notice = open_locked(folder, os.O_RDONLY)
        except OSError as error:
            raise SessionError(f"{folder} cannot be used: {error.strerror}") from None
        try:
            self.manifest = _agreed(folder, manifest)
        except BaseException:
            self.close()
            raise

    def allow(self, most: SandboxLimits) -> None:
        """Give sandboxes no more than `most`, whatever the manifest says."""
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

    def run(self, options: BatchOptions, tell: Tell = lambda progress: None) -> Progress:
        """Run what is not finished; `tell` gets the progress a few times a second and after every episode.

        KeyboardInterrupt stops the running episodes and is raised again; after a second one they are left as
        they are, which is whole too.
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
        run = _BatchRun(runner, Tally(len(jobs), results), _left(jobs, results), journal, tell)
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

    def __init__(self, runner: Runner, tally: Tally, jobs: list[Job], journal: Journal, tell: Tell) -> None:
        self._runner = runner
        self._tally = tally
        self._jobs = deque(jobs)
        self._journal = journal
        self._tell = tell
        self._news: queue.SimpleQueue[Job | EpisodeOutcome] = queue.SimpleQueue()
        self._began = time.monotonic()
        self._rested = False

    def run(self, at_once: int) -> Progress:
        """Run all jobs, and return the progress at the end."""
        workers = [
            # a thread that hangs in a world or a policy must not keep the program from its end
            threading.Thread(target=self._work, name=f"episode-{number}", daemon=True)
            for number in range(min(at_once, len(self._jobs)))
        ]
        self._show()
        try:
            for worker in workers:
                worker.start()
            while any(worker.is_alive() for worker in workers):
                self._hear()
        except BaseException:
            self._abort_all(workers)
            raise
        self._hear(wait=False)
        progress = self._progress(why=self._runner.exhausted_reason() if self._jobs or self._rested else "")
        self._tell(progress)
        return progress

    def _work(self) -> None:
        while not self._runner.exhausted_reason():
            try:
                job = self._jobs.popleft()
            except IndexError:
                return
            self._news.put(job)
            self._news.put(self._runner.run(job))

    def _hear(self, wait: bool = True) -> None:
        """Process the news of the workers; wait for some if there is none."""
        try:
            news = self._news.get(timeout=_TICK if wait else 0)
            while True:
                self._take(news)
                news = self._news.get_nowait()
        except queue.Empty:
            if wait:
                self._show()

    def _take(self, news: Job | EpisodeOutcome) -> None:
        if isinstance(news, Job):
            self._tally.begin(news.file)
            return
        self._tally.end(news)
        self._rested = self._rested or news.status == "rests"
        if news.status == "failed":
            self._journal.note(
                "failed", task=news.job.task, file=news.job.file, error=news.error, trace=news.trace
            )
        self._show(news)

    def _abort_all(self, workers: list[threading.Thread]) -> None:
        deadline = time.monotonic() + _GRACE
        while any(worker.is_alive() for worker in workers) and time.monotonic() < deadline:
            self._runner.abort("the batch was interrupted")
            self._hear()
        self._hear(wait=False)
        self._show()

    def _show(self, news: EpisodeOutcome | None = None) -> None:
        self._tell(self._progress(news))

    def _progress(self, news: EpisodeOutcome | None = None, why: str = "") -> Progress:
        return self._tally.progress(self._runner.spent(), time.monotonic() - self._began, news, why)


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
        raise SessionError(f"{folder} holds sessions that belong to no batch: name a new folder")


def _agreed(folder: Path, asked: Manifest | None) -> Manifest:
    """Return the folder's manifest. A new folder gets the requested one; an old one must agree with it."""
    found = manifests.load(folder)
    if found is None:
        assert asked is not None, "a folder without a manifest is only opened with one"
        manifests.save(asked, folder)
        return asked
    if asked is not None and (differing := ", ".join(manifests.differences(found, asked))):
        raise SessionError(
            f"{folder} holds another batch, with {differing}: name a new folder, or go on with that one by "
            "--resume"
        )
    return found


def _results(folder: Path, manifest: Manifest) -> dict[str, Result]:
    """Return the results so far by file, without those whose file cannot be read."""
    files = {job.file for job in manifest.jobs}
    entries = (load_result(entry) for entry in scan(folder) if entry.path.name in files)
    return {entry.path.name: entry.result for entry in entries if entry.result is not None}


def _left(jobs: Sequence[Job], results: dict[str, Result]) -> list[Job]:
    """Return the jobs that are not finished, interrupted ones first."""
    begun = [job for job in jobs if job.file in results and results[job.file].outcome is None]
    return begun + [job for job in jobs if job.file not in results]


def _spent(results: Iterable[Result]) -> Spent:
    spent = Spent()
    for result in results:
        spent.calls += result.calls or 0
        spent.tokens += result.tokens or 0
        spent.cost_usd = summed(spent.cost_usd, result.cost_usd)
    return spent
