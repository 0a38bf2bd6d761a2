"""Giving a session another name."""

from __future__ import annotations

from pathlib import Path

from recode_core.session import folder
from recode_tui.home.dialog import PathDialog


class RenameDialog(PathDialog):
    """Asks for the name; answers with the new path."""

    TITLE_TEXT = "Rename"

    def __init__(self, path: Path) -> None:
        super().__init__(f"A new name for {path.stem}:", path.stem)
        self._path = path

    def carry_out(self, text: str) -> Path:
        return folder.rename(self._path, text)
