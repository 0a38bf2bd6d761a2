"""Candidates side by side: their streamed replies, then their diffs, to choose one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantFocus, Key
from textual.widgets import Static

from recode_core.debugger.rollouts import Rollout
from recode_core.format import counted
from recode_tui.debug.dialogs.candidate import HEADS, CandidateColumns, CandidateView, best_first, row_of
from recode_tui.debug.dialogs.diffs import Diff
from recode_tui.statuses import GLYPHS
from recode_tui.text import one_line, plain
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.document import Document
from recode_tui.widgets.text_view import TextView

_TICK = 0.05
"""Interval in seconds at which streamed text is shown."""


class CandidatesScreen(Dialog[int | None]):
    """Return the number of the candidate to adopt, or None to leave all of them as branches.

    `present` is the code that the candidates are compared with. `first` is the number of the first candidate;
    if it is given, all columns are shown from the beginning. Progress is reported to `append_stream`,
    `finished` and `failed`; `stop` is called when the user asks to end the pending candidates.
    """

    EXTENT = "large"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "graft", "graft", priority=True),
        Binding("d", "toggle_reply", "diff or reply"),
        Binding("p", "stop", "end them"),
        Binding("ctrl+c", "copy_or_stop", "end them", show=False),
        Binding("escape", "back", "leave as branches"),
    ]
    DEFAULT_CSS = """
    CandidatesScreen {
        #state { height: 1; color: $quiet; &.fault { color: $error; height: auto; } }
        #heads { height: 1; color: $faint; }
        #table { height: auto; max-height: 30%; }
    }
    CandidatesScreen.-narrow CandidateView { display: none; &.-current { display: block; } }
    """

    def __init__(
        self,
        node: str,
        statement: str,
        present: str,
        count: int,
        stop: Callable[[], None],
        first: int | None = None,
    ) -> None:
        super().__init__(f"Candidates for {node} · {statement}")
        self.expected = range(first, first + count) if first is not None else range(0)
        self.present = present
        self.count = count
        self.stop = stop
        self.rollouts: dict[int, Rollout] = {}
        self.is_over = False
        self._streamed: dict[int, list[str]] = {}
        self._asked: dict[int, int] = {}
        self._started = time.monotonic()
        self._shows_reply = False
        self._typed = ""

    def compose_body(self) -> ComposeResult:
        yield Static("", id="state", markup=False)
        yield Static(HEADS, id="heads", markup=False)
        yield TextView(Document(), has_cursor=True, id="table")
        yield CandidateColumns()

    # progress

    def append_stream(self, number: int, text: str, asked: int = 0) -> None:
        """Append streamed text of a candidate; a new request, recorded at `asked`, begins a new paragraph."""
        before = self._asked.setdefault(number, asked)
        self._asked[number] = asked
        self._streamed.setdefault(number, []).append(text if asked == before else f"\n\n{text}")

    def finished(self, candidates: Sequence[Rollout]) -> None:
        """Show the results of all candidates. A dismissed dialog ignores them."""
        if self.is_dismissed:
            return
        self._end(f"{len(candidates)} of {self.count} tried in {self._elapsed}")
        for rollout in sorted(candidates, key=lambda rollout: rollout.number):
            self.rollouts[rollout.number] = rollout
            self.columns.view(rollout.number).finish(rollout, self.present)
        self.columns.keep_only(self.rollouts)
        if self.rollouts:
            self._fill()
            self._point_at(min(self.rollouts.values(), key=best_first).number)

    def failed(self, reason: str) -> None:
        """Show why the candidates could not be completed. A dismissed dialog ignores it."""
        if self.is_dismissed:
            return
        self._end("")
        self._show_state(reason, is_fault=True)

    def _end(self, text: str) -> None:
        self._flush()
        self.is_over = True
        self._show_state(text)
        self.refresh_bindings()

    # display

    def on_mount(self) -> None:
        for number in self.expected:
            self.columns.view(number)
        self._fill()
        self.set_interval(_TICK, self._tick)
        self.watch(self.table, "cursor", self._mark_current, init=False)
        self.table.focus()

    @property
    def table(self) -> TextView:
        return self.query_one("#table", TextView)

    @property
    def columns(self) -> CandidateColumns:
        return self.query_one(CandidateColumns)

    @property
    def current(self) -> int | None:
        """The number of the candidate under the cursor."""
        numbers = self.columns.numbers
        return numbers[min(self.table.cursor, len(numbers) - 1)] if numbers else None

    @property
    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._started:.1f} s"

    def _tick(self) -> None:
        if not self.is_over and not self.is_dismissed:
            self._flush()
            started = sum(view.streamed_length > 0 for view in self.columns.views.values())
            have = "has" if started == 1 else "have"
            self._show_state(f"asking for {self.count}, {started} {have} begun to reply · {self._elapsed}")

    def _show_state(self, text: str, is_fault: bool = False) -> None:
        state = self.query_one("#state", Static)
        state.update(Content(plain(text)), layout=is_fault)
        state.set_class(is_fault, "fault")

    def _flush(self) -> None:
        """Show the text that was streamed since the last call."""
        streamed, self._streamed = self._streamed, {}
        for number, texts in streamed.items():
            self.columns.view(number).append_stream("".join(texts))
        if streamed:
            self._fill()

    def _fill(self) -> None:
        """Fill the rows of the table."""
        cursor = self.table.cursor
        self.table.show(Document([self._row(number) for number in self.columns.numbers]))
        self.table.cursor = cursor
        self._mark_current()

    def _row(self, number: int) -> Content:
        rollout = self.rollouts.get(number)
        streamed = self.columns.views[number].streamed_length
        arrived = counted(streamed, "character")
        if rollout is None and not streamed:
            return Content.assemble(f"{number:>3}  ", (f"{GLYPHS['pending'].text} waiting", "$quiet"))
        if rollout is None:
            return Content.assemble(
                f"{number:>3}  ",
                (f"{GLYPHS['running'].text} replying, {arrived}", "$accent"),
            )
        return row_of(rollout, self.columns.views[number].diff or Diff(self.present, self.present))

    def _point_at(self, number: int) -> None:
        self.table.cursor = self.columns.numbers.index(number)
        self._mark_current()

    def _mark_current(self) -> None:
        self.columns.mark(self.current)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if isinstance(event.widget, CandidateView):
            self._point_at(event.widget.number)

    # keys and actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "graft" | "toggle_reply":
                return self.is_over
            case "stop":
                return not self.is_over
        return True

    def on_key(self, event: Key) -> None:
        """Collect the digits of a candidate's number; adopt the candidate once the number is unambiguous."""
        if not (event.character or "").isdecimal() or not self.is_over:
            return
        event.stop()
        self._typed += event.character or ""
        meant = [number for number in self.rollouts if str(number).startswith(self._typed)]
        if len(meant) == 1 or int(self._typed) in meant:
            self._point_at(meant[0] if len(meant) == 1 else int(self._typed))
        if len(meant) == 1:
            self.action_graft()
        if len(meant) < 2:
            self._typed = ""

    def action_graft(self) -> None:
        rollout = self.rollouts.get(self.current or 0)
        if rollout is None:
            return
        if rollout.code:
            self.dismiss(rollout.number)
        else:
            why = one_line(rollout.detail, 200) or "none of its replies was accepted"
            self._show_state(f"{rollout.number} has no code to adopt: {why}", is_fault=True)

    def action_toggle_reply(self) -> None:
        self._shows_reply = not self._shows_reply
        for view in self.columns.views.values():
            view.show_reply(self._shows_reply)

    def action_stop(self) -> None:
        self._show_state("ending the pending candidates; what has arrived is kept")
        self.stop()

    def action_copy_or_stop(self) -> None:
        if self.get_selected_text():
            self.action_copy_text()
        elif not self.is_over:
            self.action_stop()

    def action_back(self) -> None:
        self.dismiss(None)
