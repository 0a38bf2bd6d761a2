"""Draws a document. Only what is visible is ever drawn, and what was drawn is kept until it changes."""

from __future__ import annotations

from typing import ClassVar, Literal

from rich.cells import cell_len
from textual.cache import LRUCache
from textual.content import Content
from textual.css.styles import StylesBase
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from recode_tui.statuses import Tone
from recode_tui.text import plain
from recode_tui.widgets.document import Document, by_line
from recode_tui.widgets.matches import Match, Matches
from recode_tui.widgets.rows import Row, Rows, Straight, Wrapped
from recode_tui.widgets.scroll_extent import fit_scrollbar

_SLICE = 0.004
"""Seconds for which a wrap is laid out at a time; in between the screen answers."""
_MEASURED = 200
"""How many lines are measured before they are seen. Wider ones below are found when they are."""

Ground = Literal["", "current", "cursor", "blurred"]
_Style = Tone | Literal["current", "cursor", "blurred", "match", "found"]


class Page(ScrollView, can_focus=True):
    """A document on the screen, with a gutter, what was found in it, and where the cursor is."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "page--now",
        "page--failure",
        "page--good",
        "page--plain",
        "page--quiet",
        "page--faint",
        "page--current",
        "page--cursor",
        "page--blurred",
        "page--match",
        "page--found",
    }
    DEFAULT_CSS = """
    Page {
        background: $surface;
        color: $foreground;
        scrollbar-size: 0 1;
        overflow-y: scroll;
        & > .page--now { color: $accent; }
        & > .page--failure { color: $error; }
        & > .page--good { color: $success; }
        & > .page--plain { color: $foreground; }
        & > .page--quiet { color: $quiet; }
        & > .page--faint { color: $faint; }
        & > .page--current { background: $current; }
        & > .page--cursor { background: $row; }
        & > .page--blurred { background: $row-blurred; }
        & > .page--match { background: $match; }
        & > .page--found { background: $primary; color: $background; }
        &:ansi {
            & > .page--cursor { text-style: reverse; }
            & > .page--current, & > .page--blurred, & > .page--match { text-style: underline; }
            & > .page--found { background: $background; text-style: bold reverse; color: $foreground; }
        }
    }
    """

    def __init__(self, document: Document, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.document = document
        self.matches = Matches()
        self.found: Match | None = None
        self.is_wrapped = False
        self.ranges = by_line(document.ranges)
        self._widest = 0
        self._contents: LRUCache[int, Content] = LRUCache(1024)
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(1024)
        self._styles: dict[_Style, Style] = {}
        self.rows: Rows = Straight(self.text, 0)

    @property
    def allow_select(self) -> bool:
        return True

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        last = len(self.document.lines) - 1
        start, end = selection.start or Offset(0, 0), selection.end or Offset(len(self.text(last)), last)
        lines = [self.text(line) for line in range(start.y, min(end.y, last) + 1)]
        if not lines:
            return None
        if end.y <= last:
            lines[-1] = lines[-1][: end.x]
        lines[0] = lines[0][start.x :]
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
        self._styles.clear()

    # layout

    def lay_out(self) -> None:
        """Forget what was drawn, and find out how large the document is."""
        count = len(self.document.lines)
        self._contents.clear()
        self._strips.clear()
        self._widest = 0
        if self.is_wrapped:
            self.rows = Wrapped(self.text, count, self.room)
            self.rows.at(2 * self.size.height)
            self._go_on()
        else:
            self.rows = Straight(self.text, count)
            self.measure(0, _MEASURED)
        self.resized()
        self.refresh()

    def _go_on(self) -> None:
        """Lay out a little more of a wrap, and again later until it is whole."""
        rows = self.rows
        rows.lay_out(_SLICE)
        if rows.is_whole or rows.height > 1.5 * self.virtual_size.height:
            self.resized()  # costs more than a slice
        if not rows.is_whole:
            self.set_timer(2 * _SLICE, lambda: self._go_on() if rows is self.rows else None)

    def extend(self, first: int) -> None:
        """Lines were added, and line `first` has become longer."""
        count = len(self.document.lines)
        self._contents.discard(first)
        self.rows.extend(count)
        if self.is_wrapped:
            self._go_on()
        else:
            self.measure(max(first, count - _MEASURED), count)
        self.resized()
        self.refresh()

    def measure(self, first: int, last: int) -> None:
        """Take lines into account for how wide the document is."""
        for line in range(max(0, first), min(last, len(self.document.lines))):
            self._widest = max(self._widest, cell_len(self.text(line)))

    def resized(self) -> None:
        """Tell the scrollbars how large the document is by now."""
        width = 0 if self.is_wrapped else self.document.gutter_width + self._widest
        fit_scrollbar(self, Size(width, self.rows.height))

    @property
    def room(self) -> int:
        """Cells for the text."""
        return max(1, self.scrollable_content_region.width - self.document.gutter_width)

    def repaint(self, lines: set[int]) -> None:
        """Draw lines again, where they are in sight."""
        top = self.scroll_offset.y
        for row in range(top, top + self.size.height):
            found = self.rows.at(row)
            if found is not None and found.line in lines:
                self.refresh_line(row)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self.is_wrapped:
            self.measure(round(new_value), round(new_value) + self.size.height)
            self.resized()

    # text

    def _content(self, line: int) -> Content:
        """A line as it is shown: fit for a terminal, with spaces for tabs."""
        if (content := self._contents.get(line)) is None:
            given = self.document.lines[line]
            content = (Content(plain(given)) if isinstance(given, str) else given).expand_tabs()
            self._contents[line] = content
        return content

    def text(self, line: int) -> str:
        """A line as it is shown, nothing beyond the end."""
        if not 0 <= line < len(self.document.lines):
            return ""
        given = self.document.lines[line]
        return plain(given).expandtabs() if isinstance(given, str) else self._content(line).plain

    def column(self, line: int, column: int) -> int:
        """Where a column of a line is, once tabs are spaces."""
        before = self.document.text(line)[:column]
        return len(before.expandtabs()) if "\t" in before else column

    # drawing

    def ground_of(self, line: int) -> Ground:
        """What lies under a line."""
        return "current" if line == self.document.current else ""

    def render_line(self, y: int) -> Strip:
        row = self.rows.at(y + self.scroll_offset.y)
        if row is None:
            return Strip.blank(self.scrollable_content_region.width, self.rich_style)
        ground = self.ground_of(row.line)
        style = self.visual_style + (self._style(ground) if ground else None)
        body, left, room = self._body(row, ground, style), self.scroll_offset.x, self.room
        skipped = len(body.crop(0, left).text) if left else 0
        shown = body.crop_extend(left, left + room, style.rich_style)
        shown = shown.apply_offsets(row.start + skipped, row.line)
        if body.cell_length > left + room and not self.is_wrapped:
            shown = Strip.join([shown.crop(0, room - 1), self._strip("⋯", "faint", style)])
        return Strip.join([self._gutter(row, style), shown])

    def _body(self, row: Row, ground: Ground, style: Style) -> Strip:
        """The text of a row, as wide as it is."""
        ranges, columns = self.ranges.get(row.line, ()), self.matches.columns(row.line)
        found = self.found if self.found is not None and self.found.line == row.line else None
        selection = self.text_selection
        selected = selection.get_span(row.line) if selection is not None else None
        key = (row, ground, ranges, columns, found, selected)
        strip = self._strips.get(key)
        if strip is None:
            content = self._content(row.line)[row.start : row.end]
            content = self._pointed_at(content, row, columns, found)
            if selected is not None:
                end = row.end if selected[1] < 0 else selected[1]
                content = _stylized(
                    content,
                    row,
                    selected[0],
                    end,
                    _set_by(self.screen.get_component_styles("screen--selection")),
                )
            strip = self._strips[key] = self._drawn(content, style)
        return strip

    def _pointed_at(
        self, content: Content, row: Row, columns: tuple[int, ...], found: Match | None
    ) -> Content:
        line = row.line
        for item in self.ranges.get(line, ()):
            style = self._style(item.tone) + Style(underline=True)
            start, end = self.column(line, item.start), self.column(line, item.end)
            content = _stylized(content, row, start, end, style)
        for column in columns:
            style = self._style("found" if found is not None and found.column == column else "match")
            end = column + len(self.matches.wanted)
            content = _stylized(content, row, self.column(line, column), self.column(line, end), style)
        return content

    def _gutter(self, row: Row, style: Style) -> Strip | None:
        document = self.document
        if not self.document.gutter_width:
            return None
        mark = document.marks.get(row.line) if row.start == 0 else None
        glyph = self._strip(f"{mark.glyph} " if mark else "  ", mark.tone if mark else "faint", style)
        if document.numbered_from is None:
            return glyph
        number = row.line - document.numbered_from + 1
        text = str(number) if number > 0 and row.start == 0 else ""
        return Strip.join([glyph, self._strip(f"{text:>{self.document.gutter_width - 4}}  ", "faint", style)])

    def _strip(self, text: str, tone: Tone, style: Style) -> Strip:
        return self._drawn(Content(text).stylize(self._style(tone)), style)

    def _drawn(self, content: Content, style: Style) -> Strip:
        return Strip(content.render_segments(style), cell_len(content.plain))

    def _style(self, name: _Style) -> Style:
        if (style := self._styles.get(name)) is None:
            style = self._styles[name] = _set_by(self.get_component_styles(f"page--{name}"))
        return style


def _set_by(styles: StylesBase) -> Style:
    """What a rule sets, and nothing else."""
    return Style(
        styles.background if styles.has_rule("background") else None,
        styles.color if styles.has_rule("color") else None,
        bold=styles.text_style.bold,
        underline=styles.text_style.underline,
        reverse=styles.text_style.reverse,
    )


def _stylized(content: Content, row: Row, start: int, end: int, style: Style) -> Content:
    """Style columns of a line, as far as the row has them."""
    start, end = max(start, row.start) - row.start, min(end, row.end) - row.start
    return content.stylize(style, start, end) if start < end else content
