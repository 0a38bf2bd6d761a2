"""Dialogs that rename, import, delete, tag and export sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, Static

from recode_core.errors import RecodeError, SessionError
from recode_core.session import folder, tags
from recode_tui.home import exporting
from recode_tui.home.dialog import FieldError, HomeDialog
from recode_tui.text import plain
from recode_tui.widgets.line_input import LineInput


class PathDialog(HomeDialog[Path]):
    """Asks for a text, applies it, and returns the path that results."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "OK", priority=True),
        Binding("escape", "cancel", "Cancel"),
    ]

    @dataclass
    class Applied(Message):
        """The text was applied."""

        path: Path

    @dataclass
    class Failed(Message):
        """The text could not be applied."""

        error: str

    def __init__(self, heading: str, prompt: str, text: str = "", placeholder: str = "") -> None:
        super().__init__(heading)
        self._prompt, self._text, self._placeholder = prompt, text, placeholder
        self._is_busy = False

    def compose_body(self) -> ComposeResult:
        yield Static(plain(self._prompt), markup=False, classes="quiet")
        yield LineInput(self._text, placeholder=self._placeholder, compact=True)
        yield FieldError()

    def apply(self, text: str) -> Path:
        """Apply the text, in a thread. Raises RecodeError."""
        raise NotImplementedError

    def on_input_changed(self) -> None:
        self.query_one(FieldError).show("")

    def on_path_dialog_applied(self, message: Applied) -> None:
        self.dismiss(message.path)

    def on_path_dialog_failed(self, message: Failed) -> None:
        self._is_busy = False
        self.query_one(FieldError).show(message.error)

    def action_accept(self) -> None:
        if not self._is_busy:
            self._is_busy = True
            self._apply(self.query_one(Input).value)

    @work(thread=True)
    def _apply(self, text: str) -> None:
        try:
            self.post_message(self.Applied(self.apply(text)))
        except RecodeError as error:
            self.post_message(self.Failed(str(error)))


class RenameDialog(PathDialog):
    """Renames a session; returns its new path."""

    def __init__(self, path: Path) -> None:
        super().__init__("Rename", f"A new name for {path.stem}:", path.stem)
        self._path = path

    def apply(self, text: str) -> Path:
        return folder.rename(self._path, text)


class ImportDialog(PathDialog):
    """Copies a session file into the folder of sessions; returns the path of the copy."""

    def __init__(self, sessions_dir: Path) -> None:
        prompt = "The path of a session file; it is copied:"
        super().__init__("Import a session", prompt, placeholder="~/run.jsonl")
        self._sessions_dir = sessions_dir

    def apply(self, text: str) -> Path:
        if not text.strip():
            raise SessionError("enter a path, such as ~/run.jsonl")
        try:
            source = Path(text.strip()).expanduser().resolve()
        except (RuntimeError, OSError, ValueError) as error:
            raise SessionError(f"invalid path {text!r}: {error}") from None
        if source.parent == self._sessions_dir.resolve() and source.exists():
            raise SessionError(f"{source.name} is in the list already")
        return folder.import_file(source, self._sessions_dir)


class TagDialog(PathDialog):
    """Adds and removes tags of sessions; returns the first of them."""

    def __init__(self, paths: Sequence[Path], known: Sequence[str]) -> None:
        shown = f" Now: {' '.join(f'#{tag}' for tag in known)}." if known else ""
        prompt = f"Tags to add; with a - before it, one to remove.{shown}"
        heading = "Tags" if len(paths) == 1 else f"Tags of {len(paths):,} sessions"
        super().__init__(heading, prompt, placeholder="flaky -old")
        self._paths = paths

    def apply(self, text: str) -> Path:
        added, removed = tags.parse_changes(text)
        for path in self._paths:
            tags.change_tags(path, added, removed)
        return self._paths[0]


class ExportDialog(PathDialog):
    """Writes sessions for other tools into a folder, which it returns."""

    def __init__(self, paths: Sequence[Path]) -> None:
        formats = ", ".join(exporting.FORMATS)
        heading = "Export" if len(paths) == 1 else f"Export {len(paths):,} sessions"
        prompt = f"A format ({formats}) and a folder; sft is one file of training data:"
        super().__init__(heading, prompt, f"html {Path.cwd() / 'exports'}")
        self._paths = paths
        self.count = 0

    def apply(self, text: str) -> Path:
        chosen, _, folder = text.strip().partition(" ")
        if chosen not in exporting.FORMATS:
            raise RecodeError(f"unknown format {chosen!r} (available: {', '.join(exporting.FORMATS)})")
        if not folder.strip():
            raise RecodeError("name a folder after the format, such as html ~/exports")
        try:
            target = Path(folder.strip()).expanduser()
        except RuntimeError as error:
            raise RecodeError(f"invalid path {folder!r}: {error}") from None
        self.count = len(exporting.export(self._paths, chosen, target))
        return target


class DeleteDialog(HomeDialog[bool]):
    """Asks whether to delete sessions. No key pressed by habit, such as enter, confirms."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Delete"),
        Binding("n,escape", "answer(False)", "Keep"),
    ]

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__("Delete")
        self._labels = labels

    def compose_body(self) -> ComposeResult:
        (first, *others) = self._labels
        if not others:
            text = f"Delete {first}? Its file is removed from the disk, which can't be undone."
        else:
            more = f" and {len(others) - 2:,} more" if len(others) > 2 else ""
            names = ", ".join((first, *others[:2]))
            text = (
                f"Delete {len(self._labels):,} sessions? {names}{more}. "
                "Their files are removed from the disk, which can't be undone."
            )
        yield Static(plain(text), markup=False)

    def action_answer(self, is_confirmed: bool) -> None:
        self.dismiss(is_confirmed)
