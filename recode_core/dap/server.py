"""Serving clients: one on the standard streams, or one after the other on a port."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from recode_core.dap.conversation import Conversation
from recode_core.dap.openers import SessionOpener
from recode_core.dap.transport import FramingError, Transport
from recode_core.errors import RecodeError

HOST = "127.0.0.1"
"""The only address that is listened on: a client can run code in the sandbox and spend money."""


def serve_stdio(opener: SessionOpener) -> None:
    """Serve the client at the other end of the standard streams. Raises FramingError.

    They belong to the protocol: text that anything else prints goes to stderr, and child processes read
    nothing.
    """
    own_in, own_out = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.stdout.flush()
    os.dup2(2, 1)
    with os.fdopen(own_in, "rb") as reader:
        try:
            Conversation(Transport(reader, partial(_write_all, own_out)), opener).serve()
        finally:
            os.close(own_out)


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def serve_port(port: int, opener: SessionOpener, listening: Callable[[int], None]) -> None:
    """Serve clients on a port, one after the other, until the process is interrupted.

    `listening` is called with the port, which the system chooses for 0. Raises RecodeError if the port
    cannot be used.
    """
    try:
        server = socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RecodeError(f"port {port} cannot be used: {reason}") from None
    with server:
        listening(server.getsockname()[1])
        while True:
            connection, _ = server.accept()
            with connection, suppress(FramingError, OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with connection.makefile("rb") as reader:
                    Conversation(Transport(reader, connection.sendall), opener).serve()
