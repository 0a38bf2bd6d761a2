"""The status bar: title, state and counts of a session."""

from __future__ import annotations

import time
from dataclasses import dataclass

from rich.cells import set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.events import Outcome, RunImported
from recode_core.format import counted, dollars, steps_of_whole, task_text
from recode_tui.debug.panels.bar import Count, Title, bar
from recode_tui.debug.stop_text import STOP_KINDS
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import GLYPHS, OUTCOMES, PAST, PREVIEW, UNFINISHED, meaning_at
from recode_tui.text import one_line

_OUTCOMES: dict[Outcome, str] = {
    "solved": "solved",
    "done": "not solved: the world is done",
    "finished": "not solved: the code is over",
    "failed": "not solved: failed",
    "limit": "not solved: stopped at a limit",
}


class StatusBar(Static):
    """A line of the title, the state and the counts.

    The title begins with the task in words, as the world tells it. `doing` names what has been running since
    `since` (monotonic seconds), empty while the run is paused. `sign` names a property of the session, such
    as "recording". `asks_again` is the model that the next step asks again, after an undo.
    """

    DEFAULT_CSS = """
    StatusBar { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    @dataclass
    class Summarized(Message):
        """Posted when the state or the task changes; `text` is the state without times, and the task."""

        text: str

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    title: reactive[Title] = reactive(Title(""), repaint=False)
    doing: reactive[str] = reactive("", repaint=False)
    restored: reactive[str] = reactive("", repaint=False)
    sign: reactive[str] = reactive("", repaint=False)
    asks_again: reactive[str] = reactive("", repaint=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.since = 0.0
        self._line = self._summary = ""

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

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Explain the sign or the count under the mouse."""
        offset = event.get_content_offset(self)
        at = len(set_cell_size(self._line, offset.x)) if offset is not None else 0
        tip = meaning_at(self._line, at) or None
        if tip != self.tooltip:
            self.tooltip = tip

    def refresh_text(self) -> None:
        """Update the line, with the time that has passed."""
        width = self.size.width
        if width > 0:
            branch = self.frame.branch if self.frame is not None and self.frame.branch != "main" else ""
            made = bar(width, self._title(), self._state(), self._counts(), sign=self.sign, branch=branch)
            self.update(made, layout=False)
            self._line = made.plain
        if (summary := self._summarized()) != self._summary:
            self._summary = summary
            self.post_message(self.Summarized(summary))

    def _summarized(self) -> str:
        """The state in a few words, and the task."""
        title = self._title()
        state = (
            f"{GLYPHS['running'].text} {self.doing.partition(' · ')[0]}"
            if self.doing
            else self._state().plain
        )
        task = title.words or title.task
        return " · ".join(one_line(part, 60) for part in (state, task) if part)

    def _title(self) -> Title:
        """The title with the task in words, once the world has told it."""
        resets = self.frame.timeline.resets if self.frame is not None else []
        words = task_text(resets[-1].event.instruction) if resets else ""
        return self.title._replace(words=one_line(words, 200)) if words else self.title

    @property
    def _elapsed(self) -> str:
        return f"{time.monotonic() - self.since:.1f} s"

    def _state(self) -> Content:
        frame = self.frame
        if self.doing:
            doing = f"{GLYPHS['running'].text} {self.doing} {self._elapsed}"
            is_preview = frame is not None and frame.is_preview
            return Content.styled(f"{doing} · preview" if is_preview else doing, "bold $accent")
        if frame is None:
            return Content("")
        if frame.is_preview:
            return Content.styled(f"{PREVIEW.text} preview: {STOP_KINDS[frame.stop.kind]}", "bold $accent")
        outcome = frame.timeline.end.outcome
        if frame.stop.kind == "end" and outcome is not None:
            tone = "$success" if outcome == "solved" else "$error"
            return Content.styled(f"{OUTCOMES[outcome].text} {_OUTCOMES[outcome]}", tone)
        is_past = frame.stop.n < frame.timeline.stops[-1].n
        sign = (PAST if is_past else UNFINISHED).text
        tone = "$error" if frame.stop.kind == "failure" else "$foreground"
        again = f", asks {self.asks_again} again" if self.asks_again else ""
        return Content.styled(f"{sign} {STOP_KINDS[frame.stop.kind]}{again}", tone)

    def _counts(self) -> tuple[Count, ...]:
        """The counts in their order on the screen. The most important has the lowest rank."""
        frame = self.frame
        if frame is None:
            return ()
        if (run := frame.imported) is not None:
            return self._imported_counts(run, frame.depth)
        usage = frame.timeline.usage.at(frame.n)
        steps = frame.moment.steps
        return (
            Count(self.restored, 5),
            Count(counted(steps, "step"), 0),
            Count(f"depth {frame.depth}", 4),
            Count(counted(usage.calls, "call"), 1),
            Count(f"{usage.tokens:,} tok" if usage.tokens else "", 3),
            Count(dollars(usage.cost_usd), 2),
        )

    def _imported_counts(self, run: RunImported, depth: int) -> tuple[Count, ...]:
        """The counts of an imported run, which are known only for all of it."""
        return (
            Count(self.restored, 5),
            Count(steps_of_whole(run.steps), 0),
            Count(f"depth {depth}", 4),
            Count(counted(run.calls, "call"), 1),
            Count(counted(run.tokens, "token"), 3),
            Count(dollars(run.cost_usd), 2),
        )
