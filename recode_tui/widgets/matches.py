"""Where a text is found in lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Match(NamedTuple):
    """Something found at a column of a line."""

    line: int
    column: int


class Matches:
    """Every place where `wanted` is found; its case counts only if it has a capital letter."""

    def __init__(self, wanted: str = "", lines: Iterable[str] = ()) -> None:
        self.wanted = wanted
        self.found: list[Match] = []
        self._case = re.NOFLAG if wanted != wanted.lower() else re.IGNORECASE
        self.add(lines, 0)

    def __len__(self) -> int:
        return len(self.found)

    def add(self, lines: Iterable[str], first: int) -> None:
        """Look through lines, of which the first is line `first`; what was found there is forgotten."""
        del self.found[bisect_left(self.found, Match(first, 0)) :]
        if self.wanted:
            find = re.compile(re.escape(self.wanted), self._case).finditer
            for number, line in enumerate(lines, first):
                self.found += [Match(number, match.start()) for match in find(line)]

    def columns(self, line: int) -> tuple[int, ...]:
        """Where it is found in a line."""
        first, last = bisect_left(self.found, Match(line, 0)), bisect_left(self.found, Match(line + 1, 0))
        return tuple(match.column for match in self.found[first:last])

    def after(self, place: Match) -> Match | None:
        """The next one after a place, or the first of all."""
        index = bisect_right(self.found, place)
        return self.found[index % len(self.found)] if self.found else None

    def before(self, place: Match) -> Match | None:
        """The one before a place, or the last of all."""
        return self.found[bisect_left(self.found, place) - 1] if self.found else None

    def number_of(self, match: Match) -> int:
        """Which one of them it is, from 1."""
        return bisect_left(self.found, match) + 1
