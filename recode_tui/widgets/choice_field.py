"""A field whose value is chosen from a list that stays inside the dialog."""

from __future__ import annotations

from typing import TypeVar

from textual.geometry import Offset
from textual.widgets import OptionList

from recode_tui._textual.select import SearchedSelect

Choice = TypeVar("Choice")
_HIGHEST = 12  # lines of the list, with its border


class ChoiceField(SearchedSelect[Choice]):
    """A compact `Select` that always has a value. Each choice is one line of its list; typing goes to it.

    Textual keeps the list on the screen only. This one moves up as far as it would leave the dialog's `#box`.
    """

    DEFAULT_CSS = """
    ChoiceField {
        width: 1fr;
        & > SelectCurrent { background: $panel; padding: 0 1; }
        &:focus > SelectCurrent { background: $row; }
        & > SelectOverlay {
            background: $panel;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            & > .option-list--option { padding: 0 1; }
        }
    }
    """

    def watch_expanded(self) -> None:
        self._place()

    def on_resize(self) -> None:
        self._place()

    def _place(self) -> None:
        """Place the open list inside the box."""
        if not self.expanded:
            return
        choices, inside = self.query_one(OptionList), self.screen.query_one("#box").content_region
        height = min(choices.option_count + choices.gutter.height, _HIGHEST, inside.height)
        choices.styles.max_height = height
        choices.styles.offset = Offset(0, min(0, inside.bottom - self.region.bottom - height))
