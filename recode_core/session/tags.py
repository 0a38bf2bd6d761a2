"""Tags of sessions: short words that a user gives them, kept in the session file.

They are in the note of the session itself, a `note_set` record whose node is empty, each with a `#` before
it. So every version of recode reads such a file, and a tag goes where its session goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from recode_core.errors import SessionError
from recode_core.events import NoteSet
from recode_core.log import Log, Record
from recode_core.session.writing import Writer

OF_SESSION = ""
"""The node of the note of the session itself."""

_TAG = re.compile(r"[\w.+/-]{1,40}")


def tags_of(records: Sequence[Record]) -> tuple[str, ...]:
    """The tags of a session, in the order of the alphabet."""
    for record in reversed(records):
        event = record.event
        if isinstance(event, NoteSet) and event.node == OF_SESSION:
            words = (word.removeprefix("#") for word in event.text.split() if word.startswith("#"))
            return tuple(sorted({word for word in words if _TAG.fullmatch(word)}))
    return ()


def parse_changes(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tags to add and to remove: `flaky -old`. Raises SessionError for a text that is no tag."""
    added, removed = set[str](), set[str]()
    for word in text.replace(",", " ").split():
        chosen, tag = (removed, word[1:]) if word.startswith("-") else (added, word)
        tag = tag.removeprefix("#")
        if _TAG.fullmatch(tag) is None:
            raise SessionError(
                f"invalid tag {word!r}: a tag is up to 40 letters, digits and signs of _ . + / -"
            )
        chosen.add(tag)
    return frozenset(added), frozenset(removed)


def change_tags(path: Path, added: Iterable[str], removed: Iterable[str] = ()) -> tuple[str, ...]:
    """Add and remove tags of a session, and return those that it has then. The file is appended to.

    Raises SessionError, and SessionBusy while another process is writing the session.
    """
    writer, session = Writer.reopen(path)
    with closing(writer):
        before = tags_of(session.records)
        tags = tuple(sorted({*before, *added} - {*removed}))
        if tags != before:
            log = Log(session.records, writer.write)
            log.append(NoteSet(OF_SESSION, " ".join(f"#{tag}" for tag in tags)))
    return tags
