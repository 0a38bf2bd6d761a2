"""The console's content: commands with their answers, and messages, as rows of text."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from recode_core.debugger.references import Reference

RowKind = Literal["command", "answer", "error", "notice"]
_MAX_ROWS = 5000
_MAX_LENGTH = 20_000  # characters of a row


class TranscriptRow(msgspec.Struct, frozen=True):
    """A line with the records, nodes and branches that it names. `branch` was the current one."""

    kind: RowKind
    text: str
    references: tuple[Reference, ...] = ()
    branch: str = ""


class TranscriptView(msgspec.Struct, frozen=True):
    """The rows that are kept; `dropped` is the number of those before them.

    `shown` is the index of the first row of the last entry that the user expects to see.
    """

    rows: tuple[TranscriptRow, ...] = ()
    dropped: int = 0
    shown: int = 0


class Transcript:
    """The last rows of a session's commands and answers. `on_change` is called with them."""

    def __init__(self, on_change: Callable[[TranscriptView], None], max_rows: int = _MAX_ROWS) -> None:
        self._on_change = on_change
        self._rows: deque[TranscriptRow] = deque(maxlen=max_rows)
        self._max_rows = max_rows
        self._count = 0  # of all rows, those that were dropped included
        self._shown = 0

    def add(
        self,
        command: str,
        lines: Sequence[str] = (),
        error: str = "",
        branch: str = "",
        *,
        is_shown: bool = False,
    ) -> None:
        """Add a command with the lines of its answer, and the error that ended it, if any."""
        if is_shown:
            self._shown = self._count
        answer = list(_rows("answer", lines, branch))
        left = self._max_rows // 2
        if len(answer) > left:
            cut = TranscriptRow("notice", f"… {len(answer) - left + 1} more lines are not kept")
            answer = [*answer[: left - 1], cut]
        self._append([*_rows("command", [command]), *answer, *_rows("error", [error] if error else ())])

    def note(self, text: str) -> None:
        """Add a message that answers no command."""
        if text:
            self._append(list(_rows("notice", [text])))

    @property
    def rows(self) -> tuple[TranscriptRow, ...]:
        """The rows that are kept."""
        return tuple(self._rows)

    def _append(self, rows: Sequence[TranscriptRow]) -> None:
        self._rows.extend(rows)
        self._count += len(rows)
        dropped = self._count - len(self._rows)
        self._on_change(TranscriptView(self.rows, dropped, max(0, self._shown - dropped)))


def _rows(kind: RowKind, lines: Iterable[str], branch: str = "") -> Iterable[TranscriptRow]:
    for line in lines:
        references: tuple[Reference, ...] = getattr(line, "references", ())
        if "\n" not in line:
            yield TranscriptRow(kind, line[:_MAX_LENGTH], references, branch)
        else:
            yield from (TranscriptRow(kind, part[:_MAX_LENGTH]) for part in line.split("\n"))
