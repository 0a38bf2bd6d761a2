"""Editing a text in the user's external editor."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from recode_core.values import clean
from recode_tui.user_editor import EditorFailed, editor_command, run_editor


def edited_outside(app: App[Any], text: str, suffix: str) -> str:
    """Return the text as edited in $VISUAL or $EDITOR, with the app suspended until the editor exits.

    Raises EditorFailed.
    """
    command = editor_command()
    try:
        with app.suspend():
            try:  # inside the `with`: an error that left it would keep the app suspended
                return _edited(command, clean(text), suffix)
            except EditorFailed as error:
                failure = error
            except OSError as error:  # for example a full disk
                failure = EditorFailed(f"no file can be given to the editor: {error}; nothing was changed")
    except SuspendNotSupported:
        failure = EditorFailed("this terminal can't be lent to another editor; edit here")
    raise failure


def _edited(command: list[str], text: str, suffix: str) -> str:
    with tempfile.TemporaryDirectory(prefix="recode-") as folder:
        path = Path(folder, f"edit{suffix}")
        path.write_text(text, encoding="utf-8", newline="")
        run_editor([*command, str(path)])
        try:
            with path.open(encoding="utf-8", newline="") as file:
                edited = file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise EditorFailed(f"the edited file can't be read ({error}); nothing was changed") from None
    edited = _as_before(edited, text)
    # Editors add a newline at the end of the last line, even if there was none.
    return edited if text.endswith("\n") else edited.removesuffix("\n").removesuffix("\r")


def _as_before(edited: str, text: str) -> str:
    """The edited text without the byte order mark and the line ends that only the editor added."""
    if not text.startswith("\ufeff"):
        edited = edited.removeprefix("\ufeff")
    return edited if "\r" in text else edited.replace("\r\n", "\n")
