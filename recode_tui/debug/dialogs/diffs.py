"""The difference of two texts as lines to look at: one under the other, or side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from textual.content import Content

from recode_tui.debug.highlight import python
from recode_tui.text import plain

_CONTEXT = 3
_SIGNS = {"-": "$error", "+": "$success"}
_TINTS = {"-": "on $error 12%", "+": "on $success 12%"}


class Pair(NamedTuple):
    """A row: the indexes of the lines that face each other; None where there is none."""

    old: int | None
    new: int | None
    is_same: bool


def differences(old: list[str], new: list[str]) -> Iterator[list[Pair]]:
    """The pieces that differ, with a few of the lines around them."""
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT):
        pairs: list[Pair] = []
        for tag, i1, i2, j1, j2 in group:
            for offset in range(max(i2 - i1, j2 - j1)):
                i, j = i1 + offset, j1 + offset
                pairs.append(Pair(i if i < i2 else None, j if j < j2 else None, tag == "equal"))
        yield pairs


class Diff:
    """Two texts, `is_code` colours them. `width` cells are enough for each row where it is given."""

    def __init__(self, before: str, after: str, is_code: bool = True) -> None:
        self.old, self.new = _lines(before, is_code), _lines(after, is_code)
        old, new = before.split("\n"), after.split("\n")
        self.groups = list(differences(old, new))
        self._digits = len(str(max(len(old), len(new))))

    @property
    def counts(self) -> str:
        """How many lines came and went."""
        changed = [pair for group in self.groups for pair in group if not pair.is_same]
        added = sum(pair.new is not None for pair in changed)
        removed = sum(pair.old is not None for pair in changed)
        return f"+{added} -{removed}" if changed else "no difference"

    def unified(self) -> tuple[Content, ...]:
        """One under the other, what went before what came."""
        rows: list[Content] = []
        for number, group in enumerate(self.groups):
            if number:
                rows.append(Content.styled("⋯", "$faint"))
            rows += self._unified(group)
        return tuple(rows)

    def side_by_side(self, width: int) -> tuple[Content, ...]:
        """What was on the left, what is to be on the right; lines longer than their half are cut."""
        half = (width - 3) // 2
        rows: list[Content] = []
        for number, group in enumerate(self.groups):
            if number:
                rows.append(Content.styled("⋯", "$faint"))
            for pair in group:
                left = self._half(self.old, pair.old, " " if pair.is_same else "-", half)
                right = self._half(self.new, pair.new, " " if pair.is_same else "+", half)
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

    def _half(self, lines: Sequence[Content], at: int | None, sign: str, width: int) -> Content:
        if at is None:
            return Content(" " * width)
        row = self._row(lines, at, sign)
        return row.truncate(width, ellipsis=True).pad_right(max(0, width - row.cell_length))

    def _row(self, lines: Sequence[Content], at: int, sign: str) -> Content:
        line = lines[at].expand_tabs(4)
        if sign != " ":
            line = line.stylize_before(_TINTS[sign])
        number = f"{at + 1:>{self._digits}} "
        return Content.assemble((number, "$faint"), (f"{sign} ", _SIGNS.get(sign, "")), line)


def _lines(text: str, is_code: bool) -> Sequence[Content]:
    text = text.replace("\r\n", "\n")
    return python(text) if is_code else tuple(Content(line) for line in plain(text).split("\n"))
