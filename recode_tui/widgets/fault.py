"""A problem at a place in a text, and the functions that find one."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """A message about a place in a text. `line` counts from 1, `column` from 0, in characters."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column + 1}  {self.message}"


Check = Callable[[str], Fault | None]
"""Returns the first fault of a text, if any. It may be called from any thread."""


def accept_all(text: str) -> None:
    """A check that finds no faults."""
