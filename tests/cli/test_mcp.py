"""`recode mcp` where its extra is missing, and its standard streams."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from recode_core.extras import install_command
from tests.cli.conftest import COMMAND
from tests.support.waiting import PATIENCE

WITHOUT_THE_EXTRA = "import sys; sys.modules['mcp'] = None; from recode_tui.cli import main; main()"

needs_the_extra = pytest.mark.skipif(find_spec("mcp") is None, reason="the extra mcp is not installed")


def message(method: str, id: int | None = None, **params: object) -> str:
    """A message of the protocol on a line."""
    numbered = {} if id is None else {"id": id}
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params} | numbered) + "\n"


HELLO = message(
    "initialize",
    1,
    protocolVersion="2025-06-18",
    capabilities={},
    clientInfo={"name": "test", "version": "1"},
) + message("notifications/initialized")


def serve(*options: str, messages: str, code: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code] if code else COMMAND
    return subprocess.run(
        [*command, "mcp", *options], input=messages, capture_output=True, text=True, timeout=PATIENCE
    )


def test_without_the_extra_it_says_how_to_get_it() -> None:
    done = serve(messages=HELLO, code=WITHOUT_THE_EXTRA)
    assert done.returncode == 3
    assert done.stdout == ""
    assert f"needs the package mcp, which is not installed: {install_command('mcp')}" in done.stderr


@needs_the_extra
def test_only_the_protocol_is_written_to_stdout(tmp_path: Path) -> None:
    start = {"environment": "household", "task": "put:7"}
    messages = (
        HELLO
        + "no json\n"
        + message("tools/call", 2, name="open", arguments=start)
        + message("tools/call", 3, name="run", arguments={"session": "s1", "commands": "step"})
        + message("tools/call", 4, name="status", arguments={"session": 7})
        + message("ping", 5)
    )
    done = serve("--write", "--sessions-dir", str(tmp_path), messages=messages)
    assert done.returncode == 0, done.stderr
    answers = {answer.get("id"): answer for answer in map(json.loads, done.stdout.splitlines())}
    assert answers[1]["result"]["serverInfo"]["name"] == "recode"
    assert "Traceback" not in done.stderr


@needs_the_extra
def test_a_server_whose_client_leaves_at_once_ends() -> None:
    done = serve(messages="")
    assert (done.returncode, done.stdout) == (0, "")


@needs_the_extra
def test_a_client_that_does_not_read_is_no_error() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, "mcp"], stdin=pipe, stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdin and server.stdout and server.stderr
        server.stdout.close()
        server.stdin.write(HELLO)
        server.stdin.close()
        assert server.wait(PATIENCE) == 0
        assert server.stderr.read() == ""
