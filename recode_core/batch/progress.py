"""The progress of a batch."""

from __future__ import annotations

import msgspec

from recode_core.batch.episode_job import EpisodeOutcome
from recode_core.executor.limits import Spent
from recode_core.result import Result


class Progress(msgspec.Struct, frozen=True):
    """Counts of episodes, usage over all runs of the batch, and the seconds of this run.

    `limited` counts finished episodes that ended at a limit set by the user. `score` is the mean score of
    finished episodes, None if there are none. `eta` is in seconds, None if unknown. `news` is the outcome
    that has just arrived. `why` says why the batch has stopped, empty while it runs or if it is complete.
    """

    total: int
    finished: int
    solved: int
    limited: int
    score: float | None
    running: int
    failures: tuple[EpisodeOutcome, ...]
    steps: int
    calls: int
    tokens: int
    cost_usd: float | None
    seconds: float
    eta: float | None
    news: EpisodeOutcome | None = None
    why: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether all episodes are finished."""
        return self.finished == self.total


class Tally:
    """Counts a batch's episodes: results by file, running ones, and failures of this run."""

    def __init__(self, total: int, results: dict[str, Result]) -> None:
        self._total = total
        self._results = {file: result for file, result in results.items() if result.outcome is not None}
        self._steps = {file: result.steps or 0 for file, result in results.items()}
        self._finished_before = len(self._results)
        self._running: set[str] = set()
        self._failures: list[EpisodeOutcome] = []

    def begin(self, file: str) -> None:
        """Count an episode that starts."""
        self._running.add(file)

    def end(self, outcome: EpisodeOutcome) -> None:
        """Count an episode that ends."""
        self._running.discard(outcome.job.file)
        if outcome.status == "failed":
            self._failures.append(outcome)
        if outcome.result is not None:
            self._results[outcome.job.file] = outcome.result
            self._steps[outcome.job.file] = outcome.result.steps or 0

    def progress(
        self, spent: Spent, seconds: float, news: EpisodeOutcome | None = None, why: str = ""
    ) -> Progress:
        """Return the progress, `seconds` after this run began."""
        results = list(self._results.values())
        return Progress(
            total=self._total,
            finished=len(results),
            solved=sum(result.solved for result in results),
            limited=sum(result.hit_own_limit for result in results),
            score=sum(result.score or 0.0 for result in results) / len(results) if results else None,
            running=len(self._running),
            failures=tuple(self._failures),
            steps=sum(self._steps.values()),
            calls=spent.calls,
            tokens=spent.tokens,
            cost_usd=spent.cost_usd,
            seconds=seconds,
            eta=self._eta(seconds),
            news=news,
            why=why,
        )

    def _eta(self, seconds: float) -> float | None:
        """Return the remaining seconds, at the pace of this run."""
        failed = sum(outcome.result is None for outcome in self._failures)
        ended = len(self._results) - self._finished_before + failed
        left = self._total - len(self._results) - failed
        return seconds / ended * left if ended else None
