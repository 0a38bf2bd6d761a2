"""What a text view shows, as one immutable value. Lines and columns count from 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from recode_core.values import Span
from recode_tui.statuses import Look, Tone

Line = Content | str
"""A line of text. A `str` may come from outside; a `Content` is shown as it is."""


@dataclass(frozen=True, slots=True)
class Range:
    """Columns `start` to `end` (exclusive) of a line, underlined in a tone."""

    line: int
    start: int
    end: int
    tone: Tone


@dataclass(frozen=True)
class Document:
    """Lines, and what is pointed at in them.

    `numbered_from` is the line that has the number 1; None shows no numbers. `marks` stand in the gutter,
    which is there when there are numbers or `has_marks` asks for it. `current` is the line of *now*.
    """

    lines: Sequence[Line] = ()
    numbered_from: int | None = None
    has_marks: bool = False
    marks: Mapping[int, Look] = field(default_factory=dict)
    ranges: tuple[Range, ...] = ()
    current: int | None = None

    @property
    def gutter_width(self) -> int:
        """Cells beside the text: a mark, and the number of the line."""
        if self.numbered_from is None:
            return 2 if self.has_marks else 0
        return 5 + max(0, len(str(len(self.lines) - self.numbered_from)) - 1)

    @classmethod
    def of(cls, text: str) -> Document:
        """A text as it is, with nothing pointed at."""
        return cls(text.split("\n"))

    def text(self, line: int) -> str:
        """A line as it was given."""
        found = self.lines[line]
        return found if isinstance(found, str) else found.plain


def ranges_of(span: Span, tone: Tone, lines: Sequence[Line], first: int = 0) -> tuple[Range, ...]:
    """The ranges that a source range covers, where line `first` is its line 1."""
    found = []
    for number in range(span.line, span.end_line + 1):
        line = first + number - 1
        if 0 <= line < len(lines):
            start = span.column if number == span.line else 0
            end = span.end_column if number == span.end_line else len(lines[line])
            found.append(Range(line, start, end, tone))
    return tuple(found)


def by_line(ranges: tuple[Range, ...]) -> dict[int, tuple[Range, ...]]:
    """Ranges under the line that they are in."""
    found: dict[int, tuple[Range, ...]] = {}
    for item in ranges:
        found[item.line] = (*found.get(item.line, ()), item)
    return found


def lines_that_differ(old: Document, new: Document) -> set[int]:
    """The lines that are pointed at otherwise, in two documents with the same lines."""
    found = {line for line, _ in set(old.marks.items()) ^ set(new.marks.items())}
    found |= {item.line for item in set(old.ranges) ^ set(new.ranges)}
    if old.current != new.current:
        found |= {line for line in (old.current, new.current) if line is not None}
    return found
