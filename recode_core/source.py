"""Source text: ranges of `ast` nodes in characters, and rewritten text with a mapping to the source."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

import msgspec

from recode_core.values import Span


class Edit(NamedTuple):
    """Replace the characters `start`–`end` of the source by `text`, which may be rewritten source itself."""

    start: int
    end: int
    text: str | RewrittenSource


class MappedPiece(NamedTuple):
    """`length` characters at offset `at` of the rewritten text that are at `origin` in the source."""

    at: int
    origin: int
    length: int


class RewrittenSource(msgspec.Struct, frozen=True):
    """A rewritten piece of source, with a mapping of its offsets to the source.

    `definitions` are functions that the text calls; they are fed before the statement, at column 0.
    """

    text: str
    pieces: tuple[MappedPiece, ...]
    definitions: RewrittenSource | None = None

    def origin(self, at: int, is_end: bool = False) -> int:
        """The source offset of an offset in the rewritten text, both in characters.

        Between two pieces, the end of a range belongs to the first one.
        """
        if not self.pieces:
            return 0
        bisect = bisect_left if is_end else bisect_right
        piece = self.pieces[max(0, bisect(self.pieces, at, key=lambda p: p.at) - 1)]
        return piece.origin + min(max(at - piece.at, 0), piece.length)


def joined(parts: Iterable[str | RewrittenSource], origin: int) -> RewrittenSource:
    """Join texts; a plain `str` is mapped to the source offset `origin`."""
    texts, pieces, at = list[str](), list[MappedPiece](), 0
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            pieces.append(MappedPiece(at, origin, 0))
        else:
            texts.append(part.text)
            pieces += [MappedPiece(at + piece.at, piece.origin, piece.length) for piece in part.pieces]
        at += len(texts[-1])
    return RewrittenSource("".join(texts), tuple(pieces))


class Source:
    """A program text with its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._is_ascii = text.isascii()
        self.lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self._bytes: dict[int, list[int]] = {}  # by line, if not ASCII: the byte offset of each character

    def offset(self, line: int, byte_column: int) -> int:
        """The character offset of an `ast` position (1-based line, column in UTF-8 bytes)."""
        if self._is_ascii or self.lines[line - 1].isascii():
            return self._starts[line - 1] + byte_column
        if line not in self._bytes:
            self._bytes[line] = [0, *accumulate(len(char.encode()) for char in self.lines[line - 1])]
        return self._starts[line - 1] + bisect_right(self._bytes[line], byte_column) - 1

    def extent(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Start and end of a node, in characters."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self.offset(node.lineno, node.col_offset)
        if isinstance(node, ast.FunctionDef) and node.decorator_list:  # its decorators precede the `def`
            first = node.decorator_list[0]
            start = self.text.rindex("@", 0, self.offset(first.lineno, first.col_offset))
        return start, self.offset(node.end_lineno, node.end_col_offset)

    def position(self, offset: int) -> tuple[int, int]:
        """Line (from 1) and column (from 0) of a character offset."""
        line = bisect_right(self._starts, offset) - 1
        return line + 1, offset - self._starts[line]

    def span(self, start: int, end: int) -> Span:
        """The range between two character offsets."""
        return Span(*self.position(start), *self.position(end))

    def text_of(self, span: Span) -> str:
        """The characters of a range, as far as the text contains it."""
        last = len(self.lines)
        start = self._starts[min(span.line, last) - 1] + span.column
        return self.text[start : self._starts[min(span.end_line, last) - 1] + span.end_column]

    def around(self, span: Span) -> tuple[str, str]:
        """The text before and after a range."""
        start = self._starts[span.line - 1] + span.column
        return self.text[:start], self.text[self._starts[span.end_line - 1] + span.end_column :]

    def indent_of(self, span: Span) -> str:
        """White space of the same width as the text before a statement on its line."""
        before = self.lines[span.line - 1][: span.column]
        return before if before.isspace() else " " * span.column

    def rewritten(
        self, start: int, end: int, edits: Iterable[Edit] = (), definitions: RewrittenSource | None = None
    ) -> RewrittenSource:
        """The characters `start`–`end` with the edits applied. Edits at one position are applied in order."""
        parts, pieces, at, here = [""], [], 0, start
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            text = edit.text if isinstance(edit.text, str) else edit.text.text
            parts += [self.text[here : edit.start], text]
            pieces.append(MappedPiece(at, here, edit.start - here))
            at += edit.start - here
            pieces.append(MappedPiece(at, edit.start, 0))
            if isinstance(edit.text, RewrittenSource):
                pieces += [
                    MappedPiece(at + piece.at, piece.origin, piece.length) for piece in edit.text.pieces
                ]
            at, here = at + len(text), edit.end
        pieces.append(MappedPiece(at, here, end - here))
        return RewrittenSource("".join([*parts, self.text[here:end]]), tuple(pieces), definitions)
