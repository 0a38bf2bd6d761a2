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
from recode_core.batch.engine import Engine, Threads
from recode_core.batch.journal import Journal
from recode_core.batch.ledger import Budgets, Ledger
from recode_core.batch.manifest import Job, Manifest
from recode_core.batch.play import Order, Played, PolicyOf
from recode_core.batch.progress import Board, Progress
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


class How(msgspec.Struct, frozen=True):
    """How a batch is played, which may change from go to go.

    `repeat_action` allows an action of a world that can't be put back to be done a second time;
    `policy_of` stands for the policy that the settings name.
    """

    at_once: int = 4
    budgets: Budgets = Budgets()
    engine: EngineName = "threads"
    repeat_action: bool = False
    policy_of: PolicyOf | None = None


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
        """Let others write the folder. Idempotent."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Batch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def run(self, how: How, tell: Tell = lambda progress: None) -> Progress:
        """Play what is not finished, telling how it stands a few times a second and at every end.

        KeyboardInterrupt brings the episodes under way to rest and is raised again; a second one leaves
        them as they are, which is whole too.
        """
        results = _results(self.folder, self.manifest)
        # An environment may change the working directory.
        order = Order(self.manifest, self.folder.absolute(), how.repeat_action, how.policy_of)
        engine = _engine(order, Ledger(how.budgets, _spent(results.values())), how)
        journal = Journal(self.folder)
        journal.note("began", at_once=how.at_once, engine=how.engine, budgets=how.budgets)
        jobs = self.manifest.jobs
        go = _Go(engine, Board(len(jobs), results), _left(jobs, results), journal, tell)
        try:
            progress = go.run(how.at_once)
        except BaseException as error:
            journal.note("broken off", error=type(error).__name__)
            raise
        finally:
            engine.close()
        journal.note("ended", finished=progress.finished, failed=len(progress.failures), why=progress.why)
        return progress


class _Go:
    """One go at a batch: threads take episodes, the caller's thread counts what comes of them."""

    def __init__(self, engine: Engine, board: Board, jobs: list[Job], journal: Journal, tell: Tell) -> None:
        self._engine = engine
        self._board = board
        self._jobs = deque(jobs)
        self._journal = journal
        self._tell = tell
        self._news: queue.SimpleQueue[Job | Played] = queue.SimpleQueue()
        self._began = time.monotonic()
        self._rested = False

    def run(self, at_once: int) -> Progress:
        """Play everything."""
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
            self._come_to_rest(workers)
            raise
        self._hear(wait=False)
        progress = self._progress(why=self._engine.why() if self._jobs or self._rested else "")
        self._tell(progress)
        return progress

    def _work(self) -> None:
        while not self._engine.why():
            try:
                job = self._jobs.popleft()
            except IndexError:
                return
            self._news.put(job)
            self._news.put(self._engine.play(job))

    def _hear(self, wait: bool = True) -> None:
        """Count what has come in; wait a moment for it."""
        try:
            news = self._news.get(timeout=_TICK if wait else 0)
            while True:
                self._take(news)
                news = self._news.get_nowait()
        except queue.Empty:
            if wait:
                self._show()

    def _take(self, news: Job | Played) -> None:
        if isinstance(news, Job):
            self._board.begin(news.file)
            return
        self._board.end(news)
        self._rested = self._rested or news.how == "rests"
        if news.how == "failed":
            self._journal.note(
                "failed", task=news.job.task, file=news.job.file, error=news.error, trace=news.trace
            )
        self._show(news)

    def _come_to_rest(self, workers: list[threading.Thread]) -> None:
        deadline = time.monotonic() + _GRACE
        while any(worker.is_alive() for worker in workers) and time.monotonic() < deadline:
            self._engine.break_off("the batch was interrupted")
            self._hear()
        self._hear(wait=False)
        self._show()

    def _show(self, news: Played | None = None) -> None:
        self._tell(self._progress(news))

    def _progress(self, news: Played | None = None, why: str = "") -> Progress:
        return self._board.progress(self._engine.spent(), time.monotonic() - self._began, news, why)


def _engine(order: Order, ledger: Ledger, how: How) -> Engine:
    if how.engine == "threads":
        return Threads(order, ledger)
    from recode_core.batch.cluster import Cluster

    return Cluster(order, ledger, how.at_once)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SessionError(f"{folder} cannot be created: {error.strerror}") from None
    if manifests.load(folder) is None and scan(folder):
        raise SessionError(f"{folder} holds sessions that belong to no batch: name a new folder")


def _agreed(folder: Path, asked: Manifest | None) -> Manifest:
    """The manifest of the folder; the one asked for is written where there is none, and else like it."""
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
    """What came of the episodes so far, by file; one whose file can't be read is not among them."""
    files = {job.file for job in manifest.jobs}
    entries = (load_result(entry) for entry in scan(folder) if entry.path.name in files)
    return {entry.path.name: entry.result for entry in entries if entry.result is not None}


def _left(jobs: Sequence[Job], results: dict[str, Result]) -> list[Job]:
    """The episodes that are not finished, those that were broken off first."""
    begun = [job for job in jobs if job.file in results and results[job.file].outcome is None]
    return begun + [job for job in jobs if job.file not in results]


def _spent(results: Iterable[Result]) -> Spent:
    spent = Spent()
    for result in results:
        spent.calls += result.calls or 0
        spent.tokens += result.tokens or 0
        spent.cost_usd = summed(spent.cost_usd, result.cost_usd)
    return spent
