"""How large a scrolled content is, told to its widget at the least cost."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget


def fit_scrollbar(view: ScrollView, size: Size) -> None:
    """Give a view another virtual size: the whole screen is laid out anew only where that moves something.

    It does where the view is as high as its content, and where the scrollbar on its right comes or goes
    (a page has it always, empty or not); the one below it must have no height.
    """
    if size == view.virtual_size:
        return
    is_scrolled = size.height > view.size.height or view.styles.overflow_y == "scroll"
    if view.styles.is_auto_height or is_scrolled != view.show_vertical_scrollbar:
        view.virtual_size = size
        if is_scrolled and not view.show_vertical_scrollbar:
            view.call_after_refresh(_place_thumb, view)
        return
    view.set_reactive(Widget.virtual_size, size)
    view.set_reactive(Widget.show_horizontal_scrollbar, size.width > view.size.width)
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.window_virtual_size = size.height
    view.scroll_x = view.validate_scroll_x(view.scroll_x)
    view.scroll_y = view.validate_scroll_y(view.scroll_y)


def _place_thumb(view: ScrollView) -> None:
    """Put the thumb where the view is, also where that was scrolled before it had a scrollbar."""
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.position = view.scroll_y
