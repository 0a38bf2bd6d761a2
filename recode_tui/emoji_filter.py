"""The filter that simplifies emoji sequences in all that the app draws."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from recode_tui.emoji import has_sequence, simplify


class EmojiFilter(LineFilter):
    """Simplifies emoji sequences in every line."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with the same widths and simpler texts."""
        if not any(has_sequence(segment.text) for segment in segments):
            return segments
        return [Segment(simplify(text), style, control) for text, style, control in segments]
