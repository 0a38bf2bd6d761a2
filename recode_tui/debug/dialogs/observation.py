"""One whole observation, value or other text, to read, search and copy."""

from __future__ import annotations

from recode_tui.debug.dialogs.reading import ReadingScreen
from recode_tui.debug.document import Document


class ObservationScreen(ReadingScreen):
    """A text of any length, wrapped at first."""

    def __init__(self, heading: str, text: str) -> None:
        super().__init__(heading, Document.of(text), is_wrapped=True)
