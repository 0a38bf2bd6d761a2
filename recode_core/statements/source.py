"""Source text: ranges of `ast` nodes in characters, and rewritten pieces with the way back."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from recode_core.values import Span


class Edit(NamedTuple):
    """Replace the characters `start`–`end` of the source by `text`."""

    start: int
    end: int
    text: str


class Piece(NamedTuple):
    """`length` characters from `at` in the fed text came from `origin` in the source."""

    at: int
    origin: int
    length: int


@dataclass(frozen=True, slots=True)
class Fed:
    """A text that the interpreter is fed in place of a piece of source, with the way back."""

    text: str
    pieces: tuple[Piece, ...]

    def origin(self, at: int) -> int:
        """The source offset of an offset into the fed text, both in characters."""
        if not self.pieces:
            return 0
        piece = self.pieces[max(0, bisect_right(self.pieces, at, key=lambda p: p.at) - 1)]
        return piece.origin + min(max(at - piece.at, 0), piece.length)


class Source:
    """A program text with its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self.lines)]

    def offset(self, line: int, byte_column: int) -> int:
        """The character offset of an `ast` position (1-based line, column in UTF-8 bytes)."""
        text = self.lines[line - 1]
        column = byte_column if text.isascii() else len(text.encode()[:byte_column].decode(errors="ignore"))
        return self._starts[line - 1] + column

    def extent(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Start and end of a node, in characters."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def position(self, offset: int) -> tuple[int, int]:
        """Line (from 1) and column (from 0) of a character offset."""
        line = bisect_right(self._starts, offset) - 1
        return line + 1, offset - self._starts[line]

    def span(self, start: int, end: int) -> Span:
        """The range between two character offsets."""
        return Span(*self.position(start), *self.position(end))

    def text_of(self, span: Span) -> str:
        """The characters of a range, as far as the text has it."""
        last = len(self.lines)
        start = self._starts[min(span.line, last) - 1] + span.column
        return self.text[start : self._starts[min(span.end_line, last) - 1] + span.end_column]

    def around(self, span: Span) -> tuple[str, str]:
        """What stands before and after a range."""
        start = self._starts[span.line - 1] + span.column
        return self.text[:start], self.text[self._starts[span.end_line - 1] + span.end_column :]

    def indent_of(self, span: Span) -> str:
        """What stands before a statement on its line, as white space of the same width."""
        before = self.lines[span.line - 1][: span.column]
        return before if before.isspace() else " " * span.column

    def fed(self, start: int, end: int, edits: Iterable[Edit] = ()) -> Fed:
        """The characters `start`–`end` with the edits inside them applied."""
        parts, pieces, at, here = [""], [], 0, start
        for edit in sorted(e for e in edits if start <= e.start and e.end <= end):
            parts += [self.text[here : edit.start], edit.text]
            pieces.append(Piece(at, here, edit.start - here))
            at += edit.start - here
            pieces.append(Piece(at, edit.start, 0))
            at, here = at + len(edit.text), edit.end
        pieces.append(Piece(at, here, end - here))
        return Fed("".join([*parts, self.text[here:end]]), tuple(pieces))
