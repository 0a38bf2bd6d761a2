"""What undo and redo bring back: the positions before what was done, and after what was undone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from recode_core.debugger.marks import Marks
from recode_core.errors import RecodeError


@dataclass(frozen=True, slots=True)
class Position:
    """A state of a session. `horizon` is the last record that counts as the future, None for all."""

    branch: str
    cursor: int
    horizon: int | None
    marks: Marks

    def ending(self, branch: str, end: int) -> Position:
        """The same, where record `end` is the last of its future, if it is on `branch` and had no last."""
        return self if self.branch != branch or self.horizon is not None else replace(self, horizon=end)


@dataclass(slots=True)
class Undo:
    """The positions to go back to, the latest last."""

    _done: list[Position] = field(default_factory=list)
    _undone: list[Position] = field(default_factory=list)

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

    def end_before(self, branch: str, end: int) -> None:
        """What is recorded on a branch after `end` is no future of any position so far."""
        self._done = [position.ending(branch, end) for position in self._done]

    def clear(self) -> None:
        """Forget all."""
        self._done.clear()
        self._undone.clear()
