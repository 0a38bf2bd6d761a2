"""The environment panel: every action with its observation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.events import ActionReached, ActionReplaced, Origin, Place
from recode_core.timeline.actions import Action
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.selected_rows import ActionRow, RowBreakpoint, breakpoint_of
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import BREAKPOINT, CURRENT, CURRENT_BREAKPOINT
from recode_tui.text import one_line, plain
from recode_tui.widgets.matches import contains, spans
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_DETAIL = 6  # lines of an observation below its row
_BY_HAND = "by hand: "
_MAX_LENGTH = 4000  # characters of an observation that are drawn


class EnvironmentPanel(RowList):
    """Actions and observations in order. Those after the moment are faint."""

    frame: reactive[Frame | None] = reactive(None, repaint=False)

    @dataclass
    class ActionMessage(Message):
        """The base of messages about an action."""

        action: Action

    class ActionShown(ActionMessage):
        """Posted when the user moves the cursor to an action."""

    class ActionChosen(ActionMessage):
        """Posted when the user presses enter on an action."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "3 Environment"
        self._actions: list[Action] = []
        self._until = 0
        self._waiting: tuple[Place, str, bool] | None = None
        self._breakpoints: frozenset[RowBreakpoint] = frozenset()
        self._origin: Origin | None = None

    @property
    def selected(self) -> Action | None:
        """The action under the cursor, if it has an observation."""
        return self._actions[self.cursor] if self.cursor < len(self._actions) else None

    @property
    def selected_row(self) -> ActionRow | None:
        """The action under the cursor."""
        return self._row(self.cursor) if self.cursor < self.count() else None

    def _row(self, row: int) -> ActionRow:
        if row < len(self._actions):
            return ActionRow(self._actions[row].action, self._actions[row].observation.text)
        return ActionRow(self._waiting[1] if self._waiting is not None else "")

    def count(self) -> int:
        return len(self._actions) + (self._waiting is not None)

    def parts(self, row: int, width: int) -> Iterator[Part]:
        if row >= len(self._actions):
            assert self._waiting is not None
            place, text, is_by_hand = self._waiting
            action_text = f"{_BY_HAND if is_by_hand else ''}{text}"
            yield from self._action_parts(row, _where(place), action_text, width, is_now=True)
            return
        action, is_past = self._actions[row], row < self._until
        if action.place is None:
            yield self._mark(row, is_now=False)
            yield fitted(one_line(action.observation.text[:_MAX_LENGTH], _MAX_LENGTH), width - 2), "quiet"
            return
        assert self.frame is not None
        is_now = not is_past and action.reached <= self.frame.n
        used = 0
        for text, tone in self._action_parts(row, _where(action.place), _done(action), width, is_now):
            used += cell_len(text)
            yield text, tone if is_past or is_now or tone == BREAKPOINT.tone else "faint"
        text = (_BY_HAND if action.by == "user" else "") + action.observation.text[:_MAX_LENGTH]
        yield (
            fitted(one_line(text, _MAX_LENGTH), max(0, width - used)),
            "quiet" if is_past else "faint",
        )

    def text_of(self, row: int) -> str:
        if row < len(self._actions):
            return f"{self._actions[row].action}\n{self._actions[row].observation.text}"
        return self._waiting[1] if self._waiting is not None else ""

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        if row >= len(self._actions):
            return () if self._origin is None else (f"  {self._origin}",)
        text = plain(self._near_match(self._actions[row].observation.text))
        lines = [
            wrapped
            for line in text.splitlines()
            for wrapped in textwrap.wrap(line, max(8, width - 4), break_on_hyphens=False) or [""]
        ]
        if len(lines) <= 1 and self._actions[row].place is None:
            lines = lines if cell_len(text) > width - 2 else []
        if len(lines) > _DETAIL:
            holds, shown = contains(self.search_text), _DETAIL - 1
            first = next((at for at, line in enumerate(lines) if self.search_text and holds(line)), 0)
            first = 0 if first < shown else min(first - 1, len(lines) - shown)
            more = f"… enter reads the other {len(lines) - shown} lines"
            lines = [*lines[first : first + shown], more]
        origin = self._actions[row].origin
        return tuple(f"  {line}" for line in ([str(origin), *lines] if origin is not None else lines))

    def _near_match(self, text: str) -> str:
        """As much of an observation as is drawn: its beginning, or around the search's first match."""
        found = spans(self.search_text, text)
        first = found[0][0] if found else 0
        start = first - _MAX_LENGTH // 4 if first > _MAX_LENGTH // 2 else 0
        return ("…" if start else "") + text[start : start + _MAX_LENGTH]

    def watch_frame(self, old: Frame | None, frame: Frame | None) -> None:
        if frame is None:
            return
        index, self._breakpoints = frame.timeline.actions, frame.enabled_breakpoints
        self.forget_found()
        self._actions, self._until = index.actions, index.until(frame.n)
        self._waiting = _waiting_action(frame) if self._until == len(self._actions) else None
        self._origin = frame.event.origin if isinstance(frame.event, ActionReached) else None
        set_titles(self, None, Content(self._summary(frame)))
        if old is not None and old.timeline is frame.timeline and old.n == frame.n:
            self.reload()  # only annotations changed
            return
        is_at_action = frame.stop.kind == "action"
        self.select(self._until if is_at_action else self._until - 1)

    def show_node(self, node: str) -> None:
        """Move the cursor to the first action of a node or its descendants."""
        row = self.frame.timeline.actions.first_of(node) if self.frame is not None else None
        if row is not None and row != self.cursor:
            self.select(row)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        if self.selected is not None:
            self.post_message(self.ActionShown(self.selected))

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self.selected is not None:
            self.post_message(self.ActionChosen(self.selected))

    def _mark(self, row: int, is_now: bool) -> Part:
        """The mark of the current action and of one with a breakpoint."""
        if self._breakpoints and breakpoint_of(self._row(row)) in self._breakpoints:
            look = CURRENT_BREAKPOINT if is_now else BREAKPOINT
            return f"{look.glyph} ", look.tone
        return (f"{CURRENT.glyph} ", CURRENT.tone) if is_now else ("  ", "plain")

    def _action_parts(self, row: int, where: str, action: str, width: int, is_now: bool) -> Iterator[Part]:
        left = min(14, max(6, width // 6))
        yield self._mark(row, is_now)
        yield fitted(where, left) + " ", "faint"
        yield (
            fitted(one_line(action, 200), min(28, max(12, width // 3))) + " ",
            "now" if is_now else "plain",
        )

    def _summary(self, frame: Frame) -> str:
        if (run := frame.imported) is not None:
            known = "unknown" if run.score is None else f"{run.score:g}"
            return f"score {known} · {'–' if run.steps is None else run.steps} steps in all"
        steps = max(0, self._until - 1)
        score = self._actions[self._until - 1].observation.score if self._until else 0.0
        left = f"{steps} of {frame.step_limit} steps" if frame.step_limit else f"{steps} steps"
        return f"score {score:g} · {left}"


def _done(action: Action) -> str:
    return f"{_BY_HAND if action.is_replaced else ''}{action.action}"


def _where(place: Place) -> str:
    return place.node + "".join(f"#{number}" for number in place.passes)


def _waiting_action(frame: Frame) -> tuple[Place, str, bool] | None:
    """The place and text of the action that has no observation yet, and whether the user wrote it."""
    if frame.stop.kind != "action" or frame.stop.place is None:
        return None
    event = frame.event
    action = event.action if isinstance(event, ActionReached | ActionReplaced) else ""
    return frame.stop.place, action, isinstance(event, ActionReplaced)
