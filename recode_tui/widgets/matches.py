"""Search for a text in lines. Case is ignored unless the text has a capital letter."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple


def contains(wanted: str) -> Callable[[str], bool]:
    """Return a function that tells whether a text contains `wanted`."""
    ignores_case = wanted == wanted.lower()
    return lambda text: wanted in (text.lower() if ignores_case else text)


def spans(wanted: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return where `wanted` is in a text, as starts and ends (exclusive)."""
    case = re.NOFLAG if wanted != wanted.lower() else re.IGNORECASE
    found = re.finditer(re.escape(wanted), text, case) if wanted else ()
    return tuple(match.span() for match in found)


class Match(NamedTuple):
    """The line and column where a match begins."""

    line: int
    column: int


class Matches:
    """Every match of `wanted` in some lines, in order."""

    def __init__(self, wanted: str = "", lines: Iterable[str] = ()) -> None:
        self.wanted = wanted
        self.found: list[Match] = []
        self._case = re.NOFLAG if wanted != wanted.lower() else re.IGNORECASE
        self.update(lines, 0)

    def __len__(self) -> int:
        return len(self.found)

    def update(self, lines: Iterable[str], first: int) -> None:
        """Replace the matches from line `first` on by those in `lines`."""
        del self.found[bisect_left(self.found, Match(first, 0)) :]
        if self.wanted:
            find = re.compile(re.escape(self.wanted), self._case).finditer
            for number, line in enumerate(lines, first):
                self.found += [Match(number, match.start()) for match in find(line)]

    def columns(self, line: int) -> tuple[int, ...]:
        """The columns of the matches in a line."""
        first, last = bisect_left(self.found, Match(line, 0)), bisect_left(self.found, Match(line + 1, 0))
        return tuple(match.column for match in self.found[first:last])

    def after(self, place: Match) -> Match | None:
        """The next match after a place, else the first one."""
        index = bisect_right(self.found, place)
        return self.found[index % len(self.found)] if self.found else None

    def before(self, place: Match) -> Match | None:
        """The last match before a place, else the last one."""
        return self.found[bisect_left(self.found, place) - 1] if self.found else None

    def number_of(self, match: Match) -> int:
        """The position of a match among all, from 1."""
        return bisect_left(self.found, match) + 1
