"""Writing session files: whole lines only, by one process at a time.

A record is one write of one line to a file opened for appending. Before each write the state of the file is
checked. If another program has deleted, truncated, moved or replaced it, further records would be lost; so
the whole session is written to a new file in the same folder, and recording continues there.
"""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from recode_core import read_only
from recode_core.errors import DamagedSession, NotWritable, SessionBusy, SessionError
from recode_core.events import ActionAsked, ActionFinished, CallFailed, ExpansionReplied
from recode_core.files import private
from recode_core.log import Record
from recode_core.session.header import Header
from recode_core.session.lock import lock, open_locked
from recode_core.session.reading import Session, read

_ENCODER = msgspec.json.Encoder()


class Writer:
    """The only writer of a session file, which is `size` bytes long.

    `notice` is a message about the state of the file, for the user, or empty. `on_moved` is called with a
    message when recording continues in another file, the new `path`.
    """

    def __init__(
        self, path: Path, file: int, header: Header, records: Iterable[Record] = (), notice: str = ""
    ) -> None:
        self.path = path
        self.notice = notice
        self.on_moved: Callable[[str], None] = lambda text: None
        self._file = file
        self._header = header
        self._records = list(records)
        self._absolute = path.absolute()
        self.size = os.fstat(file).st_size
        self._durable: tuple[type, ...] = (ExpansionReplied, CallFailed)

    @classmethod
    def create(cls, path: Path, header: Header) -> Writer:
        """Create a new file with a header. Raises SessionError if it exists."""
        read_only.check(f"write {path}")
        line = _first_line(path, header)
        file = _new_file(path)
        with ExitStack() as undone:
            undone.callback(path.unlink)
            undone.callback(os.close, file)
            try:
                notice = lock(file, path)
            except OSError as error:
                raise SessionError(f"{path} cannot be created: {error.strerror}") from None
            writer = cls(path, file, header, notice=notice)
            writer._append(line, is_durable=True)
            undone.pop_all()
        _sync_folder(path.parent)
        return writer

    @classmethod
    def reopen(cls, path: Path) -> tuple[Writer, Session]:
        """Open an existing file and read its session. Raises SessionError.

        An incomplete last line, as after a crash, is cut off. A file with a damaged record is not written
        (DamagedSession), because the lines after it may be valuable.
        """
        read_only.check(f"write {path}")
        _whole(path)  # checked first, so that other files are not opened for writing
        try:
            file, notice = open_locked(path, os.O_WRONLY | os.O_APPEND)
        except SessionBusy as error:
            shown = shlex.quote(str(path))
            raise SessionBusy(f"{error}; recode replay --follow {shown} shows it read-only") from None
        except OSError as error:
            raise NotWritable(f"{path} cannot be written: {error.strerror}") from None
        with ExitStack() as undone:
            undone.callback(os.close, file)
            session = _whole(path)
            if session.torn:
                os.ftruncate(file, session.size)
            undone.pop_all()
        return cls(path, file, session.header, session.records, notice), session

    def make_actions_durable(self) -> None:
        """From now on, write actions durably too, because they cannot be repeated."""
        self._durable = (*self._durable, ActionAsked, ActionFinished)

    def write(self, record: Record) -> None:
        """Append a record; it is in the file when this returns."""
        if why := self._lost():
            self._move(why)
        self._append(_ENCODER.encode(record), isinstance(record.event, self._durable))
        self._records.append(record)

    def close(self) -> None:
        """Close the file, which releases its lock. Idempotent."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _append(self, line: bytes, is_durable: bool = False) -> None:
        line += b"\n"
        try:
            if os.write(self._file, line) < len(line):
                raise OSError(errno.ENOSPC, "the disk is full")
            if is_durable:
                _sync(self._file)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file, self.size)
            raise self._failed(error.strerror) from None
        self.size += len(line)

    def _failed(self, why: str | None) -> SessionError:
        return SessionError(f"{self.path} cannot be written: {why}; all earlier records are intact")

    def _lost(self) -> str:
        """The change that another program made to the file; empty if there is none."""
        try:
            mine = os.fstat(self._file)
        except OSError:  # the descriptor is closed, or its server is gone: writing will fail
            return ""
        try:
            there = self._absolute.stat()
        except (FileNotFoundError, NotADirectoryError):
            return "was moved" if mine.st_nlink else "was deleted"
        except OSError:
            return ""
        # Some network file systems change inode numbers: equal size and time mean that it is the same file.
        if not os.path.samestat(mine, there) and (there.st_size, there.st_mtime_ns) != (
            mine.st_size,
            mine.st_mtime_ns,
        ):
            return "was replaced"
        if mine.st_size == self.size:
            return ""
        return "was cut short" if mine.st_size < self.size else "was written to"

    def _move(self, why: str) -> None:
        """Continue in a new file in the same folder, with all records."""
        path, old = _numbered(self.path), self.path
        try:
            fresh = Writer.create(path, msgspec.structs.replace(self._header, id=path.stem))
            with ExitStack() as undone:
                undone.callback(path.unlink)
                undone.callback(fresh.close)
                for record in self._records:
                    fresh._append(_ENCODER.encode(record))
                _sync(fresh._file)
                undone.pop_all()
        except (SessionError, OSError) as error:
            raise SessionError(
                f"{old} {why} by another program, and continuing in a new file failed: {error}"
            ) from None
        os.close(self._file)
        self.path, self._absolute, self._file, self.size = path, fresh._absolute, fresh._file, fresh.size
        self._header = fresh._header
        self.on_moved(
            f"{old} {why} by another program; the whole session is now in {path} and continues there"
        )


def free_path(path: Path) -> Path:
    """A path that does not exist: the given one, or one with a number appended to its name."""
    return path if not os.path.lexists(path) else _numbered(path)


def _numbered(path: Path) -> Path:
    number = 2
    while os.path.lexists(target := path.with_stem(f"{path.stem}-{number}")):
        number += 1
    return target


def _whole(path: Path) -> Session:
    """Read a session that can be appended to. Raises SessionError."""
    session = read(path)
    if session.damage:
        raise DamagedSession(
            f"{session.notice}; to continue from there, copy them to a new session with recode import FILE"
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
    """Create a new file, open for appending."""
    if path.parent.exists() and not path.parent.is_dir():
        raise SessionError(f"{path} cannot be created: {path.parent} is not a folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return private(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        raise SessionError(
            f"{path} exists and is never overwritten: resume it or choose another name"
        ) from None
    except OSError as error:
        raise SessionError(f"{path} cannot be created: {error.strerror}") from None


def _sync(file: int) -> None:
    """Flush the file to disk, if its file system supports that."""
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise


def _sync_folder(folder: Path) -> None:
    """Flush a new file name to disk, if the system supports that and the folder is readable."""
    if os.name == "posix":
        with suppress(OSError):
            file = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(file)
            finally:
                os.close(file)
