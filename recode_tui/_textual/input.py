"""The suggestion of an input field, which is drawn behind the cursor.

Textual accepts it with the key that moves the cursor to the right. There is no public name for it, to accept
it with another key.
"""

from __future__ import annotations

from textual.widgets import Input


class SuggestingInput(Input):
    """An input field with its suggestion."""

    @property
    def suggestion(self) -> str:
        """The whole text that is suggested, empty if none is."""
        return self._suggestion
