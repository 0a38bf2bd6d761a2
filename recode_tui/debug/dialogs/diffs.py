"""The diff of two texts, rendered unified or side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from textual.content import Content

from recode_tui.text import plain
from recode_tui.widgets.highlight import python

_CONTEXT = 3
_SIGNS = {"-": "$error", "+": "$success"}
_TINTS = {"-": "on $removed", "+": "on $added"}
_MARKS = {
    "-": "bold underline $foreground on $removed-mark",
    "+": "bold underline $foreground on $added-mark",
}
_ALIKE = 0.4
"""Minimum similarity ratio for comparing two lines by character; below it, they count as unrelated."""
_LONG = 1000
"""Maximum line length for the comparison by character, which is slow for longer lines."""
_LEAD = 3
"""A line cut at its start shows 1/`_LEAD` of the available width before the difference."""


class Pair(NamedTuple):
    """A row of the diff: the indexes of the aligned lines, None for a missing line."""

    old: int | None
    new: int | None
    is_same: bool


def differences(old: list[str], new: list[str]) -> Iterator[list[Pair]]:
    """Yield the hunks that differ, with their context lines."""
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT):
        pairs: list[Pair] = []
        for tag, i1, i2, j1, j2 in group:
            for offset in range(max(i2 - i1, j2 - j1)):
                i, j = i1 + offset, j1 + offset
                pairs.append(Pair(i if i < i2 else None, j if j < j2 else None, tag == "equal"))
        yield pairs


def letters(old: str, new: str) -> Iterator[tuple[slice, slice]]:
    """Yield the character ranges that differ: none in dissimilar lines, a single one in long lines."""
    if max(len(old), len(new)) > _LONG:
        start = _common_prefix(old, new)
        end = _common_prefix(old[start:][::-1], new[start:][::-1])
        yield slice(start, len(old) - end), slice(start, len(new) - end)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() >= _ALIKE:
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                yield slice(i1, i2), slice(j1, j2)


def _common_prefix(one: str, other: str) -> int:
    """Return the length of the common prefix of two texts."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


class Diff:
    """The diff of two texts, highlighted as Python if `is_code`."""

    def __init__(self, before: str, after: str, is_code: bool = True) -> None:
        self.old, self.new = _lines(before, is_code), _lines(after, is_code)
        old, new = before.split("\n"), after.split("\n")
        self.groups = list(differences(old, new))
        self._digits = len(str(max(len(old), len(new))))
        self._starts: dict[Pair, int] = {}
        for pair in (pair for group in self.groups for pair in group if not pair.is_same):
            self._mark(pair)

    def _mark(self, pair: Pair) -> None:
        """Highlight the characters that differ between the lines of a pair."""
        if pair.old is None or pair.new is None:
            return
        old, new = self.old[pair.old], self.new[pair.new]
        for was, now in letters(old.plain, new.plain):
            self._starts.setdefault(pair, min(was.start, now.start))
            old = old.stylize(_MARKS["-"], was.start, was.stop)
            new = new.stylize(_MARKS["+"], now.start, now.stop)
        self.old[pair.old], self.new[pair.new] = old, new

    @property
    def first(self) -> tuple[int, int]:
        """Row and column of the first difference in the unified view."""
        group = self.groups[0] if self.groups else []
        row, pair = next(((row, pair) for row, pair in enumerate(group) if not pair.is_same), (0, None))
        return row, self._lead + (self._starts.get(pair, 0) if pair is not None else 0)

    def fits(self, width: int) -> bool:
        """Return whether `width` cells suffice to show the texts side by side without cutting a line."""
        half, shown = (width - 3) // 2, (pair for group in self.groups for pair in group)
        lines = (line for pair in shown for line in self._lines_of(pair))
        return all(line.cell_length + self._lead <= half for line in lines)

    def _lines_of(self, pair: Pair) -> Iterator[Content]:
        if pair.old is not None:
            yield self.old[pair.old]
        if pair.new is not None:
            yield self.new[pair.new]

    @property
    def _lead(self) -> int:
        """Width in cells of the line number and the sign before a line."""
        return self._digits + 3

    @property
    def counts(self) -> str:
        """The numbers of added and removed lines as text."""
        changed = [pair for group in self.groups for pair in group if not pair.is_same]
        added = sum(pair.new is not None for pair in changed)
        removed = sum(pair.old is not None for pair in changed)
        return f"+{added} -{removed}" if changed else "no difference"

    def unified(self) -> tuple[Content, ...]:
        """Return the unified diff, removed lines before added ones."""
        rows: list[Content] = []
        for number, group in enumerate(self.groups):
            if number:
                rows.append(Content.styled("⋯", "$faint"))
            rows += self._unified(group)
        return tuple(rows)

    def side_by_side(self, width: int) -> tuple[Content, ...]:
        """Return old lines on the left and new ones on the right, long lines cut to the part that differs."""
        half = (width - 3) // 2
        rows: list[Content] = []
        for number, group in enumerate(self.groups):
            if number:
                rows.append(Content.styled("⋯", "$faint"))
            for pair in group:
                start = self._starts.get(pair, 0)
                left = self._side(self.old, pair.old, " " if pair.is_same else "-", half, start)
                right = self._side(self.new, pair.new, " " if pair.is_same else "+", half, start)
                rows.append(Content.assemble(left, (" │ ", "$faint"), right))
        return tuple(rows)

    def _unified(self, group: list[Pair]) -> Iterator[Content]:
        held: list[Content] = []
        for pair in group:
            if pair.is_same and pair.new is not None:
                yield from held
                held = []
                yield self._row(self.new, pair.new, " ")
                continue
            if pair.old is not None:
                yield self._row(self.old, pair.old, "-")
            if pair.new is not None:
                held.append(self._row(self.new, pair.new, "+"))
        yield from held

    def _side(
        self, lines: Sequence[Content], at: int | None, sign: str, width: int, start: int = 0
    ) -> Content:
        """Fit a line into one side, cutting its start if the difference at `start` would not be visible."""
        if at is None:
            return Content(" " * width)
        text_width = width - self._lead
        is_cut = start >= text_width - 1 and lines[at].cell_length > text_width
        row = self._row(lines, at, sign, max(0, start - text_width // _LEAD) if is_cut else 0)
        return row.truncate(width, ellipsis=True).pad_right(max(0, width - row.cell_length))

    def _row(self, lines: Sequence[Content], at: int, sign: str, start: int = 0) -> Content:
        line = Content.assemble(("…", "$faint"), lines[at][start + 1 :]) if start else lines[at]
        if sign != " ":
            line = line.stylize_before(_TINTS[sign])
        number = f"{at + 1:>{self._digits}} "
        return Content.assemble((number, "$faint"), (f"{sign} ", _SIGNS.get(sign, "")), line)


def _lines(text: str, is_code: bool) -> list[Content]:
    text = text.replace("\r\n", "\n")
    lines = python(text) if is_code else [Content(line) for line in plain(text).split("\n")]
    return [line.expand_tabs(4) for line in lines]
