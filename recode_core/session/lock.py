"""The lock of a file or folder that one process writes at a time.

It is an advisory lock of the operating system (`flock`) on the file itself. A lock file beside it could be
deleted, which would let a second writer in, and would stay behind after a kill. The lock is held as long as
the descriptor is open, so it ends with the process, however that ends.
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
    """Open a file and lock it: its descriptor, and the notice that `lock` gives.

    Raises SessionBusy, and OSError where it can't be opened.
    """
    for left in reversed(range(_TRIES)):
        file = os.open(path, flags)
        try:
            notice = lock(file, path)
            if _is_same(file, path) or not left:  # some file systems number a file anew whenever it is asked
                return file, notice
        except BaseException:
            os.close(file)
            raise
        os.close(file)
    raise AssertionError("the last try returns")


def lock(file: int, path: Path) -> str:
    """Lock an open file until it is closed; a notice where its file system has no locks, else nothing.

    Raises SessionBusy while another process has locked it.
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
    """Raise SessionBusy while a version of recode that locked a file beside this one is writing it.

    The file `.NAME.lock` says nothing by being there: a kill leaves it behind. It is removed then.
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
    return SessionBusy(f"{path} is being written by another process: wait for it, or end it first")


def _unlocked(path: Path, why: str) -> str:
    return (
        f"{path} cannot be locked ({why}), so nothing keeps a second program from writing it too: "
        "open it in one program at a time, or keep sessions on another file system with --sessions-dir"
    )


def _is_same(file: int, path: Path) -> bool:
    """Whether a path still leads to an open file; another process may rename or delete it meanwhile."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
