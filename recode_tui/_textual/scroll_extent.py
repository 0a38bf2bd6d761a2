"""Changes the virtual size of a scrolled widget at the least cost.

The watcher of `virtual_size` lays out the whole screen. That is needed only if the size of the widget
depends on it, or if its vertical scrollbar comes or goes. Otherwise the reactives are set without their
watchers, and the scrollbar is updated directly. A view that is hidden has no height, so that nothing is known
of its scrollbar until it gets one with its next `Resize`.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget


def fit_scrollbar(view: ScrollView, size: Size) -> None:
    """Set the virtual size of a view. Its horizontal scrollbar must have no height."""
    if not view.size.height and not view.styles.is_auto_height:
        view.set_reactive(Widget.virtual_size, size)
        return
    is_scrolled = size.height > view.size.height or view.styles.overflow_y == "scroll"
    if size == view.virtual_size and is_scrolled == view.show_vertical_scrollbar:
        return
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
    """Put the thumb at the position of a view that was scrolled before it had a scrollbar."""
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.position = view.scroll_y
