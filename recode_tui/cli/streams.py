"""The standard streams, whoever has started us: a closed one, a pipe whose reader leaves, a full disk.

A run is recorded, and worth going on with, when nobody reads what it prints.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from recode_core.errors import RecodeError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputLost(RecodeError):
    """What is printed can't be written, though somebody wants it."""


class _Kept(io.FileIO):
    """A stream that can fail once: after that, what is written goes nowhere."""

    def __init__(self, file: int) -> None:
        super().__init__(file, "w", closefd=False)
        self._is_terminal = self.isatty()

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if isinstance(error, BrokenPipeError) or self._is_terminal or self.fileno() != 1:
                return memoryview(data).nbytes
            raise OutputLost(f"the output cannot be written: {error.strerror}") from None


def prepare() -> None:
    """Make the standard streams such that printing is safe, whatever they lead to."""
    _open_closed()
    sys.stdout = _kept(sys.stdout)
    sys.stderr = _kept(sys.stderr)


def _open_closed() -> None:
    """Put the null device where a stream is closed; else the next file, a session, would take its place."""
    while (file := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(file, True)
    os.close(file)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


def _kept(stream: TextIO) -> TextIO:
    """The same stream, safe to print to; a Windows console and a test's own stream keep their own file."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="replace")
    if not isinstance(getattr(stream.buffer, "raw", stream.buffer), io.FileIO):
        return stream
    raw = _Kept(stream.fileno())
    return io.TextIOWrapper(
        raw if stream.write_through else io.BufferedWriter(raw),
        stream.encoding,
        "replace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
