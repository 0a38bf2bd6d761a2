"""Edits of function bodies: definitions at the beginning, and actions that pass their own position."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from recode_core.source import Edit, RewrittenSource, Source, joined


class Body:
    """The body of a function. `pad` is the indentation of lines that are inserted at its beginning."""

    def __init__(self, function: ast.FunctionDef, source: Source) -> None:
        first = function.body[0]
        start, _ = source.extent(first)
        line, column = source.position(start)
        before = source.lines[line - 1][:column]
        self._start = start
        self._is_on_line_of_header = bool(before.strip())
        if self._is_on_line_of_header:
            header = source.lines[function.lineno - 1]
            before = header[: len(header) - len(header.lstrip())] + "    "
        self.pad = before

    def beginning(self, definitions: Sequence[RewrittenSource]) -> Edit:
        """The edit that inserts definitions, made with the same `pad`, before the first statement."""
        header = f"\n{self.pad}" if self._is_on_line_of_header else ""
        return Edit(self._start, self._start, joined([header, *definitions], self._start))


def place_argument(action: ast.Call, source: Source, base_variable: str) -> Iterator[Edit]:
    """The edit that passes the position of a tool's call as its first argument."""
    if any(isinstance(argument, ast.GeneratorExp) for argument in action.args):
        return  # its parentheses may be those of the call
    at = source.text.index("(", source.extent(action.func)[1]) + 1
    span = source.span(*source.extent(action))
    place = f"({base_variable}, {span.line}, {span.column}, {span.end_line}, {span.end_column}), "
    yield Edit(at, at, place)
