"""One line of what is debugged, where it stands and what it took, as far as there is room for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.content import Content

_LEAST = 12
"""Cells that a title keeps as long as there is a count that could go instead."""
_NAME = "ReCode · "


class Count(NamedTuple):
    """Something that was counted, in words; the higher its rank, the sooner it gives way."""

    text: str
    rank: int


def bar(
    width: int, title: str, state: Content, counts: Iterable[Count], *, sign: str = "", branch: str = ""
) -> Content:
    """The pieces over a width. First the title is shortened, then counts go, each as a whole.

    `sign` and `branch` stand before and after the title, and stay.
    """
    shown = [count for count in counts if count.text]
    before, after = f"{sign} · " if sign else "", f"  ▸ {_shortened(branch, 24)}" if branch else ""
    room = width - state.cell_length - cell_len(before + after) - 2
    while shown and room - _taken(shown) < min(cell_len(title), _LEAST):
        shown.remove(max(shown, key=lambda count: count.rank))
    left = room - _taken(shown)
    name = _NAME if left - cell_len(_NAME) >= min(cell_len(title), _LEAST) else ""
    title = _shortened(title, max(0, left - cell_len(name)))
    pieces = (name.removesuffix(" · ") if not (title or sign) else name, "bold"), (before, "$accent"), title
    begun = Content.assemble(*pieces, (after, "$accent"))
    right = Content.styled("  ".join(count.text for count in shown), "$quiet")
    gap = max(0, width - begun.cell_length - state.cell_length - right.cell_length)
    lead = max(1, gap // 2)
    return Content.assemble(begun, " " * lead, state, " " * max(1, gap - lead), right)


def _taken(shown: list[Count]) -> int:
    """Cells that counts take, with the space before each."""
    return sum(cell_len(count.text) + 2 for count in shown)


def _shortened(text: str, width: int) -> str:
    """A text in so many cells: both of its ends, where it has no room."""
    if cell_len(text) <= width:
        return text
    if width < 2:
        return ""
    end = text[-(width // 3) :] if width > 2 else ""
    while cell_len(end) > width // 3:
        end = end[1:]
    return f"{set_cell_size(text, width - 1 - cell_len(end))}…{end}"
