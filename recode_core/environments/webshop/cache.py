"""Caches the places and the index of a large product file, which take minutes, in the user's cache folder."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from array import array
from contextlib import suppress
from pathlib import Path

import msgspec

from recode_core.environments.webshop import search
from recode_core.environments.webshop.catalogue import Places

LARGE = 64_000_000  # bytes; smaller files are read quickly and not cached
_FORM = 1  # version of the cache's format

FileVersion = tuple[str, int, int]
"""A file: its path, size in bytes, modification time in ns."""


class _CacheEntry(msgspec.Struct):
    asins: list[str]
    starts: bytes
    lengths: bytes
    combinations: bytes


def load(file: FileVersion) -> tuple[Places, search.Index] | None:
    """The cached places and index of a file; None if there are none, or the file has changed since."""
    folder = _folder(file)
    try:
        entry = msgspec.msgpack.decode((folder / "places.msgpack").read_bytes(), type=_CacheEntry)
        return Places(
            entry.asins, *map(_array, (entry.starts, entry.lengths, entry.combinations))
        ), search.load(folder)
    except (OSError, ValueError):
        return None


def save(file: FileVersion, places: Places, index: search.Index) -> None:
    """Cache them if the file is large, and remove those of its earlier versions. Ignores OSError."""
    _, size, _ = file
    if size < LARGE:
        return
    folder = _folder(file)
    entry = _CacheEntry(
        places.asins, places.starts.tobytes(), places.lengths.tobytes(), places.combinations.tobytes()
    )
    with suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as temporary:
            index.save(Path(temporary))
            (Path(temporary) / "places.msgpack").write_bytes(msgspec.msgpack.encode(entry))
            for old in folder.parent.glob("kept-*"):
                shutil.rmtree(old)
            Path(temporary).rename(folder)


def _folder(file: FileVersion) -> Path:
    import platformdirs

    path, size, changed = file
    root = platformdirs.user_cache_path("recode", appauthor=False) / "webshop"
    return root / hashlib.sha256(path.encode()).hexdigest()[:16] / f"kept-{_FORM}-{size}-{changed}"


def _array(numbers: bytes) -> array[int]:
    return array("q", numbers)
