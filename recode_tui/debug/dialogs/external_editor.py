"""Editing a text in the user's external editor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from recode_core.errors import RecodeError
from recode_core.values import clean


class EditorFailed(RecodeError):
    """The external editor returned no text; the original is unchanged."""


def edited_outside(app: App[Any], text: str, suffix: str) -> str:
    """Return the text as edited in $VISUAL or $EDITOR, with the app suspended until the editor exits.

    Raises EditorFailed.
    """
    command = _command()
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
        with _undisturbed():
            _run([*command, str(path)])
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


def _command() -> list[str]:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError as error:
        raise EditorFailed(f"$VISUAL or $EDITOR is {named!r}, which is not a command: {error}") from None
    if not words:
        raise EditorFailed("no editor is set; set $VISUAL or $EDITOR, for example EDITOR=nano")
    return words


def _run(command: list[str]) -> None:
    try:
        code = subprocess.run(command, check=False).returncode
    except OSError as error:
        reason = error.strerror or str(error)
        raise EditorFailed(
            f"the editor {command[0]!r} can't be started: {reason}; set $VISUAL or $EDITOR"
        ) from None
    if code:
        raise EditorFailed(f"the editor {command[0]!r} ended with code {code}; nothing was changed")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave ctrl+c to the editor. A no-op handler, since the editor would inherit SIG_IGN."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
