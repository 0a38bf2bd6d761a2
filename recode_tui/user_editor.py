"""The user's editor, which $VISUAL or $EDITOR names."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from recode_core.errors import RecodeError


class EditorFailed(RecodeError):
    """The external editor returned no text; the original is unchanged."""


def editor_command() -> list[str]:
    """The command in $VISUAL or $EDITOR as words. Raises EditorFailed."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError as error:
        raise EditorFailed(f"$VISUAL or $EDITOR is {named!r}, which is not a command: {error}") from None
    if not words:
        raise EditorFailed("no editor is set; set $VISUAL or $EDITOR, for example EDITOR=nano")
    return words


def run_editor(command: list[str]) -> None:
    """Run an editor until it exits. Raises EditorFailed."""
    try:
        with _undisturbed():
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
