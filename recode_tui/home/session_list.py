"""The list of sessions and the header of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from recode_core.session.catalog import SessionEntry
from recode_tui.home.columns import PlacedColumn, place_columns, row_of
from recode_tui.home.listing import Cell, Listing


class EntryList(Listing[SessionEntry]):
    """Sessions, one a row."""

    def cells(self, item: SessionEntry, width: int) -> list[Cell]:
        cells, end = [], 0
        for text in row_of(item, width):
            gap = Cell("", text.start - end)
            cells += [gap, Cell(text.text, text.width, text.tone, text.is_right)]
            end = text.start + text.width
        return cells

    def name_of(self, item: SessionEntry) -> object:
        return item.path

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave enter to the screen, which shows it in the footer."""
        return action != "choose"


class ColumnHeader(Widget):
    """The names of the columns, with a mark at the one that sorts the list."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"column-header--sorted"}
    DEFAULT_CSS = """
    ColumnHeader {
        height: 1;
        padding-right: 1;
        color: $quiet;
        background: $surface;
        & > .column-header--sorted { color: $foreground; text-style: bold; }
    }
    """

    column: reactive[str] = reactive("Date")
    is_descending: reactive[bool] = reactive(True)

    @dataclass
    class Clicked(Message):
        """The name of a column was clicked."""

        column: str

    @property
    def columns(self) -> list[str]:
        """The columns that are shown."""
        return [placed.column.name for placed in place_columns(self.size.width)]

    def render_line(self, y: int) -> Strip:
        segments, end = [], 0
        for placed in place_columns(self.size.width):
            name, is_sorted = placed.column.name, placed.column.name == self.column
            style = self.get_component_rich_style("column-header--sorted") if is_sorted else self.rich_style
            mark = ("▾" if self.is_descending else "▴") if is_sorted else ""
            text = mark if placed.width == 1 else name + mark  # the outcome has no space for its name
            cell = Cell(text, placed.width, is_right=placed.column.is_right)
            segments += [Segment(" " * (placed.start - end), self.rich_style), Segment(cell.shown, style)]
            end = placed.start + placed.width
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        def distance(placed: PlacedColumn) -> int:
            return max(placed.start - event.x, event.x - placed.start - placed.width + 1, 0)

        self.post_message(self.Clicked(min(place_columns(self.size.width), key=distance).column.name))
