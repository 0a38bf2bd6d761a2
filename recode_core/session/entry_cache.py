"""A cache of the entries of a folder, in a hidden file there, so that its sessions are not read again.

An entry is used only if its file has the same size and time of change. The file may be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from recode_core import files, read_only
from recode_core.session.catalog import SessionEntry
from recode_core.version import __version__

NAME = ".sessions.cache"

_WORTH = 20  # sessions from which on it is written
_FORMAT = f"{__version__} 1"


class _Cache(msgspec.Struct):
    format: str
    entries: list[SessionEntry]


def load(folder: Path) -> tuple[SessionEntry, ...]:
    """The entries that were saved for a folder; none if there are none, or another version saved them."""
    try:
        text = (folder / NAME).read_bytes()
        cache = msgspec.msgpack.decode(text, type=_Cache, dec_hook=lambda kind, value: _path(folder, value))
    except (OSError, ValueError, RecursionError):
        return ()
    return tuple(cache.entries) if cache.format == _FORMAT else ()


def save(folder: Path, entries: Iterable[SessionEntry]) -> None:
    """Save the entries of a folder whose files are read. An error is ignored."""
    kept = [entry for entry in entries if entry.is_read and not entry.is_running]
    if len(kept) >= _WORTH and not read_only.is_enforced():
        with suppress(OSError, ValueError):
            files.replace(folder / NAME, msgspec.msgpack.encode(_Cache(_FORMAT, kept), enc_hook=_name))


def _name(path: Any) -> str:
    if isinstance(path, Path):
        return path.name
    raise NotImplementedError


def _path(folder: Path, value: Any) -> Path:
    if not isinstance(value, str) or Path(value).name != value:
        raise ValueError(f"{value!r} is not the name of a file")
    return folder / value
