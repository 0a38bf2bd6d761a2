"""The two lines of a tour, above the line of keys."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static


class TourBar(Static):
    """The keys to press and the reason why. It is hidden while `shown` is None."""

    DEFAULT_CSS = """
    TourBar { height: 2; padding: 0 1; background: $panel; color: $foreground; display: none; }
    TourBar.-shown { display: block; }
    """

    shown: reactive[tuple[str, str, str] | None] = reactive(None, repaint=False)
    """The number of the step, the keys and the text; each may be empty."""

    def watch_shown(self) -> None:
        self.set_class(self.shown is not None, "-shown")
        if self.shown is not None:
            self.update(lines(*self.shown), layout=False)


def lines(count: str, keys: str, text: str) -> Content:
    """The content of the bar."""
    return Content.assemble(
        (f"{count}  " if count else "", "$quiet"),
        (f"{keys}" if keys else "", "bold $accent"),
        "  " if keys else "",
        text,
    )
