"""Reading an answer: server-sent events, or whatever else a server sends in their place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

_LARGEST = 16 << 20  # bytes of one line, and of all that belongs to no event
_FIELDS = frozenset({"data", "event", "id", "retry"})


class TooLarge(ValueError):
    """An answer holds more than any reply does."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its data, and its name where it has one."""

    data: str
    name: str = ""


class Events:
    """The events of an answer, to be iterated once.

    A server may send a JSON body, a page or plain words instead, before the events or after them. Lines
    that belong to no event are kept as `stray`, to be read when the answer is over.
    """

    def __init__(self, received: AsyncIterator[bytes]) -> None:
        self._received = received
        self._stray: list[str] = []
        self._stray_size = 0

    @property
    def stray(self) -> str:
        """The lines that belong to no event."""
        return "\n".join(self._stray).strip()

    def keep(self, line: str) -> None:
        """Keep a line that belongs to no event."""
        self._stray.append(line)
        self._stray_size += len(line)
        if self._stray_size > _LARGEST:
            raise TooLarge(f"it is larger than {_LARGEST >> 20} MB")

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Raises UnicodeDecodeError, TooLarge, and what the connection raises."""
        data: list[str] = []
        name = ""
        async for line in _lines(self._received):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                if data:
                    yield Event("\n".join(data), name)
                data, name = [], ""
            elif field == "data":
                data.append(value)
            elif field == "event":
                name = value
            elif field and field not in _FIELDS:
                self.keep(line)
        if data:  # a server need not end its last event
            yield Event("\n".join(data), name)


async def _lines(received: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Lines, ended by LF, CR LF or CR only: other separators may stand inside of JSON."""
    pending: list[bytes] = []
    size = 0
    is_after_return = False
    is_first = True
    async for part in received:
        if is_after_return and part.startswith(b"\n"):
            part = part[1:]
        if part:
            is_after_return = part.endswith(b"\r")
        *whole, rest = part.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            text = b"".join([*pending, line]).decode()
            pending, size = [], 0
            yield text.removeprefix("\ufeff") if is_first else text
            is_first = False
        pending.append(rest)
        size += len(rest)
        if size > _LARGEST:
            raise TooLarge(f"a line of it is longer than {_LARGEST >> 20} MB")
    text = b"".join(pending).decode()
    yield text.removeprefix("\ufeff") if is_first else text
