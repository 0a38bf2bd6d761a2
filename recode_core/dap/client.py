"""The client: its properties, and the messages that are sent to it from any thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

import msgspec

from recode_core.dap.messages import Body, Incoming, InitializeArguments, SourceRef
from recode_core.dap.transport import Transport
from recode_core.values import clean

Category = Literal["console", "important", "stdout", "stderr"]


class Client:
    """One client. After it has died, messages to it are discarded."""

    def __init__(self, transport: Transport) -> None:
        self.properties = InitializeArguments()
        self._transport = transport
        self._lock = threading.Lock()
        self._seq = 0
        self._held: list[bytes] | None = None

    # sending

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send the messages of a block at once when it ends: the client wakes up once, and not for each."""
        with self._lock:
            self._held = []
        try:
            yield
        finally:
            with self._lock, suppress(OSError):
                held, self._held = self._held, None
                self._transport.write(*held)

    def event(self, name: str, body: Body | None = None) -> None:
        """Send an event."""
        self._send({"type": "event", "event": name} | _with_body(body))

    def respond(self, request: Incoming, body: Body | None = None) -> None:
        """Respond to a request that succeeded."""
        head = {"type": "response", "request_seq": request.seq, "success": True, "command": request.command}
        self._send(head | _with_body(body))

    def refuse(self, request: Incoming, message: str, *, short: str = "") -> None:
        """Respond to a request that failed, with a message for the user."""
        error = {"id": 1, "format": message, "showUser": True}
        head = {"type": "response", "request_seq": request.seq, "success": False, "command": request.command}
        self._send(head | {"message": short or message, "body": {"error": error}})

    def output(
        self, category: Category, text: str, source: SourceRef | None = None, line: int | None = None
    ) -> None:
        """Send text for the debug console."""
        place = {} if source is None else {"source": source, "line": self.line(line or 1)}
        self.event("output", {"category": category, "output": text, **place})

    def _send(self, message: dict[str, Any]) -> None:
        with self._lock, suppress(OSError):  # it has died: its end of the stream tells the reader
            self._seq += 1
            content = _encode({"seq": self._seq, **message})
            if self._held is not None:
                self._held.append(content)
            else:
                self._transport.write(content)

    # positions

    def line(self, line: int) -> int:
        """A line, counted from 1, as the client counts it."""
        return line if self.properties.lines_start_at1 else line - 1

    def line_from(self, line: int) -> int:
        """A line of the client, counted from 1."""
        return line if self.properties.lines_start_at1 else line + 1

    def column(self, text: str, column: int) -> int:
        """A column in a line of text, from 0 in characters, as the client counts it: in UTF-16 code units."""
        units = len(text[:column].encode("utf-16-le", "surrogatepass")) // 2
        return units + (1 if self.properties.columns_start_at1 else 0)


def _with_body(body: Body | None) -> dict[str, Any]:
    return {} if body is None else {"body": body}


def _encode(message: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(message, enc_hook=str)
    except UnicodeEncodeError:
        return msgspec.json.encode(_without_surrogates(msgspec.to_builtins(message, enc_hook=str)))


def _without_surrogates(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {_without_surrogates(key): _without_surrogates(each) for key, each in value.items()}
        case list():
            return [_without_surrogates(each) for each in value]
    return value
