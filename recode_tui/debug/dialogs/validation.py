"""Validation of edited code by the engine's rules, and the calls in it that will be placeholders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from recode_core.statements import Block, Code, Names, RuleBroken, Statement, parse
from recode_tui.widgets.fault import Check, Fault

FindLines = Callable[[str], frozenset[int] | None]
"""Returns lines (from 1) of a text, None if they are unknown. It may be called from any thread."""


def check_code(names: Names) -> Check:
    """Return a check of code by the engine's rules, given the names defined where it runs.

    If `names` is None, code may define functions; agents that forbid them reject the code themselves.
    """
    functions: Names = frozenset() if names is None else None

    def check(code: str) -> Fault | None:
        try:
            parse(code, names, functions=functions)
        except RuleBroken as broken:
            return Fault(max(1, broken.line), broken.column, broken.rule)
        return None

    return check


def no_placeholders(text: str) -> frozenset[int]:
    """The lines of placeholders in a text that has none."""
    return frozenset()


def find_placeholders(names: Names) -> FindLines:
    """Return a function that finds the lines of placeholders, given the names defined where the code runs.

    They are unknown while the code breaks a rule. If `names` is None, there are no placeholders.
    """
    if names is None:
        return no_placeholders

    def lines(code: str) -> frozenset[int] | None:
        if not code.strip():
            return frozenset()
        try:
            return frozenset(_placeholder_lines(parse(code, names).block))
        except RuleBroken:
            return None

    return lines


def _placeholder_lines(block: Block) -> Iterator[int]:
    pending: list[Statement] = list(block)
    while pending:
        statement = pending.pop()
        if isinstance(statement, Code):
            if statement.calls:
                yield statement.span.line
            continue
        for name in ("prelude", "body", "orelse"):
            inner: Iterable[Statement] = getattr(statement, name, ())
            pending += inner
