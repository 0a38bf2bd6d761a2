"""Reading a session file while another process appends to it. Nothing is written, and no lock is taken."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Literal

from recode_core.errors import NewerFormat, NotASession, SessionError
from recode_core.log import Record
from recode_core.session.checking import RecordChecker
from recode_core.session.header import Header
from recode_core.session.lock import is_being_written
from recode_core.session.reading import decode_records, read_header

FileState = Literal["written", "closed", "moved", "replaced", "cut", "damaged"]
"""Another process is writing the file; none is; it has no name or another one; another file has its name; it
is shorter than what was read; it has a line that is not its next record."""

_LOST = frozenset({"replaced", "cut", "damaged"})
_HEADER_PATIENCE = 1.0  # seconds for the first line of a new file


class FollowedFile:
    """A session file that is read from where the last `read` ended. Close it.

    An incomplete last line is read once it is whole. `damage` says what is wrong with a damaged line.
    Raises SessionError if the file cannot be read or is not a session.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header: Header = _awaited_header(path)
        self.state: FileState = "written"
        self.damage = ""
        try:
            self._file = os.open(path, os.O_RDONLY)
            self._end = os.pread(self._file, 1 << 20, 0).index(b"\n") + 1  # of the last whole line
        except (OSError, ValueError) as error:
            raise SessionError(f"{path} cannot be read: {error}") from None
        self._checker = RecordChecker()

    @property
    def torn(self) -> int:
        """The length of an incomplete last line."""
        return max(0, os.fstat(self._file).st_size - self._end)

    def read(self) -> list[Record]:
        """The records that were appended since the last call. `state` is that of the file after them."""
        if self.state in _LOST:
            return []
        records = self._read_on()
        if not records and not self.damage:
            is_written = is_being_written(self.path)
            records = self._read_on()  # what the other process wrote last, before it released the file
            self.state = "closed" if is_written is False and not records else "written"
        else:
            self.state = "written"
        self.state = self._lost() or self.state
        return records

    def close(self) -> None:
        """Close the file. Idempotent."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _read_on(self) -> list[Record]:
        """Read the whole lines that have been appended."""
        size = os.fstat(self._file).st_size
        if size <= self._end:
            return []
        body = os.pread(self._file, size - self._end, self._end)
        whole = body.rfind(b"\n") + 1
        try:
            records, self.damage = decode_records(self.path, self.header, body, whole)
        except NewerFormat as error:
            records, self.damage = [], str(error)
        if (invalid := self._checker.first_invalid(records)) is not None:
            records = [record for record in records if record.n < invalid.record]
            self.damage = invalid.why
        self._end += whole
        return records

    def _lost(self) -> FileState | None:
        """The reason why the file cannot be read further, if there is one."""
        if self.damage:
            return "damaged"
        mine = os.fstat(self._file)
        if mine.st_size < self._end:
            return "cut"
        try:
            there = self.path.stat()
        except OSError:
            return "moved"
        return None if os.path.samestat(mine, there) else "replaced"


def _awaited_header(path: Path) -> Header:
    """The header of a file, which another process may have created only now."""
    deadline = time.monotonic() + _HEADER_PATIENCE
    while True:
        try:
            return read_header(path)
        except NotASession:
            if time.monotonic() > deadline or path.stat().st_size:
                raise
        time.sleep(0.02)
