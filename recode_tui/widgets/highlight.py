"""Syntax highlighting of Python; names and punctuation have no colour, and imports are faint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import overload

from textual.content import Content, Span

from recode_tui.text import plain


class Highlighted(Sequence[Content]):
    """Lines of Python that are highlighted when they are first read."""

    def __init__(self, code: str) -> None:
        code = plain(code)
        self._count = code.count("\n") + 1
        self._lines: list[Content] = []
        self._remaining = _lines(code)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Content: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Content]: ...

    def __getitem__(self, index: int | slice) -> Content | Sequence[Content]:
        last = range(self._count)[index] if isinstance(index, int) else self._count - 1
        self._lines += islice(self._remaining, max(0, last + 1 - len(self._lines)))
        return self._lines[index]


@lru_cache(maxsize=64)
def python(code: str) -> Highlighted:
    """Highlight Python, valid or not. Equal texts give the same object."""
    return Highlighted(code)


def _lines(code: str) -> Iterator[Content]:
    from pygments.lexers.python import PythonLexer  # slow to import

    text, spans, is_import = "", list[Span](), False
    # Without these options the lexer strips newlines and expands tabs, and columns would not match.
    for kind, token in PythonLexer(stripnl=False, ensurenl=False, tabsize=0).get_tokens(code):
        style = _style_of(str(kind))
        for number, piece in enumerate(token.split("\n")):
            if number:
                yield _line(text, spans, is_import)
                text, spans, is_import = "", [], False
            is_import |= str(kind) == "Token.Keyword.Namespace" and not text.strip()
            if style and piece:
                spans.append(Span(len(text), len(text) + len(piece), style))
            text += piece
    yield _line(text, spans, is_import)


def _line(text: str, spans: list[Span], is_import: bool) -> Content:
    is_boilerplate = is_import and ";" not in text  # else the line has another statement
    return Content.styled(text, "$faint") if is_boilerplate else Content(text, spans=spans)


_STYLES = {
    "Token.Comment": "$quiet italic",
    "Token.Keyword": "$secondary",
    "Token.Operator.Word": "$secondary",
    "Token.Literal.String": "$success",
    "Token.Literal.String.Affix": "$secondary",
    "Token.Literal.String.Interpol": "$foreground",
    "Token.Literal.Number": "$primary",
    "Token.Keyword.Constant": "$primary",
    "Token.Name.Function": "$foreground bold",
    "Token.Name.Builtin": "$primary",
}


@lru_cache(maxsize=256)
def _style_of(kind: str) -> str:
    while kind:
        if kind in _STYLES:
            return _STYLES[kind]
        kind = kind.rpartition(".")[0]
    return ""
