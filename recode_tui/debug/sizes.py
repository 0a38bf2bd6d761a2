"""How the panels share the screen, remembered from one run of the app to the next."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from recode_core import files

_LEAST, _MOST = 20, 80


class Sizes(msgspec.Struct, frozen=True):
    """Per cent of the width that the left side has, and of the height that the upper panels have."""

    left: int = 42
    upper: int = 52

    def changed(self, name: str, by: int) -> Sizes:
        """With one of them larger or smaller, within what can be used."""
        return msgspec.structs.replace(self, **{name: _bounded(getattr(self, name) + by)})


def load() -> Sizes:
    """What was remembered; the usual sizes where nothing was, or nothing that makes sense."""
    try:
        sizes = msgspec.json.decode(_file().read_bytes(), type=Sizes)
    except (OSError, ValueError):
        return Sizes()
    return Sizes(_bounded(sizes.left), _bounded(sizes.upper))


def save(sizes: Sizes) -> None:
    """Remember, if there is somewhere to."""
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        files.replace(_file(), msgspec.json.encode(sizes))


def _file() -> Path:
    return platformdirs.user_state_path("recode", appauthor=False) / "panels.json"


def _bounded(value: int) -> int:
    return max(_LEAST, min(value, _MOST))
