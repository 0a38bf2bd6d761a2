"""The sizes of the panels, stored across runs of the app."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from recode_core import files

_LIMITS = {"left": (20, 80), "upper": (20, 65)}


class Sizes(msgspec.Struct, frozen=True):
    """The width of the left side and the height of the upper panel of the right side, in per cent."""

    left: int = 42
    upper: int = 42

    def changed(self, name: str, by: int) -> Sizes:
        """Return a copy with one size changed by `by`, within the limits."""
        return msgspec.structs.replace(self, **{name: _bounded(name, getattr(self, name) + by)})


def load() -> Sizes:
    """Return the stored sizes, or the defaults if they are missing or invalid."""
    try:
        sizes = msgspec.json.decode(_file().read_bytes(), type=Sizes)
    except (OSError, ValueError):
        return Sizes()
    return Sizes(_bounded("left", sizes.left), _bounded("upper", sizes.upper))


def save(sizes: Sizes) -> None:
    """Store the sizes; errors of the file system are ignored."""
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        files.replace(_file(), msgspec.json.encode(sizes))


def _file() -> Path:
    return platformdirs.user_state_path("recode", appauthor=False) / "panels.json"


def _bounded(name: str, value: int) -> int:
    least, most = _LIMITS[name]
    return max(least, min(value, most))
