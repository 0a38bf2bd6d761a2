"""Nonsense from a client, clients that die, and several clients in turn; sessions stay whole."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from recode_core.dap.transport import CONTENT_LIMIT, FramingError, Transport
from recode_core.session import read
from tests.dap.client import DapClient, LocalAdapter, RefusedError
from tests.dap.conftest import COMMAND, TASK
from tests.support.waiting import PATIENCE, wait_until

Process = tuple[DapClient, "subprocess.Popen[bytes]"]


def transport(data: bytes) -> Transport:
    """A transport that reads these bytes."""
    return Transport(io.BytesIO(data), lambda sent: None)


def test_messages_are_read_whatever_else_their_header_has() -> None:
    read_from = transport(b"Content-Length: 2\r\n\r\n{}content-type: json\r\nCONTENT-LENGTH:3\r\n\r\n[1]")
    assert [read_from.read(), read_from.read(), read_from.read()] == [b"{}", b"[1]", None]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "expected a header"),
        (b"\r\n\r\n", "no Content-Length"),
        (b"Content-Length: -5\r\n\r\n", "invalid Content-Length"),
        (b"Content-Length: a\r\n\r\n", "invalid Content-Length"),
        (b"Content-Length: %d\r\n\r\n" % (CONTENT_LIMIT + 1), "is too long"),
        (b"Content-Length: " + b"9" * 300 + b"\r\n\r\n", "invalid Content-Length"),
        (b"x" * 5000, "expected a header"),
        (b"a: b\r\n" * 50 + b"\r\n", "more than 20 lines"),
    ],
)
def test_a_stream_that_breaks_the_protocol_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FramingError, match=message):
        transport(data).read()


@pytest.mark.parametrize(
    "data", [b"", b"Content-Len", b"Content-Length: 10\r\n", b"Content-Length: 10\r\n\r\n{}"]
)
def test_a_stream_that_ends_early_is_the_end(data: bytes) -> None:
    if data == b"Content-Len":
        with pytest.raises(FramingError):
            transport(data).read()
    else:
        assert transport(data).read() is None


def test_content_that_is_no_message_is_reported_and_the_next_one_is_answered(client: DapClient) -> None:
    for content in (b"", b"{", b"[]", b"7", b'{"seq": "x"}', b'{"type": 5}', b"\xff\xfe", b'{"seq":1e999}'):
        client.send_raw(content)
        assert "a message is not of the protocol" in client.wait_for("output")["output"]
    client.send_raw(b'{"seq": 5, "type": "response", "request_seq": 1, "success": true, "command": "x"}')
    client.launch(**TASK)


@pytest.mark.parametrize("arguments", [{}, {"threadId": "one"}, {"threadId": None}, {"threadId": 1.5}])
def test_invalid_arguments_are_refused_by_their_name(client: DapClient, arguments: dict[str, object]) -> None:
    client.launch(**TASK)
    with pytest.raises(RefusedError, match="invalid arguments of next"):
        client.response(_send_unchecked(client, "next", arguments))


def test_arguments_of_another_type_are_refused(client: DapClient) -> None:
    client.launch(**TASK)
    for arguments in ([1], "text", 5, True):
        with pytest.raises(RefusedError, match="invalid arguments of stackTrace"):
            client.response(_send_unchecked(client, "stackTrace", arguments))
    with pytest.raises(RefusedError, match="invalid arguments of cancel"):
        client.response(_send_unchecked(client, "cancel", {"requestId": "x"}))


def test_a_framing_error_ends_the_process_with_a_message_and_the_session_is_whole(
    adapter_process: Process, tmp_path: Path
) -> None:
    client, process = adapter_process
    client.launch(**TASK, session=str(tmp_path / "run.jsonl"), stopOnEntry=False)
    client.send_bytes(b"nonsense\r\n\r\n")
    assert client.at_end()
    assert process.wait(PATIENCE) == 2
    assert "expected a header such as Content-Length" in (tmp_path / "stderr").read_text()
    assert read(tmp_path / "run.jsonl").timeline().end.outcome == "solved"


def test_the_process_ends_when_its_client_closes_the_stream_or_is_interrupted(
    adapter_process: Process, tmp_path: Path
) -> None:
    client, process = adapter_process
    path = tmp_path / "run.jsonl"
    client.launch(**TASK, session=str(path), stopOnEntry=False)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 130
    assert not read(path).damage


def test_text_that_anything_prints_goes_to_stderr(tmp_path: Path) -> None:
    """The client fails at anything but messages. Python code, C code and child processes print."""
    noisy = (
        "import os, sys\n"
        "from recode_core.dap import server\n"
        "from recode_tui.cli.launch import LaunchOpener\n"
        "class Noisy(LaunchOpener):\n"
        "    def launch(self, arguments):\n"
        "        print('from Python', flush=True)\n"
        "        os.write(1, b'from C')\n"
        "        os.system('echo from a child; cat')\n"
        "        return super().launch(arguments)\n"
        "server.serve_stdio(Noisy())"
    )
    with (tmp_path / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", noisy], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        client = DapClient(process.stdout, partial(os.write, process.stdin.fileno()))  # type: ignore[arg-type]
        client.launch(**TASK, stopOnEntry=False)
        client.ask("disconnect")
        assert client.at_end()
    printed = (tmp_path / "stderr").read_text()
    assert all(text in printed for text in ("from Python", "from C", "from a child"))


@pytest.fixture
def port(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port of a `recode dap --port 0` that runs."""
    errors = tmp_path / "port-stderr"
    with errors.open("wb") as file:
        process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.DEVNULL, stderr=file)
    with process:
        wait_until(lambda: process.poll() is not None or b"listening on" in errors.read_bytes())
        found = re.search(r"listening on 127\.0\.0\.1:(\d+)", errors.read_text())
        assert found is not None, errors.read_text()
        yield int(found[1]), process
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 130


def test_clients_are_served_in_turn_and_one_that_dies_leaves_the_session_whole(
    port: tuple[int, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "run.jsonl"

    def with_client(use: Callable[[DapClient], None]) -> None:
        address = ("127.0.0.1", port[0])
        with socket.create_connection(address) as connection, connection.makefile("rb") as reader:
            use(DapClient(reader, connection.sendall))
            connection.shutdown(socket.SHUT_RDWR)

    def begin(client: DapClient) -> None:
        client.launch(**TASK, session=str(path))
        client.move("next")
        client.move("stepIn")
        client.send("continue", threadId=1)  # and then it dies

    def nonsense(client: DapClient) -> None:
        client.send_bytes(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert "expected a header" in client.wait_for("output")["output"]

    def finish(client: DapClient) -> None:
        client.launch(file=str(path))
        if client.scope("Episode")["outcome"] == "unfinished":
            client.move("continue")
        assert client.scope("Episode")["outcome"] == "solved"
        client.ask("disconnect")
        assert client.at_end()

    for use in (begin, nonsense, finish):
        with_client(use)
    assert port[1].poll() is None
    session = read(path)
    assert not session.damage
    assert session.timeline().end.outcome == "solved"


def test_a_port_that_is_taken_is_refused_with_a_message(port: tuple[int, subprocess.Popen[bytes]]) -> None:
    done = subprocess.run(
        [*COMMAND, "--port", str(port[0])], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"port {port[0]} cannot be used" in done.stderr


def test_a_client_that_does_not_read_any_more_is_left(connect: Callable[..., LocalAdapter]) -> None:
    adapter = connect()
    adapter.client.launch(**TASK)
    adapter.client.send("continue", threadId=1)
    adapter.leave()
    assert not adapter.errors


def test_the_adapter_ends_although_the_client_died_while_the_session_opens(
    connect: Callable[..., LocalAdapter],
) -> None:
    adapter = connect()
    adapter.client.initialize()
    adapter.client.send("launch", **TASK)
    adapter.leave()
    assert not adapter.errors


def _send_unchecked(client: DapClient, command: str, arguments: object) -> int:
    """Send a request that the protocol does not allow."""
    client._seq += 1
    content = {"seq": client._seq, "type": "request", "command": command, "arguments": arguments}
    client.send_raw(json.dumps(content).encode())
    return client._seq
