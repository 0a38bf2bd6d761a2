"""Incremental loading of a folder of sessions, and of the batches in it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recode_core.session import entry_cache
from recode_core.session.catalog import SessionEntry, load_result, scan

if TYPE_CHECKING:
    from recode_core.batch.groups import BatchGroup

_LARGE = 4 << 20  # bytes; larger files are read last
_INTERVAL = 0.1  # seconds between two results
_PAUSE = 0.002  # seconds between two files, in which the screen can draw


def load_incrementally(
    folder: Path, known: Sequence[SessionEntry] = ()
) -> Iterator[tuple[SessionEntry, ...]]:
    """Yield the sessions of a folder, newest first, again and again with more of their files read.

    The first result has only the headers of files that are not `known`; without any, those are known that
    were read by an earlier program. Raises SessionError if the folder cannot be read.
    """
    entries = scan(folder, known or entry_cache.load(folder))
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
        entry_cache.save(folder, entries)


def load_batches(folder: Path, known: Sequence[BatchGroup] = ()) -> Iterator[tuple[BatchGroup, ...]]:
    """Yield the batches of a folder of sessions, again and again with more of their episodes read."""
    if not has_batches(folder):
        yield ()
        return
    import msgspec

    from recode_core.batch.groups import scan_batches

    groups = list(scan_batches(folder, known))
    yield tuple(groups)
    for at, group in enumerate(groups):
        for entries in load_incrementally(group.folder, group.entries):
            found = {entry.path: entry for entry in entries}
            own = tuple(found[entry.path] for entry in group.entries if entry.path in found)
            groups[at] = msgspec.structs.replace(group, entries=own)
            yield tuple(groups)


def has_batches(folder: Path) -> bool:
    """Whether a folder of sessions may have batches; quick, since most have none."""
    try:
        return any(path.is_dir() or path.name == ".batches.json" for path in folder.iterdir())
    except OSError:
        return False
