"""The theme and the layout that the user chose, stored across runs of the app."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from recode_core import files

_LEAST, _MOST = 20, 80


class Preferences(msgspec.Struct, frozen=True):
    """`left` is the width of the left side and `upper` the height of the upper panels, in per cent.

    An empty `theme` is the default one. If `is_zoomed`, one panel is shown at a time.
    """

    theme: str = ""
    left: int = 42
    upper: int = 52
    is_zoomed: bool = False

    def resized(self, name: str, by: int) -> Preferences:
        """Return a copy with one size changed by `by`, within the limits."""
        return msgspec.structs.replace(self, **{name: _bounded(getattr(self, name) + by)})


def load() -> Preferences:
    """Return the stored preferences, or the defaults if they are missing or invalid."""
    try:
        stored = msgspec.json.decode(_file().read_bytes(), type=Preferences)
    except (OSError, ValueError):
        return Preferences()
    return msgspec.structs.replace(stored, left=_bounded(stored.left), upper=_bounded(stored.upper))


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


def _bounded(value: int) -> int:
    return max(_LEAST, min(value, _MOST))
