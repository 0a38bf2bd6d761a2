"""Suggestions of currently possible actions while an action is typed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from textual.message import Message
from textual.reactive import reactive

from recode_tui.debug.action_line import Suggestions, matching
from recode_tui.text import one_line, plain
from recode_tui.widgets.glyph import Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_LONGEST = 200  # maximum characters shown of an action
_NARROWEST = 20  # minimum width in cells to which a line is wrapped
_KEYS = "↑ ↓ choose · enter takes · tab writes · esc leaves"


class ActionList(RowList, can_focus=False):
    """The possible actions that match a text, one of them selected, or else a message.

    A subclass sets `matches`, and provides `suggestions` and the `message`.
    """

    suggestions: Suggestions | None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.matches: tuple[str, ...] = ()

    def message(self, suggestions: Suggestions, width: int) -> tuple[str, ...]:
        """The lines that are shown if no action matches."""
        raise NotImplementedError

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
            tone: Tone = "failure" if self.suggestions.state == "failed" else "quiet"
            yield fitted(self.message(self.suggestions, width)[0], width), tone

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        """Return the remaining lines of the message shown if no action matches."""
        if self.matches or self.suggestions is None:
            return ()
        return self.message(self.suggestions, width)[1:]


class SuggestionList(ActionList, can_focus=False):
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

    def message(self, suggestions: Suggestions, width: int) -> tuple[str, ...]:
        """The message, wrapped to the screen: the list has no width before it is shown."""
        text = suggestions.reason
        if not text and suggestions.actions:
            text = f"nothing that is possible now has {self.typed!r} in it"
        most = max(_NARROWEST, self.screen.size.width - 3)
        lines = plain(text or "nothing is possible now").split("\n")
        return tuple(part for line in lines for part in textwrap.wrap(line, most) or [""])

    def _fit(self) -> None:
        actions = self.suggestions.actions if self.suggestions is not None else ()
        self.matches = matching(actions, self.typed)
        keys = f" · {_KEYS}" if self.matches else ""
        self.border_title = f"{len(self.matches)} of {len(actions)} possible here{keys}" if actions else ""
        self.styles.height = self.count() + len(self.detail_of(0, 0)) + 1
        self.select(0)
        self.refresh()
