"""Standard streams that are safe to print to: closed streams, pipes without a reader, full disks.

A run continues and is recorded when nobody reads its output. Signs that the encoding lacks have stand-ins.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from recode_core.errors import RecodeError
from recode_tui.encoding import STAND_INS

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputLost(RecodeError):
    """The output cannot be written, and is not a pipe whose reader left."""


class _SafeFile(io.FileIO):
    """A file whose writes are discarded after the first one that fails."""

    def __init__(self, file: int) -> None:
        super().__init__(file, "w", closefd=False)
        self._is_terminal = self.isatty()

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self.fileno())
            os.close(null)
            if isinstance(error, BrokenPipeError) or self._is_terminal or self.fileno() != 1:
                return memoryview(data).nbytes
            raise OutputLost(f"the output cannot be written: {error.strerror}") from None


def prepare() -> None:
    """Make the standard streams safe to print to."""
    _open_closed_streams()
    sys.stdout = _safe(sys.stdout)
    sys.stderr = _safe(sys.stderr)


def can_draw() -> bool:
    """Whether `TERM` names a terminal that understands control sequences. Windows does not set it."""
    return os.name != "posix" or os.environ.get("TERM", "") not in ("", "dumb", "unknown")


def _open_closed_streams() -> None:
    """Open the null device for closed streams; otherwise the next file, a session, would take their place."""
    while (file := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(file, True)
    os.close(file)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


def _safe(stream: TextIO) -> TextIO:
    """A stream on the same file, safe to print to; others than files are returned as is."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors=STAND_INS)
    if not isinstance(getattr(stream.buffer, "raw", stream.buffer), io.FileIO):
        return stream
    raw = _SafeFile(stream.fileno())
    return io.TextIOWrapper(
        raw if stream.write_through else io.BufferedWriter(raw),
        stream.encoding,
        STAND_INS,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
