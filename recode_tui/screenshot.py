"""Screenshots as SVG files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from textual.app import App

from recode_core.errors import RecodeError
from recode_core.files import write_new
from recode_tui.text import plain
from recode_tui.widgets.dismissable import Result


def save(app: App[Result], folder: Path, name: str | None = None) -> None:
    """Write a screenshot to a new file in a folder, and notify the user of the path or the error."""
    file = folder / (name or f"recode-{datetime.now():%Y-%m-%d-%H-%M-%S}.svg")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_new(file, app.export_screenshot())
    except OSError as error:
        _notify_error(app, f"the screenshot cannot be written to {folder}: {error.strerror}")
    except RecodeError as error:
        _notify_error(app, str(error))
    else:
        app.notify(plain(f"screenshot saved as {file}"), markup=False, timeout=10)


def _notify_error(app: App[Result], message: str) -> None:
    app.notify(plain(message), severity="error", markup=False, timeout=10)
