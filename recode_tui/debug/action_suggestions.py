"""Suggestions of currently possible actions while an action is typed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from textual.message import Message
from textual.reactive import reactive

from recode_tui.debug.action_line import Suggestions, matching
from recode_tui.text import one_line, plain
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_LONGEST = 200  # maximum characters shown of an action
_NARROWEST = 20  # minimum width in cells to which a line is wrapped
_KEYS = "↑ ↓ choose · enter takes · tab writes · esc leaves"


class SuggestionList(RowList, can_focus=False):
    """The list of actions that match the typed text, one of them selected."""

    DEFAULT_CSS = """
    SuggestionList {
        display: none;
        height: auto;
        max-height: 9;
        background: $panel;
        padding: 0 1;
        border-top: solid $border-blurred;
        border-title-color: $quiet;
        border-title-background: $panel;
    }
    """

    suggestions: reactive[Suggestions | None] = reactive(None, repaint=False)
    typed: reactive[str] = reactive("", repaint=False)

    class SuggestionClicked(Message):
        """Posted when an action is clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.matches: tuple[str, ...] = ()

    @property
    def chosen(self) -> str | None:
        """The selected action, None if there is none."""
        return self.matches[self.cursor] if self.cursor < len(self.matches) else None

    def count(self) -> int:
        return max(1, len(self.matches))

    def parts(self, row: int, width: int) -> Iterator[Part]:
        if self.matches:
            is_chosen = row == self.cursor
            text = f"{'▸' if is_chosen else ' '} {one_line(self.matches[row], _LONGEST)}"
            yield fitted(text, width), "now" if is_chosen else "plain"
        elif self.suggestions is not None:
            yield self._message[0], "failure" if self.suggestions.state == "failed" else "quiet"

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        """Return the remaining lines of the message shown if no action matches."""
        return () if self.matches else self._message[1:]

    def watch_suggestions(self) -> None:
        self.display = self.suggestions is not None
        self._fit()

    def watch_typed(self) -> None:
        self._fit()

    def choose(self, by: int) -> None:
        """Move the selection by a number of rows."""
        self.select(self.cursor + by)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        if self.chosen is not None:
            self.post_message(self.SuggestionClicked(self.chosen))

    @property
    def _message(self) -> tuple[str, ...]:
        """The message shown if no action matches, wrapped to the screen."""
        text = self.suggestions.reason if self.suggestions is not None else ""
        if not text and self.suggestions is not None and self.suggestions.actions:
            text = f"nothing that is possible now has {self.typed!r} in it"
        width = max(_NARROWEST, self.screen.size.width - 3)
        lines = plain(text or "nothing is possible now").split("\n")
        return tuple(part for line in lines for part in textwrap.wrap(line, width) or [""])

    def _fit(self) -> None:
        actions = self.suggestions.actions if self.suggestions is not None else ()
        self.matches = matching(actions, self.typed)
        keys = f" · {_KEYS}" if self.matches else ""
        self.border_title = f"{len(self.matches)} of {len(actions)} possible here{keys}" if actions else ""
        self.styles.height = self.count() + len(self.detail_of(0, 0)) + 1
        self.select(0)
        self.refresh()
