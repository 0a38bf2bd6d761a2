"""A picture of the screen, as an SVG file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from textual.app import App

from recode_core.errors import RecodeError
from recode_core.files import write_new
from recode_tui.text import plain
from recode_tui.widgets.dismissable import Result


def save(app: App[Result], folder: Path, name: str | None = None) -> None:
    """Write what is on the screen to a folder, and say where, or why not."""
    file = folder / (name or f"recode-{datetime.now():%Y-%m-%d-%H-%M-%S}.svg")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_new(file, app.export_screenshot())
    except OSError as error:
        _warn(app, f"no picture can be written to {folder}: {error.strerror}")
    except RecodeError as error:
        _warn(app, str(error))
    else:
        app.notify(plain(f"the picture is {file}"), markup=False, timeout=10)


def _warn(app: App[Result], why: str) -> None:
    app.notify(plain(why), severity="error", markup=False, timeout=10)
