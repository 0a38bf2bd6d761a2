"""Draws the lines of a list, and keeps them when it scrolls.

Textual draws all visible lines of a scroll view again when it scrolls, borders and filters included. A list
that follows its cursor scrolls by one line a key, and all its lines but one are there already. And for each
line Textual works out the borders anew, which takes as long as the line itself.
"""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual._styles_cache import StylesCache
from textual.css.styles import StylesBase
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


class FramedLines(StylesCache):
    """The drawn lines of a widget. The borders at their sides are worked out once for all lines of a pass."""

    def __init__(self) -> None:
        super().__init__()
        self._sides: tuple[list[Segment], list[Segment]] | None = None

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        self._sides = None
        return super().render_widget(widget, crop)

    def render_line(
        self, styles: StylesBase, y: int, size: Size, content_size: Size, *others: Any, **named: Any
    ) -> Strip:
        _, base_background, background, render_content, _, _, opacity, *_ = others
        top = styles.gutter.top
        is_inside = top <= y < top + content_size.height
        if is_inside and self._sides is not None:
            left, right = self._sides
            inner, _ = self.get_inner_outer(base_background, background)
            content = render_content(y - top).adjust_cell_length(content_size.width, inner.rich_style)
            return Strip([*left, *content, *right], size.width)
        line = super().render_line(styles, y, size, content_size, *others, **named)
        if is_inside and self._sides is None and opacity == 1 and _is_plain(styles):
            segments = list(line)
            after = len(segments) - bool(styles.border_right[0])
            self._sides = segments[: bool(styles.border_left[0])], segments[after:]
        return line


def _is_plain(styles: StylesBase) -> bool:
    """Whether nothing is drawn in a line but its content and the borders at its sides."""
    has_outline = any(edge for edge, _ in styles.outline)
    is_hatched = styles.has_rule("hatch") and styles.hatch != "none"
    _, right, _, left = styles.padding
    return not (has_outline or is_hatched or left or right or styles.tint.a or styles.text_opacity != 1)


def move_drawn_lines(view: ScrollView, by: int) -> set[int]:
    """Move the drawn lines of a view up by a number of lines, and show all lines anew.

    For views whose lines depend on the content alone, not on their position on the screen. Returns the lines
    of the view, from 0 on, that hold a moved line. The others are drawn, as after `refresh`.
    """
    cache = view._styles_cache
    top, height = view.content_offset.y, view.size.height
    lines = range(top, top + height)
    moved = {
        y - by: strip
        for y, strip in cache._cache.items()
        if y in lines and y - by in lines and not cache.is_dirty(y)
    }
    view.refresh(view.size.region)
    cache._cache.update(moved)
    cache._dirty_lines.difference_update(moved)
    return {y - top for y in moved}
