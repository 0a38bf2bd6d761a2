"""Confirmation of an edit by its diff."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize

from recode_tui.debug.dialogs.diffs import Diff
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.document import Document
from recode_tui.widgets.text_view import TextView

_SIDE_BY_SIDE = 100
"""Minimum width in cells to show two texts side by side, provided that no line is cut."""


class DiffConfirmScreen(Dialog[bool]):
    """Show the diff of two texts. Return True to accept the new one; escape goes back without that."""

    EXTENT = "fitting"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "accept", priority=True),
        Binding("ctrl+s", "accept", "accept", show=False),
        Binding("escape", "back", "back"),
        Binding("v", "toggle_layout", "side by side or below"),
    ]

    def __init__(self, before: str, after: str, *, is_code: bool = True) -> None:
        self.diff = Diff(before, after, is_code)
        super().__init__(f"Accept the edit? {self.diff.counts}")
        self._is_wide: bool | None = None

    def compose_body(self) -> ComposeResult:
        yield TextView(wrap=True, id="diff", classes="fits")

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        width = self._view.scrollable_content_region.width
        rows = self.diff.side_by_side(width) if self._is_side_by_side else self.diff.unified()
        self._view.show(Document(rows))
        row, column = self.diff.first
        self._view.reveal(row, 0 if self._is_side_by_side else column)

    @property
    def _view(self) -> TextView:
        return self.query_one("#diff", TextView)

    @property
    def _is_side_by_side(self) -> bool:
        width = self._view.scrollable_content_region.width
        if self._is_wide is not None:
            return self._is_wide
        return width >= _SIDE_BY_SIDE and self.diff.fits(width)

    def action_toggle_layout(self) -> None:
        self._is_wide = not self._is_side_by_side
        self._lay_out()

    def action_accept(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)
