"""A list of items that keeps the cursor on its item when the items change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from textual.reactive import reactive

from recode_tui.widgets.glyph import Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

Item = TypeVar("Item")


class Cell(NamedTuple):
    """A text of one line, without control codes, in `width` cells."""

    text: str
    width: int
    tone: Tone = "plain"
    is_right: bool = False

    @property
    def shown(self) -> str:
        """The text in exactly its width."""
        return fitted(self.text, self.width, is_right=self.is_right)


class Listing(RowList, Generic[Item]):
    """A row of cells for each of `items`."""

    DEFAULT_CSS = """
    Listing {
        scrollbar-gutter: stable;
        & > .row-list--now { text-style: none; }
    }
    """

    items: reactive[tuple[Item, ...]] = reactive((), init=False, always_update=True, repaint=False)

    class Highlighted(RowList.RowMessage):
        """Posted when another item has the cursor, or none has, and when the list is focused."""

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    def cells(self, item: Item, width: int) -> list[Cell]:
        """The cells of an item, in a list of that width."""
        raise NotImplementedError

    def name_of(self, item: Item) -> object:
        """The identity of an item, which stays when the item changes."""
        return item

    def count(self) -> int:
        return len(self.items)

    def parts(self, row: int, width: int) -> Iterator[Part]:
        for cell in self.cells(self.items[row], width):
            yield cell.shown, cell.tone

    def put_cursor(self, row: int, *, lookahead: bool = False) -> None:
        before = self.cursor
        super().put_cursor(row, lookahead=lookahead)
        if self.cursor != before:
            self._post_highlighted()

    def watch_items(self, old: tuple[Item, ...], new: tuple[Item, ...]) -> None:
        name = self.name_of(old[self.cursor]) if self.cursor < len(old) else None
        rows = (row for row, item in enumerate(new) if self.name_of(item) == name)
        before = self.cursor
        self.select(next(rows, before))
        if self.cursor == before:
            self._post_highlighted()

    def on_focus(self) -> None:
        self._post_highlighted()

    def _post_highlighted(self) -> None:
        self.post_message(self.Highlighted(self, self.cursor))
