"""What a list of sessions shows of each file.

A file that is damaged, or written by a later version, is an entry too: it says what is wrong. Listing
reads first lines only; what came of a run takes the whole file, which `completed` reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from recode_core.errors import NotASession, SessionError
from recode_core.events import BranchStarted
from recode_core.result import Result, result_of
from recode_core.session.header import Header
from recode_core.session.reading import read, read_header


class Entry(msgspec.Struct, frozen=True):
    """One session file: its `size` in bytes, when it was last `changed` (nanoseconds since the epoch).

    `header` is None where the file is no session, `result` where it isn't read yet or can't be; `error`
    then says why. Of a damaged session `error` names the record, and `result` is that of the records before
    it. `result` and `instruction` are those of the branch that the session goes on on.
    """

    path: Path
    size: int
    changed: int
    header: Header | None = None
    result: Result | None = None
    instruction: str = ""
    branches: int = 1
    notice: str = ""
    error: str = ""

    @property
    def is_read(self) -> bool:
        """Whether all is known that the file says."""
        return self.result is not None or bool(self.error)

    @property
    def is_usable(self) -> bool:
        """Whether the session can be looked at, as far as that is known."""
        return self.result is not None or not self.error

    @property
    def created(self) -> float:
        """When the run was started, in seconds since the epoch; of no session, when the file was changed."""
        try:
            return datetime.fromisoformat(self.header.created).timestamp() if self.header else self._changed
        except (ValueError, OverflowError, OSError):
            return self._changed

    @property
    def _changed(self) -> float:
        return self.changed / 1e9


def listed(folder: Path, known: Iterable[Entry] = ()) -> list[Entry]:
    """The sessions of a folder, newest first; one that has not changed is taken from those `known`.

    Raises SessionError where the folder can't be read. One that doesn't exist has none.
    """
    before = {entry.path: entry for entry in known}
    try:
        paths = [path for path in folder.iterdir() if path.suffix == ".jsonl" and path.name[0] != "."]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SessionError(f"{folder} cannot be read: {error.strerror}") from None
    found = [_listed(path, before.get(path)) for path in paths]
    entries = [entry for entry in found if entry is not None]
    return sorted(entries, key=lambda entry: (entry.created, entry.path.name), reverse=True)


def completed(entry: Entry) -> Entry:
    """The entry with what came of the run. Takes as long as reading the whole file."""
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
        notice=session.notice if not session.damage else "",
        error=session.notice if session.damage else "",
    )


def entry_of(path: Path) -> Entry:
    """A file's entry, of which the first line is read. Raises SessionError where there is no file."""
    if (entry := _listed(path, None)) is None:
        raise SessionError(f"{path} does not exist: name a session, or a folder of sessions")
    return entry


def _listed(path: Path, known: Entry | None) -> Entry | None:
    try:
        state = path.stat()
    except FileNotFoundError:  # deleted since it was found
        return None
    if known is not None and (known.size, known.changed) == (state.st_size, state.st_mtime_ns):
        return known
    entry = Entry(path, state.st_size, state.st_mtime_ns)
    try:
        return msgspec.structs.replace(entry, header=read_header(path))
    except SessionError as error:
        return msgspec.structs.replace(entry, error=str(error))
