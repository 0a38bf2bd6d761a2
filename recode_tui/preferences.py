"""The theme and the layout of the screen: what the user's `config.toml` gives, and else what was chosen last.

What is chosen on the screen is remembered in a file of the app's own, for the settings that `config.toml`
leaves open. Without either a setting has its default.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from recode_core import files, read_only
from recode_tui import config
from recode_tui.config import Config

_LIMITS = {
    "left": (20, 80),
    "right": (20, 80),
    "upper": (20, 65),
    "environment": (20, 80),
    "lines": (0, 20),
    "plan": (20, 80),
}


class Preferences(msgspec.Struct, frozen=True):
    """The theme and the layout.

    `left` and `right` are the widths of the outer columns, `upper` is the height of the code, `environment`
    that of the environment, `plan` that of the plan in one column, all in per cent; `lines` is the height of
    the timeline, 0 for as much as it needs. An empty `theme` is the default one. If `is_zoomed`, one panel
    is shown at a time. `hints` are the names of the hints that were shown. `is_tour_offered` once the tour of
    the demo was offered.
    """

    theme: str = ""
    left: int = 42
    right: int = 42
    upper: int = 42
    environment: int = 57
    lines: int = 0
    plan: int = 40
    is_zoomed: bool = False
    hints: tuple[str, ...] = ()
    is_tour_offered: bool = False

    def resized(self, name: str, by: int) -> Preferences:
        """Return a copy with one size changed by `by`, within the limits."""
        return self.with_size(name, getattr(self, name) + by)

    def with_size(self, name: str, value: int) -> Preferences:
        """Return a copy with another size, within the limits."""
        return msgspec.structs.replace(self, **{name: _bounded(name, value)})


def load(given: Config | None = None) -> Preferences:
    """Return the settings that hold; `given` is the user's file, which is read if it is None."""
    return msgspec.structs.replace(remembered(), **_given(given if given is not None else config.load()))


def _given(found: Config) -> dict[str, Any]:
    """The fields that `config.toml` gives."""
    names = {"theme": "theme", "layout.zoomed": "is_zoomed", **{f"layout.{name}": name for name in _LIMITS}}
    return {names[name]: value for name, value in found.given.items() if name in names}


def remembered() -> Preferences:
    """Return what was chosen on the screen; the defaults if that is missing or invalid."""
    try:
        stored = msgspec.json.decode(_file().read_bytes(), type=Preferences)
    except (OSError, ValueError):
        return Preferences()
    bounded: dict[str, Any] = {name: _bounded(name, getattr(stored, name)) for name in _LIMITS}
    return msgspec.structs.replace(stored, **bounded)


def save_theme(name: str) -> None:
    """Remember a theme."""
    _save(msgspec.structs.replace(remembered(), theme=name))


def save_layout(layout: Preferences) -> None:
    """Remember a layout, but for what `config.toml` gives, which holds again at the next start."""
    before, given = remembered(), _given(config.load())
    names = {*_LIMITS, "is_zoomed"} - given.keys()
    _save(msgspec.structs.replace(before, **{name: getattr(layout, name) for name in names}))


def reset_sizes() -> Preferences:
    """Forget the sizes of the panels that were chosen on the screen, and return the settings without them."""
    first = Preferences()
    _save(msgspec.structs.replace(remembered(), **{name: getattr(first, name) for name in _LIMITS}))
    return load()


def save_hint(name: str) -> None:
    """Remember that a hint was shown."""
    before = remembered()
    _save(msgspec.structs.replace(before, hints=tuple(dict.fromkeys((*before.hints, name)))))


def save_tour_offered() -> None:
    """Remember that the tour was offered."""
    _save(msgspec.structs.replace(remembered(), is_tour_offered=True))


def _save(preferences: Preferences) -> None:
    if read_only.is_enforced():
        return
    with suppress(OSError):  # to remember is a convenience
        _file().parent.mkdir(parents=True, exist_ok=True)
        files.replace(_file(), msgspec.json.encode(preferences))


def _file() -> Path:
    return platformdirs.user_state_path("recode", appauthor=False) / "state.json"


def _bounded(name: str, value: int) -> int:
    least, most = _LIMITS[name]
    return max(least, min(value, most))
