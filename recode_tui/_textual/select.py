"""The list of a `Select`, which goes to the choice that contains a typed text.

Textual searches only choices that are plain strings or Rich texts, not those that are `Content`.
"""

from __future__ import annotations

from typing import TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Select
from textual.widgets._select import SelectCurrent, SelectOverlay

Choice = TypeVar("Choice")


class SearchedOverlay(SelectOverlay):
    """The open list of a `Select`."""

    def _find_search_match(self, query: str) -> int | None:
        """The choice that has the text nearest to its beginning."""
        texts = [_text(option.prompt).casefold() for option in self.options]
        found = {at: text.find(query.casefold()) for at, text in enumerate(texts)}
        return min((at for at in found if found[at] >= 0), key=lambda at: found[at], default=None)


class SearchedSelect(Select[Choice]):
    """A `Select` whose open list is searched by typing."""

    def compose(self) -> ComposeResult:
        yield SelectCurrent(self.prompt)
        yield SearchedOverlay().data_bind(compact=Select.compact)


def _text(prompt: object) -> str:
    return prompt.plain if isinstance(prompt, Content | Text) else str(prompt)
