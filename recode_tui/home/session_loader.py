"""Incremental loading of a folder of sessions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from recode_core.session.catalog import SessionEntry, load_result, scan

_LARGE = 4 << 20  # bytes; larger files are read last
_INTERVAL = 0.1  # seconds between two results
_PAUSE = 0.002  # seconds between two files, in which the screen can draw


def load_incrementally(
    folder: Path, known: Sequence[SessionEntry] = ()
) -> Iterator[tuple[SessionEntry, ...]]:
    """Yield the sessions of a folder, newest first, again and again with more of their files read.

    The first result has only the headers of files that are not `known`. Raises SessionError if the folder
    cannot be read.
    """
    entries = scan(folder, known)
    yield tuple(entries)
    unread = [at for at, entry in enumerate(entries) if not entry.is_read]
    yielded = time.monotonic()
    for at in sorted(unread, key=lambda at: entries[at].size if entries[at].size > _LARGE else 0):
        entries[at] = load_result(entries[at])
        time.sleep(_PAUSE)
        if time.monotonic() - yielded > _INTERVAL:
            yield tuple(entries)
            yielded = time.monotonic()
    if unread:
        yield tuple(entries)
