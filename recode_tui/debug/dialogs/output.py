"""A viewer of a command's multi-line output."""

from __future__ import annotations

from collections.abc import Sequence

from recode_tui.debug.dialogs.text_viewer import TextViewerScreen
from recode_tui.widgets.document import Document


class OutputScreen(TextViewerScreen):
    """The lines that a command printed, unwrapped at first so that columns stay aligned."""

    def __init__(self, command: str, output: Sequence[str]) -> None:
        lines = [line for text in output for line in text.split("\n")]
        super().__init__(command, Document(lines), is_wrapped=False, copied_name="the output")
