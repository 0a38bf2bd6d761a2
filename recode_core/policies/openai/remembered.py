"""Fields that servers refused, remembered in the user's cache folder from one process to the next.

The file has a JSON object a line: the profile, by a hash of its base URL and model; a field; and when it was
refused. It is only appended to, a line in one write, so several processes may do so at once; a line that
can't be read is passed over. A field is forgotten after `DAYS`, since a server may have learned it since.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from recode_core.files import private

DAYS = 28
"""How long a refused field is left out."""

_MOST = 1 << 18  # bytes; a longer file is begun anew


class _Line(msgspec.Struct):
    profile: str
    field: str
    time: float


def path() -> Path:
    """Where they are remembered."""
    return platformdirs.user_cache_path("recode", appauthor=False) / "refused.jsonl"


def fields(base_url: str, model: str) -> frozenset[str]:
    """The fields that the server of a model refused within the last `DAYS`."""
    profile, now = _hash(base_url, model), time.time()
    return frozenset(
        line.field for line in _lines() if line.profile == profile and 0 <= now - line.time < DAYS * 86_400
    )


def remember(base_url: str, model: str, refused: Iterable[str]) -> None:
    """Remember fields that a server has refused, where the disk takes them."""
    new = sorted(set(refused) - fields(base_url, model))
    if not new:
        return
    profile, now = _hash(base_url, model), int(time.time())
    lines = [msgspec.json.encode(_Line(profile, field, now)) for field in new]
    with suppress(OSError):
        path().parent.mkdir(parents=True, exist_ok=True)
        if path().exists() and path().stat().st_size > _MOST:
            path().unlink()
        with open(path(), "ab", buffering=0, opener=private) as file:
            file.write(b"\n" + b"\n".join(lines) + b"\n")  # a torn line before it stays one of its own


def _lines() -> Iterator[_Line]:
    try:
        with path().open("rb") as file:
            text = file.read(_MOST)
    except OSError:
        return
    for line in text.splitlines():
        with suppress(ValueError, RecursionError):
            yield msgspec.json.decode(line, type=_Line)


def _hash(base_url: str, model: str) -> str:
    """A name for a profile that tells nothing of it."""
    return hashlib.sha256(f"{base_url.rstrip('/')}\n{model}".encode(errors="replace")).hexdigest()[:32]
