"""Changes border titles by drawing the border alone.

Textual's setters of `border_title` and `border_subtitle` draw the whole widget.
"""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget


def set_titles(widget: Widget, title: Content | None, subtitle: Content) -> None:
    """Set both titles of a widget with a border, or with None the subtitle alone. Equal ones cost nothing."""
    before = _appearance(widget._border_title), _appearance(widget._border_subtitle)
    if title is not None:
        widget._border_title = title
    widget._border_subtitle = subtitle
    if before != (_appearance(widget._border_title), _appearance(subtitle)):
        left, top = widget.content_offset
        width, height = widget.outer_size
        widget.refresh(Region(-left, -top, width, 1), Region(-left, height - top - 1, width, 1))


def _appearance(title: Content | None) -> tuple[object, ...]:
    return () if title is None else (title.plain, *title.spans)
