"""The variables panel: the variables of a moment, the last changed first, below the watches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.timeline.variables import Binding as Bound
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.view_frame import Frame
from recode_tui.text import one_line
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_CHANGED = "← this step"


class VariablesPanel(RowList):
    """A row for each of `watches`, and one with name, type and value for each variable."""

    BINDINGS: ClassVar[list[BindingType]] = [
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
        self.border_title = "4 Variables"
        self._bound: list[Bound] = []
        self._since = -1

    @property
    def _watched(self) -> tuple[str, ...]:
        """The watches, which are known at the cursor and not in a preview."""
        return () if self.frame is not None and self.frame.is_preview else self.watches

    @property
    def bound(self) -> Bound | None:
        """The variable under the cursor."""
        row = self.cursor - len(self._watched)
        return self._bound[row] if 0 <= row < len(self._bound) else None

    def count(self) -> int:
        return len(self._watched) + len(self._bound)

    def parts(self, row: int, width: int) -> Iterator[Part]:
        if row < len(self._watched):
            yield fitted(f"⊙ {one_line(self._watched[row], 1000)}", width), "plain"
            return
        bound = self._bound[row - len(self._watched)]
        variable, is_new = bound.variable, bound.n > self._since
        assert variable is not None
        named, typed = min(18, max(8, width // 4)), 6 if width < 60 else 10
        mark = f" {_CHANGED}" if is_new and width >= 56 else " ←" if is_new else ""
        yield fitted(one_line(variable.name, 80), named) + " ", "now" if is_new else "plain"
        yield fitted(one_line(variable.type, 80), typed) + " ", "faint"
        more = "" if variable.length is None else f"… ({variable.length})"
        left = max(1, width - named - typed - 2 - len(mark))
        yield fitted(one_line(variable.value, 1000) + more, left), "plain" if is_new else "quiet"
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
        self._bound = sorted(frame.timeline.variables.at(frame.n), key=lambda bound: -bound.n)
        set_titles(self, None, Content(f"{len(self._bound)}" if self._bound else ""))
        self.reload()

    def watch_watches(self) -> None:
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
