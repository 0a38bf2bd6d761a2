"""The text of the status bar, fitted into a width."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.content import Content

_MIN_TITLE = 12
"""Cells that the words of the title keep, besides the model, as long as a count can be dropped instead."""
_NAME = "ReCode · "


class Count(NamedTuple):
    """A count as text. Those with a high rank are dropped first."""

    text: str
    rank: int


class Title(NamedTuple):
    """The task in words, the model with other settings of the run, and the task's id with its environment.

    In a narrow bar the id is left out first; then the words are shortened, and the model stays.
    """

    words: str
    model: str = ""
    task: str = ""

    def fitted(self, width: int) -> Content:
        """The title in `width` cells."""
        words, model = self.words or self.task, f" · {self.model}" if self.model else ""
        task = f" · {self.task}" if self.words and self.task else ""
        for more in (model + task, model):
            if cell_len(words + more) <= width:
                return Content.assemble(words, (more, "$quiet"))
        if width - cell_len(model) < _MIN_TITLE:
            model = ""
        return Content.assemble(_cut(words, width - cell_len(model)), (model, "$quiet"))

    @property
    def width(self) -> int:
        """The cells of the whole title."""
        return cell_len(" · ".join(part for part in self if part))


def bar(
    width: int, title: Title, state: Content, counts: Iterable[Count], *, sign: str = "", branch: str = ""
) -> Content:
    """Lay out the pieces in a width: shorten the title first, then drop whole counts.

    `sign` and `branch` stand before and after the title, and are never dropped.
    """
    shown = [count for count in counts if count.text]
    before, after = f"{sign} · " if sign else "", f"  ▸ {_shortened(branch, 24)}" if branch else ""
    available = width - state.cell_length - cell_len(before + after) - 2
    model = cell_len(title.model) + 3 if title.model else 0
    while shown and available - _width_of(shown) < min(title.width, _MIN_TITLE + model * (len(shown) > 1)):
        shown.remove(max(shown, key=lambda count: count.rank))
    left = available - _width_of(shown)
    name = _NAME if left - cell_len(_NAME) >= title.width else ""
    fitted = title.fitted(max(0, left - cell_len(name)))
    pieces = (name.removesuffix(" · ") if not (fitted or sign) else name, "bold"), (before, "$accent"), fitted
    left_part = Content.assemble(*pieces, (after, "$accent"))
    right_part = Content.styled("  ".join(count.text for count in shown), "$quiet")
    gap = max(0, width - left_part.cell_length - state.cell_length - right_part.cell_length)
    lead = max(1, gap // 2)
    return Content.assemble(left_part, " " * lead, state, " " * max(1, gap - lead), right_part)


def _width_of(shown: list[Count]) -> int:
    """Cells for counts, with the space before each."""
    return sum(cell_len(count.text) + 2 for count in shown)


def _cut(text: str, width: int) -> str:
    """The text in `width` cells, with an ellipsis at its end if it is cut."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1).rstrip()}…" if width > 1 else ""


def _shortened(text: str, width: int) -> str:
    """The text in `width` cells, with an ellipsis in its middle if it is cut."""
    if cell_len(text) <= width:
        return text
    if width < 2:
        return ""
    end = text[-(width // 3) :] if width > 2 else ""
    while cell_len(end) > width // 3:
        end = end[1:]
    return f"{set_cell_size(text, width - 1 - cell_len(end))}…{end}"
