"""Sessions as they arrive while their files are read."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from textual.message import Message

from recode_core.session.catalog import SessionEntry, load_result, scan

Which = Literal["sessions", "samples"]

_LARGE = 4 << 20  # bytes; such a file is read after the others
_OFTEN = 0.1  # seconds
_NAP = 0.002  # seconds between two files, in which the screen may draw undisturbed


def arriving(folder: Path, known: Sequence[SessionEntry] = ()) -> Iterator[tuple[SessionEntry, ...]]:
    """The sessions of a folder, newest first: at once as far as their first lines say, then ever more
    of them whole. Raises SessionError."""
    entries = scan(folder, known)
    yield tuple(entries)
    unread = [at for at, entry in enumerate(entries) if not entry.is_read]
    said = time.monotonic()
    for at in sorted(unread, key=lambda at: entries[at].size if entries[at].size > _LARGE else 0):
        entries[at] = load_result(entries[at])
        time.sleep(_NAP)
        if time.monotonic() - said > _OFTEN:
            yield tuple(entries)
            said = time.monotonic()
    if unread:
        yield tuple(entries)


class Arrived(Message):
    """So much is known of the sessions of a folder."""

    def __init__(self, which: Which, entries: tuple[SessionEntry, ...]) -> None:
        super().__init__()
        self.which = which
        self.entries = entries

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Arrived) and message.which == self.which


class Unreadable(Message):
    """A folder can't be read."""

    def __init__(self, which: Which, why: str) -> None:
        super().__init__()
        self.which = which
        self.why = why
