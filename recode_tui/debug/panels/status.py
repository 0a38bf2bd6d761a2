"""The bar on top: what is debugged, where it stands, what it has taken so far."""

from __future__ import annotations

import time

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.debugger.rests import Kind
from recode_core.events import Outcome
from recode_tui.debug.frame import Frame

_KINDS: dict[Kind, str] = {
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
    """One line. `doing` is what is under way since `since` (monotonic seconds); empty while paused."""

    DEFAULT_CSS = """
    StatusBar { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    title: reactive[str] = reactive("", repaint=False)
    doing: reactive[str] = reactive("", repaint=False)
    verdicts: reactive[str] = reactive("", repaint=False)

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
        width = self.size.width - 2
        if width > 0:
            self.update(bar(width, self._left(), self._state(), self._counts()), layout=False)

    def _left(self) -> Content:
        name = Content.styled("ReCode", "bold")
        branch = Content("")
        if self.frame is not None and self.frame.branch != "main":
            branch = Content.styled(f"  ▸ {self.frame.branch}", "$accent")
        return Content.assemble(name, Content(f" · {self.title}" if self.title else ""), branch)

    def _state(self) -> Content:
        frame = self.frame
        if self.doing:
            return Content.styled(f"◐ {self.doing} {time.monotonic() - self.since:.1f} s", "bold $accent")
        if frame is None:
            return Content("")
        outcome = frame.chronicle.plan.outcome
        if frame.rest.kind == "end" and outcome is not None:
            return Content.styled(*_OUTCOMES[outcome])
        is_past = frame.rest.n < frame.chronicle.rests[-1].n
        sign = "◀" if is_past else "‖"
        tone = "$error" if frame.rest.kind == "failure" else "$foreground"
        return Content.styled(f"{sign} {_KINDS[frame.rest.kind]}", tone)

    def _counts(self) -> Content:
        frame = self.frame
        if frame is None:
            return Content("")
        spent = frame.chronicle.spending.at(frame.n)
        steps = max(0, frame.chronicle.trace.until(frame.n) - 1)
        cost = (
            "cost unknown" if spent.cost_usd is None else f"${spent.cost_usd:.4f}" if spent.cost_usd else ""
        )
        parts = [
            self.verdicts,
            _number(steps, "step"),
            f"depth {frame.rest.depth}",
            _number(spent.calls, "call"),
            f"{spent.tokens:,} tok" if spent.tokens else "",
            cost,
        ]
        return Content.styled("  ".join(part for part in parts if part), "$quiet")


def bar(width: int, left: Content, middle: Content, right: Content) -> Content:
    """Three pieces over a width; what has no room gives way from the right, then the left is cut."""
    room = width - middle.cell_length - 2
    if left.cell_length + right.cell_length > room:
        right = right.truncate(max(0, room - left.cell_length), ellipsis=True) if room > 12 else Content("")
    if left.cell_length + right.cell_length > room:
        left = left.truncate(max(0, room - right.cell_length), ellipsis=True)
    gap = max(0, width - left.cell_length - middle.cell_length - right.cell_length)
    before = max(1, gap // 2)
    return Content.assemble(left, " " * before, middle, " " * max(1, gap - before), right)


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
