"""Entries of a list of sessions.

A file that is damaged, or written by a later version, has an entry with an error. `scan` reads only the
first line of each file; `load_result` reads a whole file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from recode_core.errors import NotASession, SessionError
from recode_core.events import BranchStarted
from recode_core.result import Result, result_of
from recode_core.session.header import Header
from recode_core.session.lock import LockTable, is_being_written, read_lock_table
from recode_core.session.reading import read, read_header
from recode_core.session.tags import tags_of

_LARGE = 1 << 20  # bytes; a larger file is not read again while another process appends to it


class SessionEntry(msgspec.Struct, frozen=True):
    """A session file, with its `size` in bytes and the time of its last change (nanoseconds since the epoch).

    `header` is None if the file is not a session. `result` is None if it is not loaded yet, or cannot be,
    with the reason in `error`. For a damaged session, `error` names the record and `result` covers the
    records before it. `result` and `instruction` are those of the current branch. `is_running` says that
    another process writes the file now.
    """

    path: Path
    size: int
    changed: int
    header: Header | None = None
    result: Result | None = None
    instruction: str = ""
    branches: int = 1
    tags: tuple[str, ...] = ()
    is_running: bool = False
    notice: str = ""
    error: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the whole file was read."""
        return self.result is not None or bool(self.error)

    @property
    def is_usable(self) -> bool:
        """Whether the session can be opened, as far as is known."""
        return self.result is not None or not self.error

    @property
    def created(self) -> float:
        """The start of the run in seconds since the epoch; the time of the last change if it is not a
        session.
        """
        try:
            return _timestamp(self.header.created) if self.header else self._changed
        except (ValueError, OverflowError, OSError):
            return self._changed

    @property
    def _changed(self) -> float:
        return self.changed / 1e9


@lru_cache(maxsize=1 << 14)
def _timestamp(created: str) -> float:
    """Seconds since the epoch. Kept, because lists are sorted by it at each key of a search."""
    return datetime.fromisoformat(created).timestamp()


def scan(folder: Path, known: Iterable[SessionEntry] = ()) -> list[SessionEntry]:
    """The sessions of a folder, newest first. Unchanged ones are taken from the `known` entries.

    Raises SessionError if the folder cannot be read. A folder that does not exist has no sessions.
    """
    before = {entry.path: entry for entry in known}
    try:
        paths = [path for path in folder.iterdir() if path.suffix == ".jsonl" and path.name[0] != "."]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SessionError(f"{folder} cannot be read: {error.strerror}") from None
    table = read_lock_table()
    found = [_scan_file(path, before.get(path), table) for path in paths]
    entries = [entry for entry in found if entry is not None]
    return sorted(entries, key=lambda entry: (entry.created, entry.path.name), reverse=True)


def load_result(entry: SessionEntry) -> SessionEntry:
    """The entry with the result of the run. Reads the whole file."""
    if entry.is_read:
        return entry
    try:
        session = read(entry.path)
        timeline = session.timeline()
        if session.damage and not session.records:
            raise NotASession(session.notice)
    except SessionError as error:
        return msgspec.structs.replace(entry, error=str(error))
    return msgspec.structs.replace(
        entry,
        header=session.header,
        result=result_of(timeline),
        instruction=timeline.end.instruction,
        branches=1 + sum(isinstance(record.event, BranchStarted) for record in session.records),
        tags=tags_of(session.records),
        notice=session.notice if not session.damage else "",
        error=session.notice if session.damage else "",
    )


def entry_of(path: Path) -> SessionEntry:
    """The entry of a file, reading its first line. Raises SessionError if it does not exist."""
    if (entry := _scan_file(path, None)) is None:
        raise SessionError(f"{path} does not exist: name a session, or a folder of sessions")
    return entry


def _scan_file(path: Path, known: SessionEntry | None, table: LockTable | None = None) -> SessionEntry | None:
    try:
        state = path.stat()
    except FileNotFoundError:  # deleted since it was found
        return None
    is_running = bool(is_being_written(path, table, state))
    if known is not None:
        is_same = (known.size, known.changed) == (state.st_size, state.st_mtime_ns)
        if is_same or (is_running and known.is_read and state.st_size > _LARGE):
            is_as_known = known.is_running == is_running
            return known if is_as_known else msgspec.structs.replace(known, is_running=is_running)
    entry = SessionEntry(path, state.st_size, state.st_mtime_ns, is_running=is_running)
    try:
        return msgspec.structs.replace(entry, header=read_header(path))
    except SessionError as error:
        return msgspec.structs.replace(entry, error=str(error))
