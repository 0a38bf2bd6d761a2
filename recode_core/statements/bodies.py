"""How the body of a function is fed: with definitions of ours first, and actions that tell their place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from recode_core.statements.source import Edit, Fed, Source, joined


class Body:
    """The body of a function; what is put at its beginning has `pad` before each line but the first."""

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

    def beginning(self, definitions: Sequence[Fed]) -> Edit:
        """The edit that puts definitions, made with the same pad, before the first statement."""
        header = f"\n{self.pad}" if self._is_on_line_of_header else ""
        return Edit(self._start, self._start, joined([header, *definitions], self._start))


def place_told(action: ast.Call, source: Source, home: str) -> Iterator[Edit]:
    """The edit that gives a call of a tool, as its first argument, the place where it stands."""
    if any(isinstance(argument, ast.GeneratorExp) for argument in action.args):
        return  # in parentheses that may be the call's own
    at = source.text.index("(", source.extent(action.func)[1]) + 1
    span = source.span(*source.extent(action))
    place = f"({home}, {span.line}, {span.column}, {span.end_line}, {span.end_column}), "
    yield Edit(at, at, place)
