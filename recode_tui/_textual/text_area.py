"""A text area whose undo may shorten the text.

Textual 8.2 measures the text after undo and redo, which scrolls to the cursor, before it moves the cursor
into the text. Where the text became shorter than the position of the cursor, that raises.
"""

from __future__ import annotations

from textual.widgets import TextArea


class ShrinkingTextArea(TextArea):
    """Moves the cursor into the text before the text is measured."""

    def _refresh_size(self) -> None:
        self.selection = self._validate_selection(self.selection)
        super()._refresh_size()
