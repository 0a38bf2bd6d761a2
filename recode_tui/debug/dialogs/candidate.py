"""Columns with the streamed replies of candidates, then with their code's diff; rows of their results."""

from __future__ import annotations

from collections.abc import Container

from textual.containers import HorizontalScroll
from textual.content import Content

from recode_core.debugger.rollouts import Rollout, RolloutOutcome
from recode_core.format import dollars
from recode_tui.debug.dialogs.diffs import Diff
from recode_tui.statuses import GLYPHS, NOT_SOLVED, UNFINISHED
from recode_tui.widgets.document import Document
from recode_tui.widgets.glyph import Glyph, Tone
from recode_tui.widgets.text_view import TextView

_NARROWEST = 34
"""Minimum width of a column in cells."""
_GLYPHS: dict[RolloutOutcome, Glyph] = {
    "solved": GLYPHS["done"],
    "done": NOT_SOLVED,
    "failed": GLYPHS["failed"],
    "refused": GLYPHS["failed"],
    "unavailable": GLYPHS["failed"],
    "finished": NOT_SOLVED,
    "limit": GLYPHS["stopped"],
    "truncated": GLYPHS["stopped"],
    "paused": UNFINISHED,
}
_STYLES: dict[Tone, str] = {
    "now": "$accent",
    "failure": "$error",
    "good": "$success",
    "plain": "$foreground",
    "quiet": "$quiet",
    "faint": "$faint",
}
HEADS = f"{'':>3}  {'outcome':<14}{'score':>6}{'steps':>7}{'calls':>7}{'cost':>10}{'seconds':>9}  code"


def best_first(rollout: Rollout) -> tuple[bool, float, bool, int]:
    """Sort key: solved first, then higher score, then with code to adopt, then fewer steps."""
    return rollout.outcome != "solved", -rollout.score, not rollout.code, rollout.steps


def row_of(rollout: Rollout, diff: Diff) -> Content:
    """Return a candidate's results in the columns of `HEADS`."""
    glyph = _GLYPHS[rollout.outcome]
    cost = dollars(rollout.cost_usd, "unknown")
    numbers = f"{rollout.score:>6.3g}{rollout.steps:>7}{rollout.calls:>7}{cost:>10}{rollout.seconds:>9.1f}"
    what = diff.counts if rollout.code else f"none: {rollout.detail or 'nothing was accepted'}"
    return Content.assemble(
        f"{rollout.number:>3}  ",
        (f"{glyph.text} {rollout.outcome:<12}", _STYLES[glyph.tone]),
        numbers,
        (f"  {' '.join(what.split())}", "$quiet"),
    )


class CandidateView(TextView):
    """The column of one candidate, identified by its number."""

    DEFAULT_CSS = """
    CandidateView {
        border: round $border-blurred;
        border-title-color: $quiet;
        &.-current { border: round $border; border-title-color: $foreground; }
    }
    """

    def __init__(self, number: int) -> None:
        super().__init__(wrap=True)
        self.number = number
        self.streamed_length = 0
        self.diff: Diff | None = None
        self._reply = self.document
        self.set_title("waiting")

    def set_title(self, text: str) -> None:
        """Set the border title."""
        self.border_title = Content(f"{self.number}  {text}")

    def append_stream(self, text: str) -> None:
        """Append streamed text of the reply."""
        self.streamed_length += len(text)
        self.append(text)
        self.set_title("replying")

    def finish(self, rollout: Rollout, present: str) -> None:
        """Show the finished candidate; its code is compared with `present`."""
        self._reply = self.document
        if not rollout.code:
            self.set_title(rollout.outcome)
            between = "\n\n" if self.streamed_length else ""
            self.append(f"{between}{rollout.detail}")
            self.call_after_refresh(self.action_edge, 1)
            return
        self.diff = Diff(present, rollout.code)
        self.show_reply(False)

    def show_reply(self, is_reply: bool) -> None:
        """Show the reply or the diff of the code."""
        if self.diff is not None:
            self.set_title("reply" if is_reply else self.diff.counts)
            self.show(self._reply if is_reply else Document(self.diff.unified()))


class CandidateColumns(HorizontalScroll, can_focus=False):
    """The columns of the candidates, ordered by number; scrolls horizontally."""

    DEFAULT_CSS = """
    CandidateColumns { height: 1fr; scrollbar-size: 0 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[int, CandidateView] = {}

    @property
    def numbers(self) -> list[int]:
        """The numbers of all candidates, in order."""
        return sorted(self.views)

    def view(self, number: int) -> CandidateView:
        """Return the column of a candidate."""
        if number not in self.views:
            later = [self.views[n] for n in self.numbers if n > number]
            self.views[number] = CandidateView(number)
            self.mount(self.views[number], before=later[0] if later else None)
            self._share()
        return self.views[number]

    def keep_only(self, numbers: Container[int]) -> None:
        """Remove the columns of candidates that were never tried."""
        for number in [number for number in self.views if number not in numbers]:
            self.views.pop(number).remove()
        self._share()

    def mark(self, current: int | None) -> None:
        """Highlight the column of the current candidate."""
        for number, view in self.views.items():
            view.set_class(number == current, "-current")
            if number == current:
                view.scroll_visible(animate=False)

    def on_resize(self) -> None:
        self._share()

    def _share(self) -> None:
        is_alone = self.screen.has_class("-narrow")
        for view in self.views.values():
            share = self.size.width // (1 if is_alone else len(self.views))
            view.styles.width = share if is_alone else max(_NARROWEST, share)
