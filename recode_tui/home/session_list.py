"""The list of sessions and the header of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from recode_core.session.catalog import SessionEntry
from recode_tui.home.columns import PlacedColumn, place_columns, row_of
from recode_tui.home.listing import Cell, Listing
from recode_tui.home.session_info import FOLDED, MARKED, UNFOLDED, batch_text
from recode_tui.text import one_line

if TYPE_CHECKING:
    from recode_core.batch.groups import BatchGroup

    Row = SessionEntry | BatchGroup


class EntryList(Listing["SessionEntry | BatchGroup"]):
    """Sessions, one a row, and batches; episodes are in the rows below their batch if it is unfolded.

    Rows of the sessions in `marked` have a mark.
    """

    marked: reactive[frozenset[Path]] = reactive(frozenset[Path](), init=False, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._folders: frozenset[Path] = frozenset()  # of the batches
        self._unfolded: frozenset[Path] = frozenset()

    def watch_items(self, old: tuple[Row, ...], new: tuple[Row, ...]) -> None:
        groups = [row.folder for row in new if not isinstance(row, SessionEntry)]
        self._folders = frozenset(groups)
        parents = (row.path.parent for row in new if isinstance(row, SessionEntry)) if groups else ()
        self._unfolded = self._folders.intersection(parents)
        super().watch_items(old, new)

    def watch_marked(self) -> None:
        self.reload()

    @property
    def entry(self) -> SessionEntry | None:
        """The session under the cursor."""
        item = self.item
        return item if isinstance(item, SessionEntry) else None

    @property
    def group(self) -> BatchGroup | None:
        """The batch under the cursor."""
        item = self.item
        return None if isinstance(item, SessionEntry) else item

    @property
    def shown(self) -> list[SessionEntry]:
        """The sessions that have a row."""
        return [row for row in self.items if isinstance(row, SessionEntry)]

    def is_unfolded(self, folder: Path) -> bool:
        """Whether the episodes of a batch have rows."""
        return folder in self._unfolded

    def cells(self, item: Row, width: int) -> list[Cell]:
        if not isinstance(item, SessionEntry):
            return self._group_cells(item, width)
        cells: list[Cell] = []
        end = 0
        is_marked = item.path in self.marked
        for text in row_of(item, width, is_episode=item.path.parent in self._folders):
            is_beside_outcome = len(cells) == 2
            gap = Cell(MARKED.text if is_marked and is_beside_outcome else "", text.start - end, MARKED.tone)
            cells += [gap, Cell(text.text, text.width, text.tone, text.is_right)]
            end = text.start + text.width
        return cells

    def _group_cells(self, group: BatchGroup, width: int) -> list[Cell]:
        glyph = UNFOLDED if self.is_unfolded(group.folder) else FOLDED
        settings = group.manifest.settings
        about = (group.folder.name, settings.environment, settings.agent, settings.model or settings.policy)
        counts = batch_text(group)
        is_marked = bool(group.entries) and self.marked.issuperset(entry.path for entry in group.entries)
        left = max(0, width - 4 - cell_len(counts))
        return [
            Cell(glyph.text, 1, glyph.tone),
            Cell(MARKED.text if is_marked else "", 1, MARKED.tone),
            Cell(one_line(" · ".join(about), 300), left),
            Cell("", 1),
            Cell(counts, width - 3 - left, "quiet", is_right=True),
        ]

    def name_of(self, item: Row) -> object:
        return item.path if isinstance(item, SessionEntry) else item.folder

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
