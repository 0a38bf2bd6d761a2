"""The immutable content of a text view. Lines and columns count from 0."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import msgspec
from textual.content import Content

from recode_tui.widgets.glyph import Glyph, Tone

Line = Content | str
"""A line of text. A `str` may contain control codes, which are made visible; `Content` is shown as it is."""


class Range(msgspec.Struct, frozen=True):
    """Columns `start` to `end` (exclusive) of a line, underlined in a tone."""

    line: int
    start: int
    end: int
    tone: Tone


class Document(msgspec.Struct, frozen=True):
    """Lines of text with a gutter and highlighted ranges.

    Line `numbered_from` has the number 1; with None there are no numbers. The lines `unnumbered`, in order,
    have none and are not counted. `marks` are glyphs in the gutter; `has_marks` keeps a gutter for them where
    there are no numbers. `current` is the line of the current statement, `current_end` the last line about
    it, which is made visible with it if both have room.
    """

    lines: Sequence[Line] = ()
    numbered_from: int | None = None
    unnumbered: tuple[int, ...] = ()
    has_marks: bool = False
    marks: Mapping[int, Glyph] = msgspec.field(default_factory=dict)
    ranges: tuple[Range, ...] = ()
    current: int | None = None
    current_end: int | None = None

    @property
    def gutter_width(self) -> int:
        """Cells for the mark and the number of a line."""
        if self.numbered_from is None:
            return 2 if self.has_marks else 0
        return 5 + max(0, len(str(len(self.lines) - len(self.unnumbered) - self.numbered_from)) - 1)

    def number(self, line: int) -> int | None:
        """The number of a line; None if it has none."""
        if self.numbered_from is None or line < self.numbered_from:
            return None
        before = bisect_left(self.unnumbered, line)
        if self.unnumbered[before : before + 1] == (line,):
            return None
        return line - self.numbered_from - before + 1

    @classmethod
    def of(cls, text: str) -> Document:
        """Make a document of plain text."""
        return cls(text.split("\n"))

    def text(self, line: int) -> str:
        """The text of a line before control codes are made visible."""
        found = self.lines[line]
        return found if isinstance(found, str) else found.plain


def has_same_lines(old: Document, new: Document) -> bool:
    """Whether two documents show the same lines, in the same styles."""
    if old.lines is new.lines:
        return True
    return len(old.lines) == len(new.lines) and all(map(_is_same, old.lines, new.lines))


def _is_same(one: Line, other: Line) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return one.plain == other.plain and one.spans == other.spans


def by_line(ranges: tuple[Range, ...]) -> dict[int, tuple[Range, ...]]:
    """Group ranges by their line."""
    found: dict[int, tuple[Range, ...]] = {}
    for item in ranges:
        found[item.line] = (*found.get(item.line, ()), item)
    return found


def changed_lines(old: Document, new: Document) -> set[int]:
    """The lines whose marks, ranges or background differ between two documents of the same lines."""
    found = {line for line, _ in set(old.marks.items()) ^ set(new.marks.items())}
    found |= {item.line for item in set(old.ranges) ^ set(new.ranges)}
    if old.current != new.current:
        found |= {line for line in (old.current, new.current) if line is not None}
    return found
