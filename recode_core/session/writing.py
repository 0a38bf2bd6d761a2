"""Writing a session file: whole lines only, by one process at a time.

A record is one write of one line to a file opened for appending. The lock belongs to the process,
so that it ends with it, however it ends.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from recode_core.errors import Damaged, NotWritable, SessionBusy, SessionError
from recode_core.events import ActionAsked, ActionFinished, CallFailed, ExpansionReplied
from recode_core.files import private
from recode_core.log import Record
from recode_core.session.header import Header
from recode_core.session.reading import Session, read

_ENCODER = msgspec.json.Encoder()


class Writer:
    """The one writer of a session file, which is `size` bytes long."""

    def __init__(self, path: Path, file: int, lock: FileLock, size: int = 0) -> None:
        self.path = path
        self.size = size
        self._file = file
        self._lock = lock
        self._durable: tuple[type, ...] = (ExpansionReplied, CallFailed)

    @classmethod
    def create(cls, path: Path, header: Header) -> Writer:
        """A new file with its header. Raises SessionError where there is one already."""
        line = _first_line(path, header)
        file = _new_file(path)
        with ExitStack() as undone:
            undone.callback(path.unlink)
            undone.callback(os.close, file)
            try:
                writer = cls(path, file, locked(path))
            except OSError as error:
                raise SessionError(f"{path} cannot be created: {error.strerror}") from None
            undone.callback(release, writer._lock)
            writer._append(line)
            os.fsync(file)
            undone.pop_all()
        _sync_folder(path.parent)
        return writer

    @classmethod
    def reopen(cls, path: Path) -> tuple[Writer, Session]:
        """An existing file, cut to its last whole line, and what it holds. Raises SessionError.

        A torn last line is what a crash leaves. What follows a damaged record may be of worth: such a file
        is not written (Damaged).
        """
        _whole(path)  # what is no session is not touched, not even by a lock beside it
        try:
            lock = locked(path)
            try:
                session = _whole(path)
                file = os.open(path, os.O_WRONLY | os.O_APPEND)
                if session.torn:
                    os.ftruncate(file, session.size)
            except BaseException:
                release(lock)
                raise
        except OSError as error:
            raise NotWritable(f"{path} cannot be written: {error.strerror}") from None
        return cls(path, file, lock, session.size), session

    def make_actions_durable(self) -> None:
        """From now on actions outlive a power failure too: they cannot be repeated."""
        self._durable = (*self._durable, ActionAsked, ActionFinished)

    def write(self, record: Record) -> None:
        """Append a record; it is in the file when this returns."""
        self._append(_ENCODER.encode(record))
        if isinstance(record.event, self._durable):
            os.fsync(self._file)

    def close(self) -> None:
        """Give file and lock back. Idempotent."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            release(self._lock)

    def _append(self, line: bytes) -> None:
        line += b"\n"
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise self._failed(error.strerror) from None
        if written < len(line):
            os.ftruncate(self._file, os.fstat(self._file).st_size - written)
            raise self._failed("the disk is full")
        self.size += written

    def _failed(self, why: str | None) -> SessionError:
        return SessionError(f"{self.path} cannot be written: {why}; what it holds so far is whole")


def locked(path: Path) -> FileLock:
    """The lock of a session file, taken. Raises SessionBusy while another process has it."""
    beside = path.resolve()
    lock = FileLock(beside.with_name(f".{beside.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise SessionBusy(
            f"{path} is being written by another process: wait for it, or end it first"
        ) from None
    return lock


def release(lock: FileLock) -> None:
    """Give the lock of a session file back, and leave nothing beside it.

    A process that waits for the lock in this moment sees that its file is gone, and takes a new one; on
    Windows an open file stays.
    """
    if os.name == "posix":
        with suppress(OSError):  # the folder may have been closed to us
            Path(lock.lock_file).unlink()
    lock.release()


def _whole(path: Path) -> Session:
    """A session that can be added to. Raises SessionError."""
    session = read(path)
    if session.damage:
        raise Damaged(
            f"{session.notice}; to go on from there, copy them into a new session with recode import FILE"
        )
    return session


def _first_line(path: Path, header: Header) -> bytes:
    try:
        str(path).encode()
        return _ENCODER.encode(header)
    except UnicodeEncodeError:
        raise SessionError(
            f"{path} cannot be created: its name, and the names in it, must be UTF-8 text"
        ) from None


def _new_file(path: Path) -> int:
    """A file that there was not before, open for appending."""
    if path.parent.exists() and not path.parent.is_dir():
        raise SessionError(f"{path} cannot be created: {path.parent} is no folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return private(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        raise SessionError(
            f"{path} exists and is never overwritten: resume it or name another file"
        ) from None
    except OSError as error:
        raise SessionError(f"{path} cannot be created: {error.strerror}") from None


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable, where the system can."""
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
