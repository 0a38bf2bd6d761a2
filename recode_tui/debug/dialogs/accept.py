"""What an edit changes, before it is accepted."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize

from recode_tui.debug.dialogs.diffs import Diff
from recode_tui.debug.document import Document
from recode_tui.debug.textview import TextView
from recode_tui.dialog import Dialog

_SIDE_BY_SIDE = 100
"""From how many cells on two texts are shown side by side."""


class AcceptScreen(Dialog[bool]):
    """Two texts compared. True accepts the new one; escape goes back to where it is edited."""

    IS_LARGE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "accept", priority=True),
        Binding("ctrl+s", "accept", "accept", show=False),
        Binding("escape", "back", "back to the editor"),
        Binding("v", "turn", "side by side or below"),
    ]

    def __init__(self, before: str, after: str, *, is_code: bool = True) -> None:
        self.diff = Diff(before, after, is_code)
        super().__init__(f"Accept the edit? {self.diff.counts}")
        self._is_wide: bool | None = None

    def compose_body(self) -> ComposeResult:
        yield TextView(id="diff")

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        view = self.query_one("#diff", TextView)
        width = view.scrollable_content_region.width
        is_wide = width >= _SIDE_BY_SIDE if self._is_wide is None else self._is_wide
        view.show(Document(self.diff.side_by_side(width) if is_wide else self.diff.unified()))

    def action_turn(self) -> None:
        width = self.query_one("#diff", TextView).scrollable_content_region.width
        self._is_wide = not (width >= _SIDE_BY_SIDE if self._is_wide is None else self._is_wide)
        self._lay_out()

    def action_accept(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)
