"""A text area whose undo may shorten the text, and that takes fast keys in their order.

Textual 8.2 measures the text after undo and redo, which scrolls to the cursor, before it moves the cursor
into the text. Where the text became shorter than the position of the cursor, that raises.
"""

from __future__ import annotations

from textual.events import Key
from textual.widgets import TextArea

from recode_tui._textual.own_keys import run_own_binding


class ShrinkingTextArea(TextArea):
    """Moves the cursor into the text before the text is measured."""

    def _refresh_size(self) -> None:
        self.selection = self._validate_selection(self.selection)
        super()._refresh_size()

    async def _on_key(self, event: Key) -> None:
        if await run_own_binding(self, event):
            self._restart_blink()
