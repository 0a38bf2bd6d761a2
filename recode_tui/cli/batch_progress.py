"""What a batch shows while it runs: a line that changes on a terminal, a line an episode elsewhere."""

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
from recode_tui.text import one_line

Show = Callable[[Progress], None]

_EVERY = 0.1  # seconds between two pictures
_WIDTH = 300  # characters of an error


class Shown:
    """Remembers the last of what was shown."""

    def __init__(self) -> None:
        self.progress: Progress | None = None

    def take(self, progress: Progress, show: Show) -> None:
        """Show it, and remember it."""
        self.progress = progress
        if progress.news is not None:
            print_notice(progress.news.notice)
        show(progress)


@contextmanager
def shown(as_json: bool) -> Iterator[Show]:
    """What is shown of a batch; with --json the output is the result alone."""
    out = console(is_error=as_json)
    if out.is_terminal:
        with Live(console=out, auto_refresh=False, transient=True) as live:
            yield _Picture(out, live).draw
    else:
        yield (lambda progress: None) if as_json else lambda progress: _print(out, progress)


class _Picture:
    """A bar and a line of counts; what fails is printed above them, and stays."""

    def __init__(self, out: Console, live: Live) -> None:
        self._out = out
        self._live = live
        self._drawn = 0.0

    def draw(self, progress: Progress) -> None:
        if progress.news is not None and progress.news.status == "failed":
            self._out.print(Text(_news(progress.news), "red"))
        now = time.monotonic()
        if now - self._drawn < _EVERY and progress.running:
            return
        self._drawn = now
        width = max(10, min(60, self._out.width - 20))
        bar = ProgressBar(progress.total, progress.finished, width, complete_style="cyan")
        counts = Text(summary(progress, _eta(progress)), no_wrap=True, overflow="ellipsis")
        self._live.update(Group(counts, bar), refresh=True)


def _print(out: Console, progress: Progress) -> None:
    if progress.news is not None:
        out.print(f"[{progress.finished}/{progress.total}] {_news(progress.news)}{_eta(progress)}")


def _news(outcome: EpisodeOutcome) -> str:
    if outcome.status == "ended" and outcome.result is not None:
        came = result_line(outcome.result)
    else:
        came = f"{outcome.status}: {one_line(outcome.error, _WIDTH)}"
    return f"{one_line(outcome.job.task, 80)} {came}"


def summary(progress: Progress, left: str = "") -> str:
    """How a batch stands, in one line; `left` says how long it will still take."""
    parts = [
        f"{progress.finished} of {progress.total}{left}",
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
