"""The theme and the layout that the user chose, stored across runs of the app."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from recode_core import files

_LIMITS = {"left": (20, 80), "upper": (20, 65)}


class Preferences(msgspec.Struct, frozen=True):
    """`left` is the width of the left side, `upper` the height of the upper right panel, in per cent.

    An empty `theme` is the default one. If `is_zoomed`, one panel is shown at a time.
    """

    theme: str = ""
    left: int = 42
    upper: int = 42
    is_zoomed: bool = False

    def resized(self, name: str, by: int) -> Preferences:
        """Return a copy with one size changed by `by`, within the limits."""
        return msgspec.structs.replace(self, **{name: _bounded(name, getattr(self, name) + by)})


def load() -> Preferences:
    """Return the stored preferences, or the defaults if they are missing or invalid."""
    try:
        stored = msgspec.json.decode(_file().read_bytes(), type=Preferences)
    except (OSError, ValueError):
        return Preferences()
    left, upper = _bounded("left", stored.left), _bounded("upper", stored.upper)
    return msgspec.structs.replace(stored, left=left, upper=upper)


def save_theme(name: str) -> None:
    """Store a theme; the stored layout stays."""
    _save(msgspec.structs.replace(load(), theme=name))


def save_layout(layout: Preferences) -> None:
    """Store a layout; the stored theme stays."""
    _save(msgspec.structs.replace(layout, theme=load().theme))


def _save(preferences: Preferences) -> None:
    with suppress(OSError):  # to remember is a convenience
        _file().parent.mkdir(parents=True, exist_ok=True)
        files.replace(_file(), msgspec.json.encode(preferences))


def _file() -> Path:
    return platformdirs.user_state_path("recode", appauthor=False) / "preferences.json"


def _bounded(name: str, value: int) -> int:
    least, most = _LIMITS[name]
    return max(least, min(value, most))
