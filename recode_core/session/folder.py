"""Changes to a folder of sessions: whole files are renamed, deleted, and put into it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from recode_core.errors import RecodeError, SessionError
from recode_core.files import new_file, private
from recode_core.log import Record
from recode_core.session.header import Header
from recode_core.session.lock import open_locked
from recode_core.session.reading import read
from recode_core.session.writing import free

_LONGEST = 200  # characters of a name, with room for a number


def rename(path: Path, name: str) -> Path:
    """Give a session another name, without ending; its new path.

    Raises SessionError where the name can't be one or is taken, and SessionBusy while it is written.
    """
    name = name.strip().removesuffix(".jsonl")
    _check_name(name)
    target = path.with_name(f"{name}.jsonl")
    if target == path:
        return path
    if target.exists():
        raise SessionError(f"there is a session {name!r} already: take another name")
    with _held(path):
        path.rename(target)
    return target


def delete(path: Path) -> None:
    """Remove a session's file. Raises SessionError, and SessionBusy while it is written."""
    with _held(path):
        path.unlink()


def take_in(source: Path, folder: Path) -> Path:
    """Copy a session into the folder, as far as it is whole, under a free name like its own; the path of the
    copy.

    Raises SessionError with what is wrong with the file.
    """
    session = read(source)
    session.timeline()
    if session.damage and not session.records:
        raise SessionError(f"{session.notice}: there is nothing to copy")
    target = free(folder / f"{source.stem.lstrip('.') or 'session'}.jsonl")
    with _new(target, f"{source} cannot be copied to {folder}") as copy, source.open("rb") as file:
        copy.write(file.read(session.size))
    return target


def keep(folder: Path, stem: str, header: Header, records: Iterable[Record]) -> Path:
    """Write a session into the folder, under a free name like `stem`, which becomes its id; its path.

    Raises SessionError where it can't be written.
    """
    target = free(folder / f"{stem}.jsonl")
    header = msgspec.structs.replace(header, id=target.stem)
    with _new(target, f"{target} cannot be written") as file:
        file.writelines(msgspec.json.encode(each) + b"\n" for each in (header, *records))
    return target


@contextmanager
def _new(target: Path, failure: str) -> Iterator[BinaryIO]:
    """A new session's file in a folder that need not be there yet. Raises SessionError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with new_file(target, private) as file:
            yield file
    except OSError as error:
        raise SessionError(f"{failure}: {error.strerror}") from None
    except RecodeError as error:
        raise SessionError(str(error)) from None


def _check_name(name: str) -> None:
    why = ""
    if not name:
        why = "it is empty"
    elif name.startswith("."):
        why = "a name with a dot in front is hidden"
    elif len(name) > _LONGEST:
        why = f"it has {len(name)} characters, more than {_LONGEST}"
    elif wrong := next((sign for sign in name if sign in '/\\:*?"<>|' or not sign.isprintable()), ""):
        why = f"no file is called with {wrong!r}"
    if why:
        raise SessionError(f"{name!r} can't be the name of a session: {why}")


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Keep writers away."""
    try:
        file = _opened(path)
        try:
            yield
        finally:
            os.close(file)
    except OSError as error:
        raise SessionError(f"{path} cannot be changed: {error.strerror}") from None


def _opened(path: Path) -> int:
    """A file's descriptor, locked; one that can't be written can be renamed and deleted, too."""
    try:
        return open_locked(path, os.O_RDWR | os.O_NONBLOCK)[0]
    except PermissionError:
        return open_locked(path, os.O_RDONLY | os.O_NONBLOCK)[0]
