"""An input field that takes fast keys in their order, and its suggestion, which is drawn behind the cursor.

Textual accepts it with the key that moves the cursor to the right. There is no public name for it, to accept
it with another key.
"""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Input

from recode_tui._textual.own_keys import run_own_binding


class SuggestingInput(Input):
    """An input field with its suggestion."""

    @property
    def suggestion(self) -> str:
        """The whole text that is suggested, empty if none is."""
        return self._suggestion

    async def _on_key(self, event: Key) -> None:
        if await run_own_binding(self, event):
            self._restart_blink()
