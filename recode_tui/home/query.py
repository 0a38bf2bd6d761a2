"""Search, filter and order of the session list."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recode_core.format import plural
from recode_core.session.catalog import SessionEntry
from recode_tui.home.columns import COLUMNS
from recode_tui.home.session_info import OUTCOMES, OutcomeGroup, outcome_of

_FILTERS: tuple[OutcomeGroup | None, ...] = (None, *OUTCOMES)
_DESCENDING_FIRST = ("Date", "Score", "Cost")


class SessionQuery(msgspec.Struct, frozen=True):
    """Matches sessions that contain all `words`, and have the `outcome` if one is set."""

    words: str = ""
    outcome: OutcomeGroup | None = None
    column: str = "Date"
    is_descending: bool = True

    def search(self, words: str) -> SessionQuery:
        """The query with other words."""
        return msgspec.structs.replace(self, words=words)

    def sort_by(self, column: str) -> SessionQuery:
        """The query ordered by a column; reversed if it is already."""
        is_descending = not self.is_descending if column == self.column else column in _DESCENDING_FIRST
        return msgspec.structs.replace(self, column=column, is_descending=is_descending)

    def sort_by_next(self, columns: Sequence[str]) -> SessionQuery:
        """The query ordered by the next of these columns."""
        at = columns.index(self.column) if self.column in columns else -1
        return self.sort_by(columns[(at + 1) % len(columns)])

    def reverse(self) -> SessionQuery:
        """The query in reverse order."""
        return self.sort_by(self.column)

    def filter_next(self) -> SessionQuery:
        """The query with the next outcome as its filter, or none after the last."""
        at = _FILTERS.index(self.outcome)
        return msgspec.structs.replace(self, outcome=_FILTERS[(at + 1) % len(_FILTERS)])

    def show_all(self) -> SessionQuery:
        """The query without words and filter, in the same order."""
        return msgspec.structs.replace(self, words="", outcome=None)

    def apply(self, entries: Sequence[SessionEntry]) -> tuple[SessionEntry, ...]:
        """The matching entries in order; those without a value in the column come last."""
        key = next(column.key for column in COLUMNS if column.name == self.column)
        keyed = [(key(entry), entry) for entry in entries if self._matches(entry)]
        known = [(by, entry) for by, entry in keyed if by is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_descending)
        return (*(entry for _, entry in known), *(entry for by, entry in keyed if by is None))

    def describe(self, shown: int, total: int) -> str:
        """The number of sessions shown, with the filter."""
        outcome = f"{self.outcome} only · " if self.outcome else ""
        count = f"{shown} of {total}" if shown < total else f"{total}"
        return f"{outcome}{count} {plural(total, 'session')}"

    def describe_no_match(self) -> str:
        """The message shown if no session matches."""
        outcome = f" that are {self.outcome}" if self.outcome else ""
        words = f" with {self.words!r}" if self.words else ""
        return f"No sessions{outcome}{words}.\n\nf shows other outcomes; esc clears the search"

    def _matches(self, entry: SessionEntry) -> bool:
        if self.outcome is not None and outcome_of(entry) != self.outcome:
            return False
        text = _searched_text(entry)
        return all(word in text for word in self.words.lower().split())


def _searched_text(entry: SessionEntry) -> str:
    parts = [entry.path.stem, entry.instruction, outcome_of(entry), entry.error and entry.path.name]
    if entry.header is not None:
        settings = entry.header.settings
        parts += [settings.task, settings.environment, settings.agent, settings.policy, settings.model]
    return "\n".join(parts).lower()
