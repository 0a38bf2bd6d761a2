"""The environment panel: every action with its observation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.events import Origin, Place
from recode_core.format import counted, steps_of_whole
from recode_core.timeline.actions import Action
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.keys import shown, to_come
from recode_tui.debug.selected_rows import ActionRow, RowBreakpoint, breakpoint_of
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import BREAKPOINT, CURRENT, CURRENT_BREAKPOINT, NO_EFFECT, meaning_of
from recode_tui.text import one_line, plain
from recode_tui.widgets.glyph import Glyph, Tone
from recode_tui.widgets.matches import contains, spans
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_DETAIL = 6  # lines of an observation below its row, where the panel has not more of them free
_PLACE = 14  # cells of the place of an action, at most
_ACTION = 12  # cells of an action, at least
_BY_HAND = "by hand: "
_MAX_LENGTH = 4000  # characters of an observation that are drawn


class EnvironmentPanel(RowList):
    """Actions and observations in order. Those after the moment are faint.

    The observation of the cursor's row is shown once: in the row if it fits there, else below it. While an
    action waits for its observation, this goes for the observation before.
    """

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
        self.border_title = f"{shown('environment')} Environment"
        self._actions: list[Action] = []
        self._until = 0
        self._waiting: tuple[Place, str, bool] | None = None
        self._breakpoints: frozenset[RowBreakpoint] = frozenset()
        self._origin: Origin | None = None
        self._columns_for: tuple[range, int] | None = None  # the rows and the width that were measured
        self._column_widths = 0, 0

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
            known = self._actions[row]
            return ActionRow(known.action, known.observation.text, known.reached)
        return ActionRow(self._waiting[1] if self._waiting is not None else "")

    def tip_of(self, number: int, part: str, at: int) -> str:
        return meaning_of(part.strip()) if number == 0 else ""

    def count(self) -> int:
        return len(self._actions) + (self._waiting is not None)

    @property
    def detail_row(self) -> int:
        is_last_known = self.cursor == len(self._actions) > 0 and self._origin is None
        return self.cursor - 1 if is_last_known else self.cursor

    def empty_text(self) -> str:
        return to_come("environment")

    def parts(self, row: int, width: int) -> Iterator[Part]:
        place, action = self._label(row)
        if place is None:
            yield from self._reset_parts(row, width)
            return
        is_past = row < self._until
        is_now = not is_past and (row >= len(self._actions) or self._is_reached(self._actions[row]))
        tone: Tone = "now" if is_now else "plain" if is_past else "faint"
        place_width, action_width = self._columns(width)
        is_below = row >= len(self._actions) or (row == self.detail_row and bool(self.detail))
        left = width - place_width - 3
        did_nothing = not is_now and self._did_nothing(row)
        tone = "faint" if did_nothing else tone
        yield self._mark(row, is_now)
        yield fitted(_where(place), place_width) + " ", "faint"
        if is_below:
            yield fitted(action, left), tone
            return
        observed = _observed(self._actions[row])
        yield fitted(action, action_width) + " ", tone
        observation = one_line(observed, _MAX_LENGTH)
        left -= action_width + 1
        yield fitted(observation, max(0, left)), "quiet" if is_past and not did_nothing else "faint"

    def text_of(self, row: int) -> str:
        if row < len(self._actions):
            return f"{self._actions[row].action}\n{self._actions[row].observation.text}"
        return self._waiting[1] if self._waiting is not None else ""

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        if row >= len(self._actions):
            return () if self._origin is None else (f"  {self._origin}",)
        action = self._actions[row]
        lines = _wrapped(self._observed_near_match(action), width)
        if action.place is None:
            lines = lines[1:]  # the first one is in the row
        elif len(lines) <= 1 and cell_len("".join(lines)) <= _beside(width):
            lines = []  # it is in the row
        height = self.scrollable_content_region.height
        most = max(1, min(_DETAIL, height - 1), height - self.count())
        if len(lines) > most:
            holds, shown = contains(self.search_text), most - 1
            first = next((at for at, line in enumerate(lines) if self.search_text and holds(line)), 0)
            first = 0 if first < shown else max(0, min(first - 1, len(lines) - shown))
            more = f"… enter reads the other {len(lines) - shown} lines"
            lines = [*lines[first : first + shown], more]
        origin = action.origin
        return tuple(f"  {line}" for line in ([str(origin), *lines] if origin is not None else lines))

    def _observed_near_match(self, action: Action) -> str:
        """As much of an observation as is drawn: its beginning, or around the search's first match."""
        found = spans(self.search_text, action.observation.text)
        first = found[0][0] if found else 0
        return _observed(action, first - _MAX_LENGTH // 4 if first > _MAX_LENGTH // 2 else 0)

    def watch_frame(self, old: Frame | None, frame: Frame | None) -> None:
        if frame is None:
            return
        index, self._breakpoints = frame.timeline.actions, frame.enabled_breakpoints
        self.forget_found()
        self._columns_for = None
        self._actions, self._until = index.actions, index.until(frame.n)
        self._waiting = _waiting_action(frame) if self._until == len(self._actions) else None
        self._origin = pending.origin if (pending := frame.pending_action) is not None else None
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
            glyph = CURRENT_BREAKPOINT if is_now else BREAKPOINT
            return f"{glyph.text} ", glyph.tone
        glyph = CURRENT if is_now else NO_EFFECT if self._did_nothing(row) else Glyph(" ", "plain")
        return f"{glyph.text} ", glyph.tone

    def _reset_parts(self, row: int, width: int) -> Iterator[Part]:
        """The first observation: its first line if the others are below, else as much as fits."""
        action = self._actions[row]
        yield self._mark(row, is_now=False)
        if row == self.detail_row and self.detail:
            yield fitted(_wrapped(self._observed_near_match(action), width)[0], width - 2), "plain"
        else:
            yield fitted(one_line(_observed(action), _MAX_LENGTH), width - 2), "quiet"

    def _did_nothing(self, row: int) -> bool:
        """Whether the action of a row had no effect, as far as the environment can tell."""
        if self.frame is None or row >= len(self._actions) or self._actions[row].place is None:
            return False
        return self.frame.had_no_effect(self._actions[row].observation.text)

    def _is_reached(self, action: Action) -> bool:
        return self.frame is not None and action.reached <= self.frame.n

    def _label(self, row: int) -> tuple[Place | None, str]:
        """The place and the text of the action of a row."""
        if row < len(self._actions):
            action = self._actions[row]
            return action.place, one_line(_done(action), 200)
        assert self._waiting is not None
        place, text, is_by_hand = self._waiting
        return place, one_line(f"{_BY_HAND if is_by_hand else ''}{text}", 200)

    def _columns(self, width: int) -> tuple[int, int]:
        """The widths of places and actions: the longest in sight, as far as observations keep room."""
        rows = range(self.row_at(0), min(self.count(), self.row_at(self.size.height)))
        if self._columns_for != (rows, width):
            places, actions = [0], [_ACTION]
            for place, action in map(self._label, rows):
                if place is not None:
                    places.append(cell_len(_where(place)))
                    actions.append(cell_len(action))
            place_width = min(max(places), _PLACE, max(6, width // 6))
            most = max(_ACTION, width - place_width - 4 - _beside(width))
            self._columns_for, self._column_widths = (rows, width), (place_width, min(max(actions), most))
        return self._column_widths

    def _summary(self, frame: Frame) -> str:
        if (run := frame.imported) is not None:
            known = "unknown" if run.score is None else f"{run.score:g}"
            return f"score {known} · {steps_of_whole(run.steps)}"
        steps = max(0, self._until - 1)
        score = self._actions[self._until - 1].observation.score if self._until else 0.0
        left = (
            f"{steps} of {counted(frame.step_limit, 'step')}" if frame.step_limit else counted(steps, "step")
        )
        return f"score {score:g} · {left}"


def _done(action: Action) -> str:
    return f"{_BY_HAND if action.is_replaced else ''}{action.action}"


def _observed(action: Action, start: int = 0) -> str:
    """An observation from `start` on, as far as it is drawn."""
    by, cut = _BY_HAND if action.by == "user" else "", "…" if start else ""
    return by + cut + plain(action.observation.text[start : start + _MAX_LENGTH]).strip("\n")


def _wrapped(text: str, width: int) -> list[str]:
    return [
        wrapped
        for line in text.splitlines()
        for wrapped in textwrap.wrap(line, max(8, width - 4), break_on_hyphens=False) or [""]
    ]


def _beside(width: int) -> int:
    """The least cells of an observation beside its action."""
    return max(12, width // 3)


def _where(place: Place) -> str:
    return place.node + "".join(f"#{number}" for number in place.passes)


def _waiting_action(frame: Frame) -> tuple[Place, str, bool] | None:
    """The place and text of the action that has no observation yet, and whether the user wrote it."""
    action = frame.pending_action
    if action is None or action.place is None:
        return None
    return action.place, action.action, action.is_replaced
