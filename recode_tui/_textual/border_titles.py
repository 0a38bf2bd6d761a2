"""The titles in a border, drawn again alone: Textual draws a widget whole whose title changes."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget


def entitle(widget: Widget, title: Content | None, subtitle: Content) -> None:
    """Set both titles of a widget with a border, or, with None, the lower one; equal ones cost nothing."""
    before = _look(widget._border_title), _look(widget._border_subtitle)
    if title is not None:
        widget._border_title = title
    widget._border_subtitle = subtitle
    if before != (_look(widget._border_title), _look(subtitle)):
        left, top = widget.content_offset
        width, height = widget.outer_size
        widget.refresh(Region(-left, -top, width, 1), Region(-left, height - top - 1, width, 1))


def _look(title: Content | None) -> tuple[object, ...]:
    return () if title is None else (title.plain, *title.spans)
