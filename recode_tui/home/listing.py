"""A list of rows of which one has the cursor. Only rows that are seen are drawn, however many there are."""

from __future__ import annotations

from typing import ClassVar, Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from recode_tui.statuses import Tone

Item = TypeVar("Item")


class Cell(NamedTuple):
    """A text in as many columns of the terminal; it has to be one fit line."""

    text: str
    width: int
    tone: Tone = "plain"
    is_right: bool = False

    @property
    def shown(self) -> str:
        """The text in exactly its width."""
        spare = self.width - cell_len(self.text)
        if spare < 0:
            return set_cell_size(self.text, max(0, self.width - 1)) + "…"[: self.width]
        return " " * spare + self.text if self.is_right else self.text + " " * spare


class Listing(ScrollView, Generic[Item], can_focus=True):
    """Says which item has the cursor, and which was clicked twice."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, tooltip="One up"),
        Binding("down,j", "move(1)", "Down", show=False, tooltip="One down"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="A page up"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="A page down"),
        Binding("home", "jump(0)", "First", show=False, tooltip="To the first"),
        Binding("end", "jump(-1)", "Last", show=False, tooltip="To the last"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "listing--cursor",
        "listing--now",
        "listing--failure",
        "listing--good",
        "listing--plain",
        "listing--quiet",
        "listing--faint",
    }
    DEFAULT_CSS = """
    Listing {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        background: $surface;
        & > .listing--cursor { background: $row-blurred; }
        &:focus > .listing--cursor { background: $row; }
        &:ansi > .listing--cursor { text-style: underline; }
        &:focus:ansi > .listing--cursor { text-style: reverse; }
        & > .listing--now { color: $accent; }
        & > .listing--failure { color: $error; }
        & > .listing--good { color: $success; }
        & > .listing--plain { color: $foreground; }
        & > .listing--quiet { color: $quiet; }
        & > .listing--faint { color: $faint; }
    }
    """

    items: reactive[tuple[Item, ...]] = reactive((), init=False, always_update=True)
    cursor: reactive[int] = reactive(0, init=False)

    class Highlighted(Message):
        """Another item has the cursor, or there is none."""

        def __init__(self, listing: Widget) -> None:
            super().__init__()
            self.listing = listing

        @property
        def control(self) -> Widget:
            return self.listing

    class Chosen(Highlighted):
        """The item at the cursor was clicked twice."""

    @property
    def item(self) -> Item | None:
        """What the cursor is on."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    def cells(self, item: Item, width: int) -> list[Cell]:
        """An item's row of that width."""
        raise NotImplementedError

    def name_of(self, item: Item) -> object:
        """What tells an item from others, also after it has changed."""
        return item

    def render_line(self, y: int) -> Strip:
        width, index = self.scrollable_content_region.width, self.scroll_offset.y + y
        base = self.rich_style
        if not 0 <= index < len(self.items):
            return Strip.blank(width, base)
        if index == self.cursor:
            base += self.get_component_rich_style("listing--cursor", partial=True)
        segments = [
            Segment(cell.shown, base + self._style(cell.tone))
            for cell in self.cells(self.items[index], width)
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, tone: Tone) -> Style:
        return self.get_component_rich_style(f"listing--{tone}", partial=True)

    def watch_items(self, old: tuple[Item, ...], new: tuple[Item, ...]) -> None:
        before = self.name_of(old[self.cursor]) if self.cursor < len(old) else None
        names = [self.name_of(item) for item in new]
        stay = max(0, min(self.cursor, len(new) - 1))
        self.virtual_size = Size(0, len(new))
        self.set_reactive(Listing.cursor, names.index(before) if before in names else stay)
        self._follow()
        self.refresh()
        self.post_message(self.Highlighted(self))

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.items) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_line(old)
        self.refresh_line(new)
        self._follow()
        self.post_message(self.Highlighted(self))

    def _follow(self) -> None:
        if self.size.height:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        self._follow()

    def on_focus(self) -> None:
        self.post_message(self.Highlighted(self))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y + self.scroll_offset.y >= len(self.items):
            return
        self.cursor = offset.y + self.scroll_offset.y
        if event.chain == 2:
            self.post_message(self.Chosen(self))

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(1, self.scrollable_content_region.height - 1)

    def action_jump(self, to: int) -> None:
        self.cursor = to % max(1, len(self.items))
