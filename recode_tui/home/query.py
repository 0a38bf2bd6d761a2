"""Which sessions are shown, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from recode_core.session.catalog import SessionEntry
from recode_tui.home.columns import COLUMNS
from recode_tui.home.outcomes import KINDS, Kind, kind_of

FILTERS: tuple[Kind | None, ...] = (None, *KINDS)


class Query(msgspec.Struct, frozen=True):
    """All of the `words` are found somewhere in a session, and its outcome is the `kind`, if there is one."""

    words: str = ""
    kind: Kind | None = None
    column: str = "Date"
    is_descending: bool = True

    def sorted_by(self, column: str) -> Query:
        """Sorted by that column; the other way round where it is that already."""
        is_descending = (
            not self.is_descending if column == self.column else column in ("Date", "Score", "Cost")
        )
        return msgspec.structs.replace(self, column=column, is_descending=is_descending)

    def sorted_by_next(self, columns: Sequence[str]) -> Query:
        """Sorted by the next of those columns."""
        at = columns.index(self.column) if self.column in columns else -1
        return self.sorted_by(columns[(at + 1) % len(columns)])

    def filtered_by_next(self) -> Query:
        """Those of the next kind of outcome."""
        return msgspec.structs.replace(self, kind=FILTERS[(FILTERS.index(self.kind) + 1) % len(FILTERS)])

    def applied(self, entries: Sequence[SessionEntry]) -> tuple[SessionEntry, ...]:
        """Those of the entries that are asked for, in order; what has nothing to sort by comes last."""
        key = next(column.key for column in COLUMNS if column.name == self.column)
        found = [entry for entry in entries if self._has(entry)]
        keyed = [(key(entry), entry) for entry in found]
        known = [(by, entry) for by, entry in keyed if by is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_descending)
        return (*(entry for _, entry in known), *(entry for by, entry in keyed if by is None))

    def _has(self, entry: SessionEntry) -> bool:
        if self.kind is not None and kind_of(entry) != self.kind:
            return False
        text = _text(entry)
        return all(word in text for word in self.words.lower().split())


def _text(entry: SessionEntry) -> str:
    """All that is searched, in lower case."""
    parts = [entry.path.stem, entry.instruction, kind_of(entry), entry.error and entry.path.name]
    if entry.header is not None:
        settings = entry.header.settings
        parts += [settings.task, settings.environment, settings.agent, settings.policy, settings.model]
    return "\n".join(parts).lower()
