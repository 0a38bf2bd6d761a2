"""A client that checks every message, in both directions, against the protocol's schema."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, BinaryIO

from recode_core.dap.conversation import Conversation
from recode_core.dap.openers import SessionOpener
from recode_core.dap.transport import Transport
from tests.dap.schema import Message, check
from tests.support.waiting import PATIENCE


class RefusedError(Exception):
    """A request failed, with a message for the user."""


class DapClient:
    """Talks to an adapter over two streams. `messages` counts the types of all messages."""

    def __init__(self, reader: BinaryIO, send_all: Callable[[bytes], object]) -> None:
        self.messages: Counter[str] = Counter()
        self.events: list[Message] = []
        self.log: list[Message] = []
        self.send_bytes = send_all
        self._reader = reader
        self._arrived: queue.SimpleQueue[Message | BaseException | None] = queue.SimpleQueue()
        self._responses: dict[int, Message] = {}
        self._seq = 0
        self._thread = threading.Thread(target=self._read_all, daemon=True)
        self._thread.start()

    # requests

    def send(self, command: str, **arguments: Any) -> int:
        """Send a request, and return its number."""
        self._seq += 1
        request = {"seq": self._seq, "type": "request", "command": command, "arguments": arguments}
        self.messages[check(request)] += 1
        self.log.append(request)
        self.send_raw(json.dumps(request).encode())
        return self._seq

    def send_raw(self, content: bytes) -> None:
        """Send the content of a message, whatever it is."""
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))

    def response(self, seq: int) -> dict[str, Any]:
        """The body of the response to a request. Raises RefusedError if it failed."""
        while seq not in self._responses:
            self._receive()
        found = self._responses.pop(seq)
        if not found["success"]:
            assert found["body"]["error"]["showUser"]
            raise RefusedError(found["body"]["error"]["format"])
        body: dict[str, Any] = found.get("body", {})
        return body

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Send a request, and return the body of its response. Raises RefusedError if it failed."""
        return self.response(self.send(command, **arguments))

    # events

    def wait_for(
        self, event: str, holds: Callable[[dict[str, Any]], bool] = lambda body: True
    ) -> dict[str, Any]:
        """The body of the next event of a type. Events before it are dropped."""
        while True:
            while not self.events:
                self._receive()
            found = self.events.pop(0)
            if found["event"] == event and holds(found.get("body", {})):
                body: dict[str, Any] = found.get("body", {})
                return body

    def drain(self, event: str) -> list[dict[str, Any]]:
        """The bodies of all events of a type that have arrived."""
        found = [each.get("body", {}) for each in self.events if each["event"] == event]
        self.events = [each for each in self.events if each["event"] != event]
        return found

    def output(self) -> str:
        """All text for the debug console that has arrived so far."""
        events = (each for each in self.log if each.get("event") == "output")
        return "".join(each["body"]["output"] for each in events)

    # sequences that all editors use

    def launch(self, *, request: str = "launch", **arguments: Any) -> dict[str, Any]:
        """Initialize, launch, and finish the configuration. Returns the first stop."""
        self.initialize()
        self.ask(request, **arguments)
        self.wait_for("initialized")
        return self.configured()

    def initialize(self, **properties: Any) -> dict[str, Any]:
        """Initialize as VS Code does."""
        return self.ask(
            "initialize",
            adapterID="recode",
            linesStartAt1=properties.pop("lines", True),
            columnsStartAt1=properties.pop("columns", True),
            pathFormat="path",
            supportsProgressReporting=True,
            **properties,
        )

    def configured(self) -> dict[str, Any]:
        """Finish the configuration. Returns the first stop."""
        self.ask("configurationDone")
        return self.wait_for("stopped")

    def move(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Move, and return the stop."""
        self.ask(command, **({"threadId": self.thread} | arguments))
        return self.wait_for("stopped")

    @property
    def thread(self) -> int:
        """The number of the first thread."""
        number: int = self.ask("threads")["threads"][0]["id"]
        return number

    def frames(self) -> list[dict[str, Any]]:
        """The stack, innermost frame first."""
        found: list[dict[str, Any]] = self.ask("stackTrace", threadId=self.thread)["stackFrames"]
        return found

    def scope(self, name: str) -> dict[str, str]:
        """The variables of a scope with their values."""
        return {each["name"]: each["value"] for each in self.variables(self.reference(name))}

    def reference(self, name: str) -> int:
        """The reference of a scope."""
        scopes = self.ask("scopes", frameId=self.frames()[0]["id"])["scopes"]
        found: int = next(each["variablesReference"] for each in scopes if each["name"] == name)
        return found

    def variables(self, reference: int, **part: int) -> list[dict[str, Any]]:
        """The variables of a reference."""
        found: list[dict[str, Any]] = self.ask("variables", variablesReference=reference, **part)["variables"]
        return found

    def source(self, source: dict[str, Any]) -> str:
        """The text of a source."""
        found: str = self.ask("source", source=source, sourceReference=source["sourceReference"])["content"]
        return found

    def command(self, line: str) -> str:
        """Execute a command in the debug console, and return its output."""
        found: str = self.ask("evaluate", expression=line, context="repl")["result"]
        return found

    def at_end(self) -> bool:
        """Whether the adapter has closed its stream, with valid messages only until then."""
        while (found := self._arrived.get(timeout=PATIENCE)) is not None:
            self._take(found)
        return True

    # inside

    def _receive(self) -> None:
        found = self._arrived.get(timeout=PATIENCE)
        assert found is not None, "the adapter has closed its stream"
        self._take(found)

    def _take(self, found: Message | BaseException) -> None:
        if isinstance(found, BaseException):
            raise found
        self.messages[check(found)] += 1
        self.log.append(found)
        if found["type"] == "event":
            self.events.append(found)
        else:
            self._responses[found["request_seq"]] = found

    def _read_all(self) -> None:
        try:
            while (message := self._read()) is not None:
                self._arrived.put(message)
            self._arrived.put(None)
        except (OSError, ValueError) as error:
            self._arrived.put(error if isinstance(error, ValueError) else None)

    def _read(self) -> Message | None:
        length = None
        while (line := self._reader.readline()) not in (b"", b"\r\n"):
            name, _, value = line.partition(b":")
            if name != b"Content-Length":
                raise ValueError(f"not a message: {line!r}")
            length = int(value)
        if length is None:
            return None
        found: Message = json.loads(self._reader.read(length))
        return found


class LocalAdapter:
    """An adapter in this process, with a client that is connected to it."""

    def __init__(self, opener: SessionOpener) -> None:
        ours, theirs = socket.socketpair()
        self._sockets = [ours, theirs]
        self._files = [theirs.makefile("rb"), ours.makefile("rb")]
        self.conversation = Conversation(Transport(self._files[0], theirs.sendall), opener)
        self.errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self.client = DapClient(self._files[1], ours.sendall)

    def _serve(self) -> None:
        try:
            self.conversation.serve()
        except BaseException as error:
            self.errors.append(error)
        finally:
            self._sockets[1].shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """Close the connection, as a client that dies does; wait until the adapter has ended."""
        self._sockets[0].shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def close(self) -> None:
        """Leave, and close everything."""
        if self._thread.is_alive():
            self.leave()
        for file in self._files:
            file.close()
        for each in self._sockets:
            each.close()
