"""The app without one of the parts of `recode_tui._textual` that are there for speed.

python -m tests.bench.without_part PART ARGUMENTS-OF-RECODE …
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from textual._compositor import ChopsUpdate
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from recode_tui._textual import border_titles, compositor, drawn_lines, scroll_extent, span_update


def _whole_box() -> None:
    del compositor.SpanCompositor.render_partial_update  # the inherited one is Textual's


def _public_titles() -> None:
    def set_titles(widget: Widget, title: Content | None, subtitle: Content) -> None:
        if title is not None:
            widget.border_title = title
        widget.border_subtitle = subtitle

    border_titles.set_titles = set_titles


def _public_size() -> None:
    def fit_scrollbar(view: ScrollView, size: Size) -> None:
        view.virtual_size = size

    scroll_extent.fit_scrollbar = fit_scrollbar


def _whole_view() -> None:
    def move_drawn_lines(view: ScrollView, by: int) -> set[int]:
        view.refresh(view.size.region)
        return set()

    drawn_lines.move_drawn_lines = move_drawn_lines


def _whole_lines() -> None:
    span_update.SpanUpdate.render_segments = ChopsUpdate.render_segments  # type: ignore[method-assign]


WITHOUT: dict[str, Callable[[], None]] = {
    "compositor": _whole_box,
    "border_titles": _public_titles,
    "scroll_extent": _public_size,
    "drawn_lines": _whole_view,
    "span_update": _whole_lines,
}
"""By part: what puts Textual's own way in its place, before the rest of the app is imported."""


def main(part: str, arguments: list[str]) -> None:
    """Run the command with Textual's own way in place of a part; with all parts if `part` is "none"."""
    if part != "none":
        WITHOUT[part]()
    from recode_tui.cli import main as cli  # binds the functions that were replaced

    sys.argv = ["recode", *arguments]
    cli()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
