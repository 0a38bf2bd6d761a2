"""Messages on a pair of byte streams: a header with `Content-Length`, an empty line, and JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from recode_core.errors import RecodeError

CONTENT_LIMIT = 16 * 1024 * 1024
"""Maximum length of a message, in bytes."""

_LINE_LIMIT = 1024  # bytes of a line of the header
_LINES = 20


class FramingError(RecodeError):
    """The stream breaks the protocol. It cannot be read further, since the next message cannot be found."""


class Transport:
    """Reads and writes the content of messages. `send_all` sends bytes; it raises OSError if nobody reads."""

    def __init__(self, reader: BinaryIO, send_all: Callable[[bytes], object]) -> None:
        self._reader = reader
        self._send_all = send_all

    def read(self) -> bytes | None:
        """The content of the next message; None at the end of the stream. Raises FramingError."""
        length = self._read_header()
        if length is None:
            return None
        content = self._reader.read(length)
        return content if len(content) == length else None

    def write(self, *contents: bytes) -> None:
        """Write messages. Raises OSError if nobody reads them."""
        self._send_all(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(each), each) for each in contents))

    def _read_header(self) -> int | None:
        length: int | None = None
        for _ in range(_LINES):
            line = self._reader.readline(_LINE_LIMIT)
            if not line:
                return None
            if not line.strip():
                if length is None:
                    raise FramingError("a message has no Content-Length")
                return length
            name, colon, value = line.partition(b":")
            if not colon or not line.endswith(b"\n"):
                raise FramingError(f"expected a header such as Content-Length: 119, not {line[:40]!r}")
            if name.strip().lower() == b"content-length":
                length = _length(value.strip())
        raise FramingError(f"the header of a message has more than {_LINES} lines")


def _length(value: bytes) -> int:
    if not value.isdigit() or len(value) > 18:
        raise FramingError(f"invalid Content-Length {value[:40]!r}")
    if (length := int(value)) > CONTENT_LIMIT:
        raise FramingError(f"a message of {length:,} bytes is too long; at most {CONTENT_LIMIT:,} are read")
    return length
