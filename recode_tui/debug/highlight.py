"""Python, highlighted quietly: names and punctuation stay plain."""

from __future__ import annotations

from functools import lru_cache

from textual.content import Content, Span

from recode_tui.text import plain


@lru_cache(maxsize=64)
def python(code: str) -> tuple[Content, ...]:
    """The lines of a piece of Python. Nothing need be right about it."""
    from pygments.lexers.python import PythonLexer  # slow to import

    lines: list[tuple[list[str], list[Span]]] = [([], [])]
    column = 0
    # Without these options the lexer drops and expands what the columns of a statement count.
    for kind, text in PythonLexer(stripnl=False, ensurenl=False, tabsize=0).get_tokens(plain(code)):
        style = _style_of(str(kind))
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append(([], []))
                column = 0
            texts, spans = lines[-1]
            texts.append(piece)
            if style and piece:
                spans.append(Span(column, column + len(piece), style))
            column += len(piece)
    return tuple(Content("".join(texts), spans=spans) for texts, spans in lines)


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
