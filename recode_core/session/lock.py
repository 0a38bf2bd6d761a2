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
