"""Copying a session into the folder of sessions."""

from __future__ import annotations

from pathlib import Path

from recode_core.errors import SessionError
from recode_core.session import folder
from recode_tui.home.dialog import PathDialog


class ImportDialog(PathDialog):
    """Asks for a file; answers with the path of its copy."""

    TITLE_TEXT = "Import a session"

    def __init__(self, sessions_dir: Path) -> None:
        super().__init__("The path of a session file; it is copied:", placeholder="~/run.jsonl")
        self._sessions_dir = sessions_dir

    def carry_out(self, text: str) -> Path:
        if not text.strip():
            raise SessionError("no path is given: write one, such as ~/run.jsonl")
        try:
            source = Path(text.strip()).expanduser().resolve()
        except (RuntimeError, OSError, ValueError) as error:
            raise SessionError(f"{text!r} is no path: {error}") from None
        if source.parent == self._sessions_dir.resolve() and source.exists():
            raise SessionError(f"{source.name} is in the list already")
        return folder.import_file(source, self._sessions_dir)
