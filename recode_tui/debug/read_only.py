"""Read-only sessions: refused changes, and copies in which the run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recode_core import read_only
from recode_core.errors import ReadOnlyError
from recode_tui.debug import commands
from recode_tui.debug.keys import display, shown

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command
    from recode_tui.debug.controller import DebugController


class ReadOnly:
    """Refuses changes of a read-only session."""

    def __init__(self, controller: DebugController) -> None:
        self._controller = controller

    @property
    def refusal(self) -> str:
        """Why the session cannot be changed, with the way to go on; empty if it can."""
        session = self._controller.state.session if self._controller.state is not None else None
        if session is None or not session.refusal:
            return ""
        if session.header.imported or read_only.is_enforced():
            return session.refusal
        return _goes_on() if session.follow is None else _follows()

    def is_refused(self) -> bool:
        """Whether the session cannot be changed; if so, report why."""
        if self.refusal:
            self._controller.view.report("error", self.refusal)
        return bool(self.refusal)

    def continue_in_copy(self) -> None:
        """Open a copy of a recording at the moment that is shown, to go on from there."""
        frame, refusal = self._controller.frame, self.refusal
        if not refusal or frame is None:
            text = f"not a recording: any command goes on from here; {display('end')} goes to the last row"
            self._controller.view.report("info", text)
        elif refusal not in (_goes_on(), _follows()):
            self._controller.view.report("error", refusal)
        else:
            self._controller.view.continue_from(frame.branch, frame.n)

    def is_blocked(self, command: Command) -> bool:
        """Whether a command would change a read-only session; if so, report it."""
        if not self.refusal or not _is_change(command):
            return False
        text = command.format().text
        self._controller.outcomes.report_failure(text, ReadOnlyError(self.refusal))
        return True


def _goes_on() -> str:
    return f"this is a recording: {shown('continue_in_copy')} goes on from here in a copy"


def _follows() -> str:
    return f"another process writes this run: {shown('continue_in_copy')} goes on from here in a copy"


def _is_change(command: Command) -> bool:
    """Whether a command changes the run or its notes, rather than the moment that is shown."""
    match command:
        case commands.EditPrompt(text=None, messages=None) | commands.UsePrompts(folder=""):
            return False  # they change nothing
    return command.undo == "earlier branch" or isinstance(command, commands.Note | commands.SetLimit)
