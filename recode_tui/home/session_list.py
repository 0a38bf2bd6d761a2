"""A list of sessions with the heads of its columns."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from recode_core.session.catalog import SessionEntry
from recode_tui.home.columns import Placed, placed, row
from recode_tui.home.listing import Cell, Listing


class EntryList(Listing[SessionEntry]):
    """Sessions, a row each."""

    def cells(self, item: SessionEntry, width: int) -> list[Cell]:
        return row(item, width)

    def name_of(self, item: SessionEntry) -> object:
        return item.path

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave enter to the screen, which shows it in the footer."""
        return action != "choose"


class Heads(Widget):
    """The names of the columns, above their list; the one that is sorted by is marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"heads--sorted"}
    DEFAULT_CSS = """
    Heads {
        height: 1;
        padding-right: 1;
        color: $quiet;
        background: $surface;
        & > .heads--sorted { color: $foreground; text-style: bold; }
    }
    """

    column: reactive[str] = reactive("Date")
    is_descending: reactive[bool] = reactive(True)

    class Clicked(Message):
        """The head of a column was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    @property
    def columns(self) -> list[str]:
        """The columns that are seen."""
        return [place.column.name for place in placed(self.size.width)]

    def render_line(self, y: int) -> Strip:
        segments, at = [], 0
        for place in placed(self.size.width):
            style, text = self.rich_style, place.column.name
            if place.column.name == self.column:
                style = self.get_component_rich_style("heads--sorted")
                text += "▾" if self.is_descending else "▴"
            if place.width == 1:  # the glyph's has room for the mark alone
                text = text[-1] if place.column.name == self.column else ""
            cell = Cell(text, place.width, is_right=place.column.is_right)
            segments += [Segment(" " * (place.start - at), self.rich_style), Segment(cell.shown, style)]
            at = place.start + place.width
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        def distance(place: Placed) -> int:
            return max(place.start - event.x, event.x - place.start - place.width + 1, 0)

        self.post_message(self.Clicked(min(placed(self.size.width), key=distance).column.name))


class Samples(Vertical):
    """The bundled sessions, where there are any."""

    DEFAULT_CSS = """
    Samples {
        height: auto;
        border: round $border-blurred;
        border-title-color: $quiet;
        background: $surface;
        padding: 0 0 0 1;
        &:focus-within { border: round $border; border-title-color: $foreground; }
        & > EntryList { max-height: 18vh; }
        & > EntryList > .row-list--blurred { background: $surface; }
    }
    """
    BORDER_TITLE = "Samples"

    def compose(self) -> ComposeResult:
        yield EntryList(id="samples")

    def show(self, entries: tuple[SessionEntry, ...]) -> None:
        """Show these by name; without any, nothing."""
        listing = self.query_one(EntryList)
        listing.items = tuple(sorted(entries, key=lambda entry: entry.path.name))
        listing.styles.height = len(entries)
        self.display = bool(entries)
