"""Changes to a folder of sessions: rename, delete and add files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from recode_core import read_only
from recode_core.errors import RecodeError, SessionError
from recode_core.files import new_file, private
from recode_core.log import Record
from recode_core.session.header import Header
from recode_core.session.lock import open_locked
from recode_core.session.reading import read
from recode_core.session.writing import free_path

_LONGEST = 200  # characters of a name, with room for a number


def rename(path: Path, name: str) -> Path:
    """Rename a session; `name` has no extension. Returns its new path.

    Raises SessionError if the name is invalid or taken, SessionBusy while another process is writing the
    session.
    """
    name = name.strip().removesuffix(".jsonl")
    _check_name(name)
    target = path.with_name(f"{name}.jsonl")
    if target == path:
        return path
    if target.exists():
        raise SessionError(f"a session {name!r} exists already: choose another name")
    with _held(path):
        path.rename(target)
    return target


def delete(path: Path) -> None:
    """Delete a session's file. Raises SessionError, and SessionBusy while another process is writing it."""
    with _held(path):
        path.unlink()


def import_file(source: Path, folder: Path) -> Path:
    """Copy the intact part of a session into the folder, under its own name or a free one. Returns the new
    path.

    Raises SessionError for an invalid file.
    """
    session = read(source)
    session.timeline()
    if session.damage and not session.records:
        raise SessionError(f"{session.notice}: nothing to copy")
    target = free_path(folder / f"{source.stem.lstrip('.') or 'session'}.jsonl")
    with _new(target, f"{source} cannot be copied to {folder}") as copy, source.open("rb") as file:
        copy.write(file.read(session.size))
    return target


def save(folder: Path, stem: str, header: Header, records: Iterable[Record]) -> Path:
    """Write a session into the folder, under a free name based on `stem`, which becomes its id. Returns its
    path.

    Raises SessionError if it cannot be written.
    """
    target = free_path(folder / f"{stem}.jsonl")
    header = msgspec.structs.replace(header, id=target.stem)
    with _new(target, f"{target} cannot be written") as file:
        file.writelines(msgspec.json.encode(each) + b"\n" for each in (header, *records))
    return target


@contextmanager
def _new(target: Path, failure: str) -> Iterator[BinaryIO]:
    """A new session file; creates the folder if necessary. Raises SessionError."""
    read_only.check(f"write {target}")
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
        why = "it starts with a dot, which makes it hidden"
    elif len(name) > _LONGEST:
        why = f"it has {len(name)} characters, more than {_LONGEST}"
    elif wrong := next((sign for sign in name if sign in '/\\:*?"<>|' or not sign.isprintable()), ""):
        why = f"it contains {wrong!r}"
    if why:
        raise SessionError(f"invalid session name {name!r}: {why}")


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Lock the file against writers, to change it."""
    read_only.check(f"change {path}")
    try:
        file = _opened(path)
        try:
            yield
        finally:
            os.close(file)
    except OSError as error:
        raise SessionError(f"{path} cannot be changed: {error.strerror}") from None


def _opened(path: Path) -> int:
    """The descriptor of a file, locked. Files without write permission can be renamed and deleted too."""
    try:
        return open_locked(path, os.O_RDWR | os.O_NONBLOCK)[0]
    except PermissionError:
        return open_locked(path, os.O_RDONLY | os.O_NONBLOCK)[0]
