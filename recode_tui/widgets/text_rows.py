"""The mapping from lines of a text to rows of the screen: a row a line, or as many as a soft wrap needs.

A wrapped text is laid out from the top and only as far as rows are asked for, so a long text opens at once.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple, Protocol

from rich.cells import cell_len

TextOf = Callable[[int], str]


class TextRow(NamedTuple):
    """A row that shows columns `start` to `end` (exclusive) of a line."""

    line: int
    start: int
    end: int


class TextRows(Protocol):
    """The rows of a text."""

    @property
    def height(self) -> int:
        """The number of rows that are laid out."""

    @property
    def is_complete(self) -> bool:
        """Whether all rows are laid out."""

    def at(self, row: int) -> TextRow | None:
        """Return a row, None beyond the end. Lays out what is missing."""

    def first_of(self, line: int, column: int = 0) -> int:
        """Return the row that shows a column of a line. Lays out what is missing."""

    def lay_out(self, seconds: float) -> None:
        """Continue the layout for about `seconds`."""

    def extend(self, count: int) -> None:
        """Take the text to have `count` lines now. The line that was last may have grown."""


class UnwrappedRows:
    """A row for each line."""

    is_complete = True

    def __init__(self, text_of: TextOf, count: int) -> None:
        self._text_of = text_of
        self.height = count

    def at(self, row: int) -> TextRow | None:
        return TextRow(row, 0, len(self._text_of(row))) if 0 <= row < self.height else None

    def first_of(self, line: int, column: int = 0) -> int:
        return line

    def lay_out(self, seconds: float) -> None:
        pass

    def extend(self, count: int) -> None:
        self.height = count


class WrappedRows:
    """Lines broken after spaces; a word wider than the screen is broken anywhere.

    The three arrays grow together. `_line_of` and `_start_of` hold the line and the first column of each row;
    `_first_of` holds the first row of each line. The next row begins at `_column` of `_line`, whose text is
    kept in `_text`.
    """

    def __init__(self, text_of: TextOf, count: int, width: int) -> None:
        self._text_of = text_of
        self._count = count
        self._width = max(2, width)  # a wide character must fit
        self._line_of = array("L")
        self._start_of = array("L")
        self._first_of = array("L")
        self._line, self._column = 0, 0
        self._text: str | None = None

    @property
    def height(self) -> int:
        return len(self._line_of)

    @property
    def is_complete(self) -> bool:
        return self._line >= self._count

    def at(self, row: int) -> TextRow | None:
        while self.height <= row + 1 and not self.is_complete:
            self._add_row()
        if not 0 <= row < self.height:
            return None
        line, start, after = self._line_of[row], self._start_of[row], row + 1
        if after < self.height and self._line_of[after] == line:
            return TextRow(line, start, self._start_of[after])
        return TextRow(line, start, len(self._text_of(line)))

    def first_of(self, line: int, column: int = 0) -> int:
        while not self.is_complete and (self._line, self._column) <= (line, column):
            self._add_row()
        first = self._first_of[line]
        last = self._first_of[line + 1] if line + 1 < len(self._first_of) else self.height
        return bisect_right(self._start_of, column, first, last) - 1

    def lay_out(self, seconds: float) -> None:
        until = perf_counter() + seconds
        while not self.is_complete and perf_counter() < until:
            for _ in range(200):
                if not self.is_complete:
                    self._add_row()

    def extend(self, count: int) -> None:
        if self._count and self._line == self._count:  # all rows of a line but its last one stay the same
            self._line, self._column = self._line_of.pop(), self._start_of.pop()
            if self._column == 0:
                self._first_of.pop()
        self._text = None
        self._count = count

    def _add_row(self) -> None:
        if self._text is None:
            self._text = self._text_of(self._line)
        if self._column == 0:
            self._first_of.append(self.height)
        self._line_of.append(self._line)
        self._start_of.append(self._column)
        self._column = _row_end(self._text, self._column, self._width)
        if self._column >= len(self._text):
            self._line, self._column, self._text = self._line + 1, 0, None


def _row_end(text: str, start: int, width: int) -> int:
    """Return where the row that begins at `start` ends. A space may hang over the edge."""
    end = start + _fitting(text[start : start + width], width)
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", start, end + 1)
    return space + 1 if space > start and not text[start:space].isspace() else end


def _fitting(text: str, width: int) -> int:
    """Return how many characters fit into `width` cells, at least one."""
    if text.isascii():
        return len(text)
    cells = 0
    for index, character in enumerate(text):
        cells += cell_len(character)
        if cells > width:
            return max(1, index)
    return len(text)
