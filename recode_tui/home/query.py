"""Search, filter and order of the session list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from recode_core.format import counted, plural
from recode_core.session.catalog import SessionEntry
from recode_tui.home.columns import COLUMNS
from recode_tui.home.session_info import OUTCOMES, OutcomeGroup, outcome_of

if TYPE_CHECKING:
    from pathlib import Path

    from recode_core.batch.groups import BatchGroup

_FILTERS: tuple[OutcomeGroup | None, ...] = (None, *OUTCOMES)
_DESCENDING_FIRST = ("Date", "Score", "Cost")


def _setting(name: str) -> Callable[[SessionEntry], Iterable[str]]:
    return lambda entry: (getattr(entry.header.settings, name),) if entry.header is not None else ()


def _outcomes(entry: SessionEntry) -> Iterable[str]:
    """The words for the outcome of a session."""
    outcome = outcome_of(entry)
    yield from ("unsolved", "failed") if outcome == "not solved" else (outcome,)
    if entry.result is not None and entry.result.outcome == "limit":
        yield "limit"
    if entry.is_running:
        yield "running"


OUTCOME_WORDS = ("solved", "unsolved", "failed", "limit", "unfinished", "running", "damaged")

FIELDS: dict[str, Callable[[SessionEntry], Iterable[str]]] = {
    "env": _setting("environment"),
    "task": lambda entry: (*_setting("task")(entry), entry.instruction),
    "agent": _setting("agent"),
    "policy": _setting("policy"),
    "model": _setting("model"),
    "outcome": _outcomes,
    "tag": lambda entry: entry.tags,
    "batch": lambda entry: (entry.path.parent.name,),
    "name": lambda entry: (entry.path.stem,),
    "date": lambda entry: (f"{datetime.fromtimestamp(entry.created):%Y-%m-%d}",),
}
"""Fields that sessions are filtered by, with their values: `env:household`."""

ABOUT_FIELDS = {
    "env": "the name of the environment",
    "task": "the id of the task, or its words",
    "agent": "the agent",
    "policy": "the policy or profile",
    "model": "the model",
    "outcome": "an outcome, or its beginning",
    "tag": "a tag",
    "batch": "the name of the folder",
    "name": "the name of the session",
    "date": "the day of its start, such as `2026-11-22` or `2026-11`",
}

_TEXTS: dict[int, tuple[SessionEntry, str]] = {}
_MOST_TEXTS = 20_000

HINT = "words, or " + " ".join(f"{name}:" for name in FIELDS)


class SessionQuery(msgspec.Struct, frozen=True):
    """Matches sessions that match all `words`, and have the `outcome` if one is set.

    A word is a text, an outcome such as `solved`, or a field with a text, such as `env:household`; with a
    `-` before it, sessions match that do not.
    """

    words: str = ""
    outcome: OutcomeGroup | None = None
    column: str = "Date"
    is_descending: bool = True

    @property
    def is_filter(self) -> bool:
        """Whether it may leave out sessions."""
        return bool(self.words.strip()) or self.outcome is not None

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

    def apply(self, entries: Iterable[SessionEntry]) -> tuple[SessionEntry, ...]:
        """The matching entries in order; those without a value in the column come last."""
        key = next(column.key for column in COLUMNS if column.name == self.column)
        keyed = [(key(entry), entry) for entry in self.matching(entries)]
        known = [(by, entry) for by, entry in keyed if by is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_descending)
        return (*(entry for _, entry in known), *(entry for by, entry in keyed if by is None))

    def matching(self, entries: Iterable[SessionEntry]) -> list[SessionEntry]:
        """The matching entries, in their own order."""
        tests = [_test(word) for word in self.words.lower().split()]
        if self.outcome is not None:
            tests.append(lambda entry: outcome_of(entry) == self.outcome)
        return [entry for entry in entries if all(test(entry) for test in tests)]

    def rows(
        self, entries: Sequence[SessionEntry], groups: Sequence[BatchGroup], unfolded: frozenset[Path]
    ) -> tuple[SessionEntry | BatchGroup, ...]:
        """The rows of the list: sessions, and batches with their episodes below them if they are unfolded.

        While the query filters, a batch without a match is left out and others are unfolded. In the order of
        the date batches are among the sessions, in other orders above them.
        """
        rows: list[tuple[float, tuple[SessionEntry | BatchGroup, ...]]] = []
        for group in groups:
            matching = self.matching(group.entries)
            if self.is_filter and not matching:
                continue
            is_open = self.is_filter or group.folder in unfolded
            own = () if not is_open else matching if self.column == "Date" else self.apply(matching)
            rows.append((_began(group), (group, *own)))
        shown = self.apply(entries)
        if not rows:
            return shown
        if self.column != "Date":
            return (*(row for _, block in rows for row in block), *shown)
        rows += [(entry.created, (entry,)) for entry in shown]
        rows.sort(key=lambda pair: pair[0], reverse=self.is_descending)
        return tuple(row for _, block in rows for row in block)

    def describe(self, shown: int, total: int, marked: int = 0) -> str:
        """The number of sessions shown, with the filter."""
        outcome = f"{self.outcome} only · " if self.outcome else ""
        count = f"{shown:,} of {total:,}" if shown < total else f"{total:,}"
        chosen = f" · {marked:,} marked" if marked else ""
        return f"{outcome}{count} {plural(total, 'session')}{chosen}"

    def describe_no_match(self, samples: int = 0) -> str:
        """The message shown if no session matches; `samples` is the number of samples that do."""
        outcome = f" that are {self.outcome}" if self.outcome else ""
        words = f" with {self.words!r}" if self.words else ""
        fields = " ".join(f"{name}:" for name in FIELDS)
        below = f"\n\n{counted(samples, 'sample')} below: enter goes there" if samples else ""
        return (
            f"No sessions{outcome}{words}.{below}\n\nf shows other outcomes; esc clears the search\n"
            f"fields: {fields}\noutcomes: {' '.join(OUTCOME_WORDS)}"
        )


def complete(words: str, entries: Iterable[SessionEntry]) -> str:
    """A search whose last word is completed to a field, or to a value of it; empty if there is none."""
    before, _, last = words.rpartition(" ")
    start = f"{before} " if before else ""
    sign = "-" if last.startswith("-") else ""
    field, colon, prefix = last.removeprefix("-").lower().partition(":")
    if not colon:
        found = next((name for name in FIELDS if field and name.startswith(field)), "")
        return f"{start}{sign}{found}:" if found else ""
    if field not in FIELDS or not prefix:
        return ""
    values = OUTCOME_WORDS if field == "outcome" else (v for entry in entries for v in FIELDS[field](entry))
    found = next((value for value in values if value.lower().startswith(prefix) and " " not in value), "")
    return f"{start}{sign}{field}:{prefix}{found[len(prefix) :]}" if found else ""


def _test(word: str) -> Callable[[SessionEntry], bool]:
    """Whether a session matches a word of a search."""
    if len(word) > 1 and word.startswith("-"):
        unwanted = _test(word[1:])
        return lambda entry: not unwanted(entry)
    if word in OUTCOME_WORDS:
        return lambda entry: word in _outcomes(entry)
    if word.startswith("#"):
        return lambda entry: any(tag.lower().startswith(word[1:]) for tag in entry.tags)
    field, colon, text = word.partition(":")
    if colon and (values := FIELDS.get(field)) is not None:
        if field == "outcome":
            return lambda entry: any(value.startswith(text) for value in values(entry))
        return lambda entry: any(text in value.lower() for value in values(entry))
    return lambda entry: word in _searched_text(entry)


def _began(group: BatchGroup) -> float:
    try:
        return datetime.fromisoformat(group.manifest.created).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _searched_text(entry: SessionEntry) -> str:
    """The text that plain words are searched in. It is kept for each entry, which never changes."""
    known = _TEXTS.get(id(entry))
    if known is None or known[0] is not entry:
        if len(_TEXTS) > _MOST_TEXTS:
            _TEXTS.clear()
        known = _TEXTS[id(entry)] = entry, _text_of(entry)
    return known[1]


def _text_of(entry: SessionEntry) -> str:
    parts = [entry.path.stem, entry.instruction, outcome_of(entry), *entry.tags]
    if entry.error:
        parts.append(entry.path.name)
    if entry.header is not None:
        settings = entry.header.settings
        parts += [settings.task, settings.environment, settings.agent, settings.policy, settings.model]
    return "\n".join(parts).lower()
