"""The bar on top: what is debugged, where it stands, what it has taken so far."""

from __future__ import annotations

import time

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.events import Outcome, RunImported
from recode_core.timeline import StopKind
from recode_tui.debug.panels.bar import Count, bar
from recode_tui.debug.view_frame import Frame

_KINDS: dict[StopKind, str] = {
    "start": "at the start",
    "statement": "before a statement",
    "model": "before the model",
    "action": "before an action",
    "failure": "at a failure",
    "limit": "at a limit",
    "end": "at the end",
}
_OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "solved": ("✔ solved", "$success"),
    "done": ("■ over, not solved", "$error"),
    "finished": ("■ the code is over, not solved", "$error"),
    "failed": ("✖ failed", "$error"),
    "limit": ("■ stopped at a limit", "$error"),
}


class StatusBar(Static):
    """One line. `doing` is what is under way since `since` (monotonic seconds); empty while paused.

    `sign` says what is special of the session, if anything is.
    """

    DEFAULT_CSS = """
    StatusBar { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    title: reactive[str] = reactive("", repaint=False)
    doing: reactive[str] = reactive("", repaint=False)
    verdicts: reactive[str] = reactive("", repaint=False)
    sign: reactive[str] = reactive("", repaint=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.since = 0.0

    def watch_frame(self) -> None:
        self.tell()

    def watch_title(self) -> None:
        self.tell()

    def watch_doing(self, old: str, new: str) -> None:
        if bool(new) != bool(old):
            self.since = time.monotonic()
        self.tell()

    def on_resize(self) -> None:
        self.tell()

    def tell(self) -> None:
        """Say it again, with the time that has passed."""
        width = self.size.width
        if width > 0:
            branch = self.frame.branch if self.frame is not None and self.frame.branch != "main" else ""
            made = bar(width, self.title, self._state(), self._counts(), sign=self.sign, branch=branch)
            self.update(made, layout=False)

    def _state(self) -> Content:
        frame = self.frame
        if self.doing:
            return Content.styled(f"◐ {self.doing} {time.monotonic() - self.since:.1f} s", "bold $accent")
        if frame is None:
            return Content("")
        outcome = frame.timeline.end.outcome
        if frame.stop.kind == "end" and outcome is not None:
            return Content.styled(*_OUTCOMES[outcome])
        is_past = frame.stop.n < frame.timeline.stops[-1].n
        sign = "◀" if is_past else "‖"
        tone = "$error" if frame.stop.kind == "failure" else "$foreground"
        return Content.styled(f"{sign} {_KINDS[frame.stop.kind]}", tone)

    def _counts(self) -> tuple[Count, ...]:
        """In the order in which they are shown; what is looked at most gives way last."""
        frame = self.frame
        if frame is None:
            return ()
        if (told := frame.imported) is not None:
            return self._told(told, frame.stop.depth)
        spent = frame.timeline.usage.at(frame.n)
        steps = frame.moment.steps
        cost = (
            "cost unknown" if spent.cost_usd is None else f"${spent.cost_usd:.4f}" if spent.cost_usd else ""
        )
        return (
            Count(self.verdicts, 5),
            Count(_number(steps, "step"), 0),
            Count(f"depth {frame.stop.depth}", 4),
            Count(_number(spent.calls, "call"), 1),
            Count(f"{spent.tokens:,} tok" if spent.tokens else "", 3),
            Count(cost, 2),
        )

    def _told(self, told: RunImported, depth: int) -> tuple[Count, ...]:
        """The counts of the whole of an imported run."""
        cost = "cost unknown" if told.cost_usd is None else f"${told.cost_usd:.4f}"
        return (
            Count(self.verdicts, 5),
            Count(f"{_number(told.steps, 'step')} in all", 0),
            Count(f"depth {depth}", 4),
            Count(_number(told.calls, "call"), 1),
            Count(_number(told.tokens, "token"), 3),
            Count(cost, 2),
        )


def _number(count: int | None, word: str) -> str:
    if count is None:
        return f"– {word}s"
    return f"{count:,} {word}{'' if count == 1 else 's'}"
