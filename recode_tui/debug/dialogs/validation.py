"""A fault in a text that is edited, and where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recode_core.statements import Names, RuleBroken, parse


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a line from 1, a column from 0 in characters."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column + 1}  {self.message}"


Check = Callable[[str], Fault | None]
"""Finds the first fault of a text. It may run on any thread."""


def accept_all(text: str) -> None:
    """The check of a text in which nothing can be wrong."""


def check_code(names: Names) -> Check:
    """The engine's own rules, for code that runs where these names are defined.

    Where they are None, code may define functions; an agent whose code may not refuses it itself.
    """
    functions: Names = frozenset() if names is None else None

    def check(code: str) -> Fault | None:
        try:
            parse(code, names, functions=functions)
        except RuleBroken as broken:
            return Fault(max(1, broken.line), broken.column, broken.rule)
        return None

    return check
