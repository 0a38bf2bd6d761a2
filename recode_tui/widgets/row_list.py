"""A list drawn line by line: only what is visible is ever made. The base of the panels that are lists."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import ClassVar, Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from recode_tui.debug.search import holding
from recode_tui.statuses import Tone
from recode_tui.widgets.scroll_extent import fit_scrollbar

Part = tuple[str, Tone]
A_PICTURE = 1 / 60
"""Seconds after which what can wait is drawn: the picture before it shows what cannot."""

_Ground = Literal["", "cursor", "blurred", "match"]


class _Drawn(NamedTuple):
    """All that a line looks like."""

    parts: tuple[Part, ...]
    ground: _Ground
    width: int


class Lines(ScrollView, can_focus=True):
    """Rows with a cursor. Who inherits says what is in a row; `detail` is shown below the cursor's row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "edge(0)", "first", show=False),
        Binding("end", "edge(1)", "last", show=False),
        Binding("enter", "choose", "open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--now",
        "lines--failure",
        "lines--good",
        "lines--plain",
        "lines--quiet",
        "lines--faint",
        "lines--cursor",
        "lines--blurred",
        "lines--match",
    }
    DEFAULT_CSS = """
    Lines {
        background: $surface;
        color: $foreground;
        scrollbar-size: 1 1;
        overflow-x: hidden;
        & > .lines--now { color: $accent; text-style: bold; }
        & > .lines--failure { color: $error; }
        & > .lines--good { color: $success; }
        & > .lines--plain { color: $foreground; }
        & > .lines--quiet { color: $quiet; }
        & > .lines--faint { color: $faint; }
        & > .lines--cursor { background: $row; }
        & > .lines--blurred { background: $row-blurred; }
        & > .lines--match { background: $match; }
        &:ansi {
            & > .lines--cursor { text-style: reverse; }
            & > .lines--blurred, & > .lines--match { text-style: underline; }
        }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False)

    class OfRow(Message):
        """Something about a row."""

        def __init__(self, lines: Lines, row: int) -> None:
            super().__init__()
            self.lines = lines
            self.row = row

        @property
        def control(self) -> Lines:
            return self.lines

    class Moved(OfRow):
        """The user moved the cursor of a list."""

    class Chosen(OfRow):
        """The user asked for more of a row."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.detail: tuple[str, ...] = ()
        self.sought = ""
        self._drawn: dict[int, _Drawn] = {}  # by line of the panel, since it was last drawn whole
        self._strips: LRUCache[_Drawn, Strip] = LRUCache(512)
        self._styles: dict[tuple[_Ground, Tone | None], Style] = {}
        self._height = 0  # of the rows, when it was last laid out
        self._is_away = False  # the user scrolled away from the cursor

    # what is in it

    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """A row, in `width` cells, as texts with their tones."""
        raise NotImplementedError

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        """The lines shown below a row while the cursor is on it."""
        return ()

    def text_of(self, row: int) -> str:
        """What is searched in a row."""
        return ""

    def is_matched(self, row: int) -> bool:
        """Whether a row is what was searched for."""
        return bool(self.sought) and holding(self.sought)(self.text_of(row))

    # searching

    def find(self, sought: str) -> int:
        """Mark every row that has a text; how many do."""
        self.sought = sought
        self.reload()
        return len(self.found())

    def found(self) -> list[int]:
        """The rows that were found."""
        return [row for row in range(self.count()) if self.is_matched(row)]

    def go_to_found(self, by: int) -> int | None:
        """Go to the next row that was found, or with 0 to the first from the cursor on; which of them."""
        rows = self.found()
        if not rows:
            return None
        after = bisect_left(rows, self.cursor) if by <= 0 else bisect_right(rows, self.cursor)
        at = (after - 1 if by < 0 else after) % len(rows)
        self.move_to(rows[at])
        self.post_message(self.Moved(self, self.cursor))
        return at

    # drawing

    def reload(self) -> None:
        """Draw again what looks different now."""
        self._make_room()
        self._redraw()

    def _make_room(self) -> None:
        """Have room for the rows that there are now, and for what is shown below the cursor's."""
        rows = self.count()
        if self.cursor >= rows:
            self.set_reactive(Lines.cursor, max(0, rows - 1))
        self.detail = self.detail_of(self.cursor, self._width) if rows else ()
        fit_scrollbar(self, Size(self.size.width, rows + len(self.detail)))

    def _redraw(self) -> None:
        top = self.scroll_offset.y
        for y, drawn in list(self._drawn.items()):
            if self._look(y + top) != drawn:
                self.refresh_line(y + top)

    def render_line(self, y: int) -> Strip:
        look = self._drawn[y] = self._look(y + self.scroll_offset.y)
        if (strip := self._strips.get(look)) is None:
            segments = [Segment(text, self._style(look.ground, tone)) for text, tone in look.parts]
            ground = self._style(look.ground, None)
            strip = self._strips[look] = Strip(segments).adjust_cell_length(look.width, ground)
        return strip

    def _look(self, line: int) -> _Drawn:
        width, detail = self._width, len(self.detail)
        if self.cursor < line <= self.cursor + detail:
            below: Part = self.detail[line - self.cursor - 1], "plain"
            return _Drawn((below,), self._ground(self.cursor), width)
        row = line if line <= self.cursor else line - detail
        if not 0 <= row < self.count():
            return _Drawn((), "", width)
        return _Drawn(tuple(self.parts(row, width)), self._ground(row), width)

    def _ground(self, row: int) -> _Ground:
        if row == self.cursor:
            return "cursor" if self.has_focus else "blurred"
        return "match" if self.is_matched(row) else ""

    def _style(self, ground: _Ground, tone: Tone | None) -> Style:
        if (style := self._styles.get((ground, tone))) is None:
            style = self.rich_style
            for name in (ground, tone):
                if name:
                    style += self.get_component_rich_style(f"lines--{name}", partial=True)
            self._styles[ground, tone] = style
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    @property
    def _width(self) -> int:
        return max(1, self.scrollable_content_region.width)

    # moving

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The rows are drawn first; the scrollbar, which takes as long, a picture later."""
        if 0 < self._height == self.scrollable_content_region.height:  # else a new size moved them
            self._is_away = not 0 <= self.cursor - round(new_value) < self._height
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)
        self.set_timer(A_PICTURE, self._move_thumb)

    def _move_thumb(self) -> None:
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self.scroll_y

    def move_to(self, row: int, *, has_more: bool = False) -> None:
        """Put the cursor on a row, and show it; with `has_more` it will go on in the same direction."""
        row = max(0, min(row, self.count() - 1))
        self.set_reactive(Lines.cursor, row)
        self._is_away = False
        self._make_room()
        if not self._reveal(row, row + len(self.detail), has_more):  # else all of it is drawn anyway
            self._redraw()

    def _reveal(self, first: int, last: int, has_more: bool) -> bool:
        """Scroll as little as it takes to see some lines; far away, put them in the middle. Whether it did.

        With `has_more` they come near the edge that is left behind, so that what follows has room, and the
        next moves scroll nothing.
        """
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if top <= first and last < top + height:
            return False
        if has_more:
            y = first - (height // 5 if first >= top else height - height // 5)
        elif top - height <= first < top + 2 * height:
            y = first if first < top else min(first, last - height + 1)
        else:
            y = first - height // 2
        self.scroll_to(y=y, animate=False, immediate=True, force=True)
        return self.scroll_offset.y != top

    def row_at(self, y: int) -> int:
        """The row that is drawn at line `y` of the panel."""
        line = y + self.scroll_offset.y
        if line <= self.cursor:
            return line
        return max(self.cursor, line - len(self.detail))

    def on_resize(self) -> None:
        self._drawn.clear()
        self.refresh()  # it may have been drawn before this was heard of
        self._height = self.scrollable_content_region.height
        self.reload()
        if not self._is_away:
            self._reveal(self.cursor, self.cursor + len(self.detail), has_more=False)

    def on_focus(self) -> None:
        self.reload()

    def on_blur(self) -> None:
        self.reload()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        row = self.row_at(offset.y) if offset is not None else -1
        if not 0 <= row < self.count():
            return
        self.move_to(row)
        self.post_message(self.Chosen(self, row) if event.chain > 1 else self.Moved(self, row))

    def action_move(self, by: int) -> None:
        if self.count():
            self.move_to(self.cursor + by)
            self.post_message(self.Moved(self, self.cursor))

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, end: int) -> None:
        self.action_move(self.count() if end else -self.count())

    def action_choose(self) -> None:
        if self.count():
            self.post_message(self.Chosen(self, self.cursor))


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells, with an ellipsis where it is cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""
