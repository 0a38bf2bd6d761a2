"""The cursor and the positions for undo and redo. Independent of executor and log."""

from __future__ import annotations

from dataclasses import dataclass, replace

from recode_core.debugger.annotations import Annotations
from recode_core.errors import RecodeError


@dataclass(frozen=True, slots=True)
class SessionPosition:
    """A position in a session.

    `future_limit` is the last record that can be reached by moving forward; None if all can. Records after it
    were undone.
    """

    branch: str
    cursor: int
    future_limit: int | None
    annotations: Annotations

    def limited(self, branch: str, end: int) -> SessionPosition:
        """The same position with the future limit `end`, if it is on `branch` and has no limit yet."""
        is_other = self.branch != branch or self.future_limit is not None
        return self if is_other else replace(self, future_limit=end)


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A command that can be undone or redone, as it is typed, and the position which that leads to.

    `words` is what the command does. Both are empty if a method of the debugger was called instead.
    """

    command: str
    position: SessionPosition
    words: str = ""


class UndoHistory:
    """The cursor, always the record of a stop, and stacks of commands for undo and redo.

    `command` is the one that is being executed, as it is typed, and `words` is what it does.
    """

    def __init__(self, cursor: int) -> None:
        self.cursor = cursor
        self.future_limit: int | None = None
        self.command = self.words = ""
        self._done: list[UndoStep] = []
        self._undone: list[UndoStep] = []

    @property
    def undoable(self) -> tuple[UndoStep, ...]:
        """The commands that `undo` would revert, in that order."""
        return tuple(reversed(self._done))

    @property
    def redoable(self) -> tuple[UndoStep, ...]:
        """The commands that `redo` would repeat, in that order."""
        return tuple(reversed(self._undone))

    def position(self, branch: str, annotations: Annotations) -> SessionPosition:
        """The current position."""
        return SessionPosition(branch, self.cursor, self.future_limit, annotations)

    def remember(self, position: SessionPosition) -> None:
        """Push a position before a command; clears the redo stack."""
        self._done.append(UndoStep(self.command, position, self.words))
        self._undone.clear()

    def back(self, now: SessionPosition) -> SessionPosition:
        """Undo: the position before the last command. Raises RecodeError if there is none."""
        if not self._done:
            raise RecodeError("nothing to undo")
        step = self._done.pop()
        self._undone.append(UndoStep(step.command, now, step.words))
        return step.position

    def forth(self, now: SessionPosition) -> SessionPosition:
        """Redo: the position after the last undone command. Raises RecodeError if there is none."""
        if not self._undone:
            raise RecodeError("nothing to redo")
        step = self._undone.pop()
        self._done.append(UndoStep(step.command, now, step.words))
        return step.position

    def limit_future(self, branch: str, end: int) -> None:
        """Limit the future of all earlier positions on a branch to record `end`."""
        self._done = [replace(step, position=step.position.limited(branch, end)) for step in self._done]

    def clear(self) -> None:
        """Clear both stacks."""
        self._done.clear()
        self._undone.clear()
