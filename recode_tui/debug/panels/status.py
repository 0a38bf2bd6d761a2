"""The status bar: title, state and counts of a session."""

from __future__ import annotations

import time

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.events import Outcome, RunImported
from recode_tui.debug.panels.bar import Count, bar
from recode_tui.debug.stop_text import STOP_KINDS
from recode_tui.debug.view_frame import Frame

_OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "solved": ("✔ solved", "$success"),
    "done": ("■ over, not solved", "$error"),
    "finished": ("■ the code is over, not solved", "$error"),
    "failed": ("✖ failed", "$error"),
    "limit": ("■ stopped at a limit", "$error"),
}


class StatusBar(Static):
    """A line of the title, the state and the counts.

    `doing` names what has been running since `since` (monotonic seconds), empty while the run is paused.
    `sign` names a property of the session, such as "recording".
    `asks_again` is the model that the next step asks again, after an undo.
    """

    DEFAULT_CSS = """
    StatusBar { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    title: reactive[str] = reactive("", repaint=False)
    doing: reactive[str] = reactive("", repaint=False)
    restored: reactive[str] = reactive("", repaint=False)
    sign: reactive[str] = reactive("", repaint=False)
    asks_again: reactive[str] = reactive("", repaint=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.since = 0.0

    def watch_frame(self) -> None:
        self.refresh_text()

    def watch_title(self) -> None:
        self.refresh_text()

    def watch_doing(self, old: str, new: str) -> None:
        if bool(new) != bool(old):
            self.since = time.monotonic()
        self.refresh_text()

    def watch_asks_again(self) -> None:
        self.refresh_text()

    def on_resize(self) -> None:
        self.refresh_text()

    def refresh_text(self) -> None:
        """Update the line, with the time that has passed."""
        width = self.size.width
        if width > 0:
            branch = self.frame.branch if self.frame is not None and self.frame.branch != "main" else ""
            made = bar(width, self.title, self._state(), self._counts(), sign=self.sign, branch=branch)
            self.update(made, layout=False)

    def _state(self) -> Content:
        frame = self.frame
        if self.doing:
            doing = f"◐ {self.doing} {time.monotonic() - self.since:.1f} s"
            is_preview = frame is not None and frame.is_preview
            return Content.styled(f"{doing} · preview" if is_preview else doing, "bold $accent")
        if frame is None:
            return Content("")
        if frame.is_preview:
            return Content.styled(f"◁ preview: {STOP_KINDS[frame.stop.kind]}", "bold $accent")
        outcome = frame.timeline.end.outcome
        if frame.stop.kind == "end" and outcome is not None:
            return Content.styled(*_OUTCOMES[outcome])
        is_past = frame.stop.n < frame.timeline.stops[-1].n
        sign = "◀" if is_past else "‖"
        tone = "$error" if frame.stop.kind == "failure" else "$foreground"
        again = f", asks {self.asks_again} again" if self.asks_again else ""
        return Content.styled(f"{sign} {STOP_KINDS[frame.stop.kind]}{again}", tone)

    def _counts(self) -> tuple[Count, ...]:
        """The counts in their order on the screen. The most important has the lowest rank."""
        frame = self.frame
        if frame is None:
            return ()
        if (run := frame.imported) is not None:
            return self._imported_counts(run, frame.stop.depth)
        usage = frame.timeline.usage.at(frame.n)
        steps = frame.moment.steps
        cost = (
            "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}" if usage.cost_usd else ""
        )
        return (
            Count(self.restored, 5),
            Count(_number(steps, "step"), 0),
            Count(f"depth {frame.stop.depth}", 4),
            Count(_number(usage.calls, "call"), 1),
            Count(f"{usage.tokens:,} tok" if usage.tokens else "", 3),
            Count(cost, 2),
        )

    def _imported_counts(self, run: RunImported, depth: int) -> tuple[Count, ...]:
        """The counts of an imported run, which are known only for all of it."""
        cost = "cost unknown" if run.cost_usd is None else f"${run.cost_usd:.4f}"
        return (
            Count(self.restored, 5),
            Count(f"{_number(run.steps, 'step')} in all", 0),
            Count(f"depth {depth}", 4),
            Count(_number(run.calls, "call"), 1),
            Count(_number(run.tokens, "token"), 3),
            Count(cost, 2),
        )


def _number(count: int | None, word: str) -> str:
    if count is None:
        return f"– {word}s"
    return f"{count:,} {word}{'' if count == 1 else 's'}"
