"""A read-only debugger that follows a session while another process writes it."""

from __future__ import annotations

import shlex
from typing import Literal

import msgspec

from recode_core.debugger.parts import DebuggerParts
from recode_core.session.following import FileState, FollowedFile
from recode_core.statuses import outcome_text

FollowKind = Literal["running", "ended", "stopped", "lost"]

_LOST: dict[FileState, str] = {
    "moved": "{path} was moved or deleted: what was read stays; a run that goes on is recorded beside it",
    "replaced": "another file took the place of {path}: what was read stays, and is not followed further",
    "cut": "{path} was cut short by another program: what was read stays, and is not followed further",
}


class FollowState(msgspec.Struct, frozen=True):
    """The state of a run that another process writes, with a text for the user.

    It is running; it has ended; it has stopped before its end; its file can't be followed further.
    """

    kind: FollowKind
    text: str


class Following:
    """Adds what another process appends to a session file to the log of a read-only debugger.

    The cursor stays at the end, on the branch that the run goes on with, while it is there; elsewhere it
    stays where it is. It belongs to the debugger's thread.
    """

    def __init__(self, file: FollowedFile, parts: DebuggerParts) -> None:
        self._file = file
        self._parts = parts
        self.state = self._state()

    def poll(self) -> bool:
        """Read what was appended. Return whether there was anything, or the state of the run has changed."""
        records, before = self._file.read(), self.state
        if records:
            parts, is_at_end = self._parts, self.is_at_end
            for record in records:
                parts.log.receive(record)
                parts.annotations.receive(record.event)
            if is_at_end:
                self.go_to_end()
        self.state = self._state()
        return bool(records) or self.state != before

    @property
    def is_at_end(self) -> bool:
        """Whether the cursor is at the last stop of the branch that the run goes on with."""
        parts = self._parts
        is_here = parts.recording.branch == parts.log.branch
        return is_here and parts.cursor == parts.timeline.stops[-1].n

    def go_to_end(self) -> None:
        """Move the cursor to the last stop of the branch that the run goes on with."""
        parts = self._parts
        parts.recording.switch(parts.log.branch)
        parts.history.cursor = parts.timeline.stops[-1].n

    def _state(self) -> FollowState:
        path, state = self._file.path, self._file.state
        if state == "damaged":
            return FollowState("lost", f"{path} is damaged: {self._file.damage}; what was read stays")
        if state in _LOST:
            return FollowState("lost", _LOST[state].format(path=path))
        outcome = self._parts.recording.branches.spans[self._parts.log.branch].outcome
        if outcome is not None:
            return FollowState("ended", f"the run has ended: {outcome_text(outcome, None)}")
        if state == "written":
            return FollowState("running", "")
        torn = f" in the middle of a line of {size} bytes" if (size := self._file.torn) else ""
        advice = f"recode debug {shlex.quote(str(path))} goes on with it"
        return FollowState(
            "stopped", f"the run stopped before its end{torn}, and no process writes it: {advice}"
        )
