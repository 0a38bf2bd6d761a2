"""The variables panel: the variables of a moment below the watches, the last changed first.

The instruction and the first observation, while nothing has changed them, and modules come last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.format import counted
from recode_core.timeline.variables import Binding as Bound
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.keys import shown, to_come
from recode_tui.debug.selected_rows import RowBreakpoint, VariableRow, WatchRow
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import BREAKPOINT, meaning_of
from recode_tui.text import one_line
from recode_tui.widgets.glyph import Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_CHANGED = "← this step"


class VariablesPanel(RowList):
    """A row for each of `watches`, and one with name, type and value for each variable."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "its value as a tree, and every change of it", show=False),
        Binding("o", "origin", "where its value comes from", show=False),
    ]

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    watches: reactive[tuple[str, ...]] = reactive((), repaint=False)

    @dataclass
    class VariableMessage(Message):
        """The base of messages about a variable."""

        name: str

    class HistoryRequested(VariableMessage):
        """Posted when the user asks for the changes of a variable."""

    class OriginRequested(VariableMessage):
        """Posted when the user asks where the value of a variable comes from."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = f"{shown('variables')} Variables"
        self._bound: list[Bound] = []
        self._longest = 0  # name
        self._since = -1
        self._breakpoints: frozenset[RowBreakpoint] = frozenset()
        self._resets: frozenset[int] = frozenset()  # the records that gave the arguments of the root

    @property
    def _watched(self) -> tuple[str, ...]:
        """The watches, which are known at the cursor and not in a preview."""
        return () if self.frame is not None and self.frame.is_preview else self.watches

    @property
    def bound(self) -> Bound | None:
        """The variable under the cursor."""
        row = self.cursor - len(self._watched)
        return self._bound[row] if 0 <= row < len(self._bound) else None

    @property
    def selected_row(self) -> VariableRow | WatchRow | None:
        """The variable or the watch under the cursor."""
        expressions = self.frame.annotations.watches if self.frame is not None else ()
        if self.cursor < min(len(self._watched), len(expressions)):
            return WatchRow(expressions[self.cursor], self._watched[self.cursor])
        return VariableRow.of(self.bound) if self.bound is not None else None

    def tip_of(self, number: int, part: str, at: int) -> str:
        return meaning_of(part.strip()) if number == 1 else ""

    def count(self) -> int:
        return len(self._watched) + len(self._bound)

    def empty_text(self) -> str:
        return to_come("variables")

    def parts(self, row: int, width: int) -> Iterator[Part]:
        if row < len(self._watched):
            yield fitted(f"⊙ {one_line(self._watched[row], 1000)}", width), "plain"
            return
        bound = self._bound[row - len(self._watched)]
        variable, is_new = bound.variable, bound.n > self._since
        assert variable is not None
        named, typed = min(18, max(8, width // 4), self._longest), 6 if width < 60 else 10
        mark = f" {_CHANGED}" if is_new and width >= 56 else " ←" if is_new else ""
        name_tone, value_tone = self._tones(bound, is_new)
        if ("variable", variable.name) in self._breakpoints:
            yield fitted(one_line(variable.name, 80), named - 2) + " ", name_tone
            yield f"{BREAKPOINT.text} ", BREAKPOINT.tone
        else:
            yield fitted(one_line(variable.name, 80), named) + " ", name_tone
        yield fitted(one_line(variable.type, 80), typed) + " ", "faint"
        more = "" if variable.length is None else f"… ({variable.length})"
        left = max(1, width - named - typed - 2 - len(mark))
        yield fitted(one_line(variable.value, 1000) + more, left), value_tone
        yield mark, "now"

    def text_of(self, row: int) -> str:
        if row < len(self._watched):
            return self._watched[row]
        variable = self._bound[row - len(self._watched)].variable
        return f"{variable.name}\n{variable.value}" if variable is not None else ""

    def watch_frame(self, frame: Frame | None) -> None:
        if frame is None:
            return
        self._since = frame.timeline.stop_before(frame.n).n
        self._breakpoints = frame.enabled_breakpoints
        self._resets = frozenset(reset.n for reset in frame.timeline.resets)
        selected = self.bound
        self._bound = sorted(frame.timeline.variables.at(frame.n), key=self._order)
        set_titles(self, None, Content(counted(len(self._bound), "variable") if self._bound else ""))
        names = (bound.variable.name for bound in self._bound if bound.variable is not None)
        marked = {name for kind, name in self._breakpoints if kind == "variable"}
        self._longest = max((cell_len(name) + 2 * (name in marked) for name in names), default=0)
        if self.has_focus and selected is not None and selected.variable is not None:
            self._select_variable(selected.variable.name)
        self.reload()

    def _select_variable(self, name: str) -> None:
        """Move the cursor to a variable, which may stand in another row since the last moment."""
        for row, bound in enumerate(self._bound, start=len(self.watches)):
            if bound.variable is not None and bound.variable.name == name:
                self.select(row)
                return

    def watch_watches(self, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        if self.cursor >= len(old):  # stay on the variable
            self.select(self.cursor + len(new) - len(old))
        self.reload()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self.bound is not None and self.bound.variable is not None:
            self.post_message(self.HistoryRequested(self.bound.variable.name))

    def action_origin(self) -> None:
        if self.bound is not None and self.bound.variable is not None:
            self.post_message(self.OriginRequested(self.bound.variable.name))

    def _order(self, bound: Bound) -> tuple[bool, bool, int]:
        return _is_module(bound), bound.n in self._resets, -bound.n

    def _tones(self, bound: Bound, is_new: bool) -> tuple[Tone, Tone]:
        """The tones of the name and the value of a variable."""
        if _is_module(bound):
            return "faint", "faint"
        if bound.n in self._resets:
            return "quiet", "quiet"
        return ("now", "plain") if is_new else ("plain", "quiet")


def _is_module(bound: Bound) -> bool:
    return bound.variable is not None and bound.variable.type == "module"
