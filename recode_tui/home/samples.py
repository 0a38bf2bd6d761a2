"""Where the bundled sample sessions are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def samples_dir(package: Path = _PACKAGE) -> Path:
    """The folder with the samples: inside the installed package, or at the top of a checkout."""
    installed = package / "samples"
    return installed if installed.is_dir() else package.parent / "sessions"
