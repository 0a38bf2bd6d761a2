"""Locks for files and folders with one writing process at a time.

The lock is an advisory lock of the operating system (`flock`) on the file itself. A separate lock file
could be deleted, which would admit a second writer, and would remain after a kill. The lock is held as long
as the descriptor is open, so it is released when the process ends, even if it is killed.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from recode_core.errors import SessionBusy

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LockTable = dict[int, list[tuple[int, str]]]
"""For the inode of a locked file, its device and the process that holds the lock."""

_LOCKS = Path("/proc/locks")
_HELD = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK}
_TRIES = 10


def open_locked(path: Path, flags: int) -> tuple[int, str]:
    """Open and lock a file. Returns its descriptor and the notice of `lock`.

    Raises SessionBusy, and OSError if it cannot be opened.
    """
    for left in reversed(range(_TRIES)):
        file = os.open(path, flags)
        try:
            notice = lock(file, path)
            if _is_same(file, path) or not left:  # some file systems return another inode number on each call
                return file, notice
        except BaseException:
            os.close(file)
            raise
        os.close(file)
    raise AssertionError("the last try returns")


def lock(file: int, path: Path) -> str:
    """Lock an open file until it is closed. Returns a notice if its file system has no locks, else "".

    Raises SessionBusy while another process holds the lock.
    """
    refuse_older_writer(path)
    if fcntl is None:
        return _unlocked(path, "this system has no file locks")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise _busy(path) from None
        return _unlocked(path, error.strerror or str(error))
    return ""


def is_being_written(
    path: Path, table: LockTable | None = None, state: os.stat_result | None = None
) -> bool | None:
    """Whether a process holds the lock of a file; None if the system does not tell.

    Linux tells without a lock being taken: `table` is what it told, asked anew unless it is given. On other
    systems a shared lock is tried and released at once. `state` is that of the file, if it is known.
    """
    table = read_lock_table() if table is None else table
    try:
        return _probe(path) if table is None else _is_in(table, state or path.stat())
    except OSError:
        return None


def read_lock_table() -> LockTable | None:
    """The locks that processes hold, by the inode of the file; None if the system does not tell."""
    try:
        lines = _LOCKS.read_text().splitlines()
    except OSError:
        return None
    table: LockTable = {}
    for line in lines:  # such as `1: FLOCK  ADVISORY  WRITE 8067 fe:00:2180948 0 EOF`
        words = line.split()
        if len(words) == 8 and words[3] == "WRITE":
            major, minor, inode = words[5].split(":")
            table.setdefault(int(inode), []).append((os.makedev(int(major, 16), int(minor, 16)), words[4]))
    return table


def _is_in(table: LockTable, file: os.stat_result) -> bool:
    """Whether a file is locked. Its device may have another number in the table, as on btrfs."""
    for device, process in table.get(file.st_ino, ()):
        if device == file.st_dev:
            return True
        with suppress(OSError):
            opened = Path(f"/proc/{process}/fd").iterdir()
            if any(os.path.samestat(file, descriptor.stat()) for descriptor in opened):
                return True
    return False


def _probe(path: Path) -> bool | None:
    if fcntl is None:
        return None
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return True if error.errno in _HELD else None
    finally:
        os.close(file)
    return False


def refuse_older_writer(path: Path) -> None:
    """Raise SessionBusy while an older version of recode, which locked a separate file, is writing this one.

    The mere existence of `.NAME.lock` means nothing, because it remains after a kill; an unlocked one is
    deleted.
    """
    resolved = path.resolve()
    beside = resolved.with_name(f".{resolved.name}.lock")
    try:
        file = os.open(beside, os.O_RDWR)
    except OSError:  # there is none, or none that an older version could lock
        return
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise _busy(path) from None
    else:
        with suppress(OSError):  # the folder may be closed to us
            beside.unlink()
    finally:
        os.close(file)


def _busy(path: Path) -> SessionBusy:
    return SessionBusy(f"{path} is being written by another process: wait for it, or end it")


def _unlocked(path: Path, why: str) -> str:
    return (
        f"{path} cannot be locked ({why}), so a second program could write it at the same time: "
        "open it in one program only, or keep sessions on another file system with --sessions-dir"
    )


def _is_same(file: int, path: Path) -> bool:
    """Whether a path still refers to an open file, which another process may rename or delete."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
