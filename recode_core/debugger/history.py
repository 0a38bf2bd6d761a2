"""The cursor, and what undo and redo bring back. Pure: no executor, no log."""

from __future__ import annotations

from dataclasses import dataclass, replace

from recode_core.debugger.annotations import Annotations
from recode_core.errors import RecodeError


@dataclass(frozen=True, slots=True)
class Position:
    """A state of a session. `future_limit` is the last record that counts as its future, None for all."""

    branch: str
    cursor: int
    future_limit: int | None
    annotations: Annotations

    def limited(self, branch: str, end: int) -> Position:
        """The same, with record `end` as the last of its future, if it is on `branch` and had no last."""
        is_other = self.branch != branch or self.future_limit is not None
        return self if is_other else replace(self, future_limit=end)


class History:
    """The record that is shown, always a stop, and the positions to go back to, the latest last."""

    def __init__(self, cursor: int) -> None:
        self.cursor = cursor
        self.future_limit: int | None = None
        self._done: list[Position] = []
        self._undone: list[Position] = []

    def position(self, branch: str, annotations: Annotations) -> Position:
        """What undo would bring back now."""
        return Position(branch, self.cursor, self.future_limit, annotations)

    def remember(self, position: Position) -> None:
        """Something is done at a position; what was undone before can't be redone any more."""
        self._done.append(position)
        self._undone.clear()

    def back(self, now: Position) -> Position:
        """The position before what was done last. Raises RecodeError where there is none."""
        if not self._done:
            raise RecodeError("there is nothing to undo")
        self._undone.append(now)
        return self._done.pop()

    def forth(self, now: Position) -> Position:
        """The position after what was undone last. Raises RecodeError where there is none."""
        if not self._undone:
            raise RecodeError("there is nothing to redo")
        self._done.append(now)
        return self._undone.pop()

    def limit_future(self, branch: str, end: int) -> None:
        """What is recorded on a branch after `end` is no future of any position so far."""
        self._done = [position.limited(branch, end) for position in self._done]

    def clear(self) -> None:
        """Nothing that was done so far can be undone or redone any more."""
        self._done.clear()
        self._undone.clear()
