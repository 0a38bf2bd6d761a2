"""The drawing of a document: only visible rows are rendered, and their strips are cached."""

from __future__ import annotations

from typing import ClassVar, Literal

from rich.cells import cell_len
from rich.segment import Segment
from textual.cache import LRUCache
from textual.content import Content
from textual.css.styles import StylesBase
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from recode_tui._textual.scroll_extent import fit_scrollbar
from recode_tui.text import plain
from recode_tui.widgets.document import Document, by_line
from recode_tui.widgets.glyph import Tone, reversed_plainly
from recode_tui.widgets.matches import Match, Matches
from recode_tui.widgets.text_rows import TextRow, TextRows, UnwrappedRows, WrappedRows

_LAYOUT_SLICE = 0.004
"""Seconds of layout at a time for a wrapped text; events are handled in between."""
_MEASURED = 200
"""The number of lines measured for the width of a document. Others are measured once they are visible."""

Background = Literal["", "current", "cursor", "blurred"]
_Style = Tone | Literal["current", "cursor", "blurred", "match", "found"]


class DocumentView(ScrollView, can_focus=True):
    """A document on the screen with its gutter and search matches."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "document-view--now",
        "document-view--failure",
        "document-view--good",
        "document-view--plain",
        "document-view--quiet",
        "document-view--faint",
        "document-view--current",
        "document-view--cursor",
        "document-view--blurred",
        "document-view--match",
        "document-view--found",
    }
    DEFAULT_CSS = """
    DocumentView {
        background: $surface;
        color: $foreground;
        scrollbar-size: 0 1;
        overflow-y: scroll;
        & > .document-view--now { color: $accent; }
        & > .document-view--failure { color: $error; }
        & > .document-view--good { color: $success; }
        & > .document-view--plain { color: $foreground; }
        & > .document-view--quiet { color: $quiet; }
        & > .document-view--faint { color: $faint; }
        & > .document-view--current { background: $current; }
        & > .document-view--cursor { background: $row; }
        & > .document-view--blurred { background: $row-blurred; }
        & > .document-view--match { background: $match; }
        & > .document-view--found { background: $primary; color: $background; }
        &:ansi {
            & > .document-view--cursor { text-style: reverse; }
            & > .document-view--current, & > .document-view--blurred, & > .document-view--match {
                text-style: underline;
            }
            & > .document-view--found {
                background: $background;
                text-style: bold reverse;
                color: $foreground;
            }
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
        self.rows: TextRows = UnwrappedRows(self.text, 0)

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
        """Clear the caches and lay out the whole document."""
        count = len(self.document.lines)
        self._contents.clear()
        self._strips.clear()
        self._widest = 0
        if self.is_wrapped:
            self.rows = WrappedRows(self.text, count, self.text_width)
            self.rows.at(2 * self.size.height)
            self._continue_layout()
        else:
            self.rows = UnwrappedRows(self.text, count)
            self.measure(0, _MEASURED)
        self.update_virtual_size()
        self.refresh()

    def _continue_layout(self) -> None:
        """Lay out more of a wrapped text, and schedule the next slice until it is complete."""
        rows = self.rows
        rows.lay_out(_LAYOUT_SLICE)
        if rows.is_complete or rows.height > 1.5 * self.virtual_size.height:
            self.update_virtual_size()  # takes longer than a slice
        if not rows.is_complete:
            self.set_timer(2 * _LAYOUT_SLICE, lambda: self._continue_layout() if rows is self.rows else None)

    def extend(self, first: int) -> None:
        """Lay out lines that were added after line `first`, which may have grown."""
        count = len(self.document.lines)
        self._contents.discard(first)
        self.rows.extend(count)
        if self.is_wrapped:
            self._continue_layout()
        else:
            self.measure(max(first, count - _MEASURED), count)
        self.update_virtual_size()
        self.refresh()

    def measure(self, first: int, last: int) -> None:
        """Include lines in the width of the document."""
        for line in range(max(0, first), min(last, len(self.document.lines))):
            self._widest = max(self._widest, cell_len(self.text(line)))

    def update_virtual_size(self) -> None:
        """Fit the scrollbars to the rows and the width that are known."""
        width = 0 if self.is_wrapped else self.document.gutter_width + self._widest
        fit_scrollbar(self, Size(width, self.rows.height))

    @property
    def text_width(self) -> int:
        """Cells beside the gutter."""
        return max(1, self.scrollable_content_region.width - self.document.gutter_width)

    def repaint(self, lines: set[int]) -> None:
        """Redraw the rows of some lines that are visible."""
        top = self.scroll_offset.y
        for row in range(top, top + self.size.height):
            found = self.rows.at(row)
            if found is not None and found.line in lines:
                self.refresh_line(row)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self.is_wrapped:
            self.measure(round(new_value), round(new_value) + self.size.height)
            self.update_virtual_size()

    # text

    def _content(self, line: int) -> Content:
        """A line with control codes made visible and tabs expanded."""
        if (content := self._contents.get(line)) is None:
            given = self.document.lines[line]
            content = (Content(plain(given)) if isinstance(given, str) else given).expand_tabs()
            self._contents[line] = content
        return content

    def text(self, line: int) -> str:
        """The text of a line as it is shown, empty beyond the end."""
        if not 0 <= line < len(self.document.lines):
            return ""
        given = self.document.lines[line]
        return plain(given).expandtabs() if isinstance(given, str) else self._content(line).plain

    def column(self, line: int, column: int) -> int:
        """Convert a column of the document to one with tabs expanded."""
        before = self.document.text(line)[:column]
        return len(before.expandtabs()) if "\t" in before else column

    # drawing

    def background_of(self, line: int) -> Background:
        """The background of a line."""
        return "current" if line == self.document.current else ""

    def render_line(self, y: int) -> Strip:
        row = self.rows.at(y + self.scroll_offset.y)
        if row is None:
            return Strip.blank(self.scrollable_content_region.width, self.rich_style)
        background = self.background_of(row.line)
        style = self.visual_style + (self._style(background) if background else None)
        body, left, width = self._body(row, background, style), self.scroll_offset.x, self.text_width
        skipped = len(body.crop(0, left).text) if left else 0
        shown = body.crop_extend(left, left + width, style.rich_style)
        shown = shown.apply_offsets(row.start + skipped, row.line)
        if body.cell_length > left + width and not self.is_wrapped:
            shown = Strip.join([shown.crop(0, width - 1), self._strip("⋯", "faint", style)])
        return Strip.join([self._gutter(row, style), shown])

    def _body(self, row: TextRow, background: Background, style: Style) -> Strip:
        """The text of a row, not cropped."""
        ranges, columns = self.ranges.get(row.line, ()), self.matches.columns(row.line)
        found = self.found if self.found is not None and self.found.line == row.line else None
        selection = self.text_selection
        selected = selection.get_span(row.line) if selection is not None else None
        key = (row, background, ranges, columns, found, selected)
        strip = self._strips.get(key)
        if strip is None:
            content = self._content(row.line)[row.start : row.end]
            content = self._highlighted(content, row, columns, found)
            if selected is not None:
                start, end = selected
                selection_style = _partial_style(self.screen.get_component_styles("screen--selection"))
                content = _stylized(content, row, start, row.end if end < 0 else end, selection_style)
            strip = self._strips[key] = self._rendered(content, style)
        return strip

    def _highlighted(
        self, content: Content, row: TextRow, columns: tuple[int, ...], found: Match | None
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

    def _gutter(self, row: TextRow, style: Style) -> Strip | None:
        document = self.document
        if not self.document.gutter_width:
            return None
        mark = document.marks.get(row.line) if row.start == 0 else None
        glyph = self._strip(f"{mark.text} " if mark else "  ", mark.tone if mark else "faint", style)
        if document.numbered_from is None:
            return glyph
        number = document.number(row.line) if row.start == 0 else None
        text = "" if number is None else str(number)
        return Strip.join([glyph, self._strip(f"{text:>{self.document.gutter_width - 4}}  ", "faint", style)])

    def _strip(self, text: str, tone: Tone, style: Style) -> Strip:
        return self._rendered(Content(text).stylize(self._style(tone)), style)

    def _rendered(self, content: Content, style: Style) -> Strip:
        segments = content.render_segments(style)
        if style.reverse:
            segments = [Segment(text, each and reversed_plainly(each)) for text, each, _ in segments]
        return Strip(segments, cell_len(content.plain))

    def _style(self, name: _Style) -> Style:
        if (style := self._styles.get(name)) is None:
            style = self._styles[name] = _partial_style(self.get_component_styles(f"document-view--{name}"))
        return style


def _partial_style(styles: StylesBase) -> Style:
    """The style that component rules set, transparent elsewhere."""
    return Style(
        styles.background if styles.has_rule("background") else None,
        styles.color if styles.has_rule("color") else None,
        bold=styles.text_style.bold,
        underline=styles.text_style.underline,
        reverse=styles.text_style.reverse,
    )


def _stylized(content: Content, row: TextRow, start: int, end: int, style: Style) -> Content:
    """Style columns `start` to `end` of a line within a row of it."""
    start, end = max(start, row.start) - row.start, min(end, row.end) - row.start
    return content.stylize(style, start, end) if start < end else content
