"""Writing files: each is there once it is whole, and none is overwritten unasked.

A file is written beside its place under a hidden name and then moved there, so that a full disk or a crash
leaves nothing that could be taken for it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from recode_core import read_only
from recode_core.errors import RecodeError


@contextmanager
def new_file(path: Path, opener: Callable[[str, int], int] | None = None) -> Iterator[BinaryIO]:
    """A file to write, which appears at `path` when the block ends without an error.

    `opener` is that of `open`: `private`, for instance. A device or a pipe is written directly. Raises
    RecodeError where a file is there already, or `path` can't be written.
    """
    read_only.check(f"write {path}")
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        if os.path.lexists(path):
            raise FileExistsError
        with _part_of(path) as part:
            with open(part, "xb", opener=opener) as file:
                yield file
                _flush(file)
            _move(part, path)
    except FileExistsError:
        raise RecodeError(
            f"{path} exists and is never overwritten: delete it first or name another file"
        ) from None
    except OSError as error:
        raise RecodeError(f"{path} cannot be written: {error.strerror or error}") from None


def private(path: str | Path, flags: int) -> int:
    """Open a file that, where it is new, its owner alone can read: an `opener`."""
    return os.open(path, flags, 0o600)


def write_new(path: Path, text: str) -> None:
    """Write a text, in UTF-8, to a new file, a device or a pipe. Raises RecodeError as `new_file` does."""
    with new_file(path) as file:
        file.write(text.encode(errors="replace"))


def replace(path: Path, content: bytes) -> None:
    """Write a file in place of the one that is there: the old one stays until the new one is whole.

    Raises OSError, and ReadOnlyError.
    """
    read_only.check(f"write {path}")
    with _part_of(path) as part:
        with part.open("xb") as file:
            file.write(content)
            _flush(file)
        part.replace(path)


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """A free name beside a file; nothing is left under it. Short: the file's own may be as long as it can."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        yield part
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _flush(file: BinaryIO) -> None:
    """Some file systems say only now that the disk is full."""
    file.flush()
    os.fsync(file.fileno())


def _move(part: Path, path: Path) -> None:
    """Give a file its name, unless another one has got it meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):  # a file system without links
        if path.exists():
            raise FileExistsError from None
        part.rename(path)
