"""Progress of a batch: a bar on a terminal, elsewhere one line an episode."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from recode_core.batch import EpisodeOutcome, Progress
from recode_core.format import counted, dollars, duration
from recode_tui.cli.output import console, print_notice, result_line
from recode_tui.text import both_ends, one_line

Show = Callable[[Progress], None]

_INTERVAL = 0.1  # seconds between two updates
_WIDTH = 300  # characters of an error


class LatestProgress:
    """Keeps the latest progress of a batch."""

    def __init__(self) -> None:
        self.progress: Progress | None = None

    def update(self, progress: Progress, show: Show) -> None:
        """Keep the progress, and show it."""
        self.progress = progress
        if progress.news is not None:
            print_notice(progress.news.notice)
        show(progress)


@contextmanager
def progress_display(as_json: bool) -> Iterator[Show]:
    """A function that shows the progress of a batch; with --json only on a terminal, on stderr."""
    out = console(is_error=as_json)
    if out.is_terminal:
        with Live(console=out, auto_refresh=False, transient=True) as live:
            yield _ProgressBar(out, live).draw
    else:
        yield (lambda progress: None) if as_json else lambda progress: _print_line(out, progress)


class _ProgressBar:
    """A bar below a line of counts; failed episodes are printed above them."""

    def __init__(self, out: Console, live: Live) -> None:
        self._out = out
        self._live = live
        self._drawn = 0.0

    def draw(self, progress: Progress) -> None:
        if progress.news is not None and progress.news.status == "failed":
            self._out.print(Text(_episode_line(progress.news), "red"))
        now = time.monotonic()
        if now - self._drawn < _INTERVAL and progress.running:
            return
        self._drawn = now
        width = max(10, min(60, self._out.width - 20))
        bar = ProgressBar(progress.total, progress.finished, width, complete_style="cyan")
        counts = Text(summary(progress, _eta(progress)), no_wrap=True, overflow="ellipsis")
        self._live.update(Group(counts, bar), refresh=True)


def _print_line(out: Console, progress: Progress) -> None:
    if progress.news is not None:
        out.print(f"[{progress.finished}/{progress.total}] {_episode_line(progress.news)}{_eta(progress)}")


def _episode_line(outcome: EpisodeOutcome) -> str:
    if outcome.status == "ended" and outcome.result is not None:
        result = result_line(outcome.result)
    else:
        result = f"{outcome.status}: {both_ends(outcome.error, _WIDTH)}"
    return f"{one_line(outcome.job.task, 80)} {result}"


def summary(progress: Progress, eta: str = "") -> str:
    """The progress of a batch in one line."""
    parts = [
        f"{progress.finished} of {progress.total}{eta}",
        f"{progress.solved} solved",
        *([f"score {progress.score:.3f}"] if progress.score is not None else []),
        *([f"{len(progress.failures)} failed"] if progress.failures else []),
        *([f"{progress.running} running"] if progress.running else []),
        counted(progress.calls, "call"),
        counted(progress.tokens, "token"),
        dollars(progress.cost_usd),
        duration(progress.seconds),
    ]
    return " · ".join(parts)


def _eta(progress: Progress) -> str:
    return f" · {duration(progress.eta)} left" if progress.eta else ""
