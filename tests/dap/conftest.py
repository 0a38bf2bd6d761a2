"""Adapters for tests: in a process of its own as editors start it, or in this process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from recode_tui.cli.launch import LaunchOpener
from tests.dap.client import DapClient, LocalAdapter
from tests.support.waiting import PATIENCE

COMMAND = [sys.executable, "-c", "from recode_tui.cli import main; main()", "dap"]
TASK = {"env": "household", "task": "put:7"}


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions go into the test's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def adapter_process(tmp_path: Path) -> Iterator[tuple[DapClient, subprocess.Popen[bytes]]]:
    """`recode dap` on the standard streams, with a client."""
    with (tmp_path / "stderr").open("wb") as errors:
        process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin = process.stdin

        def send_all(data: bytes) -> None:
            stdin.write(data)
            stdin.flush()

        yield DapClient(process.stdout, send_all), process  # type: ignore[arg-type]
        process.stdin.close()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()


@pytest.fixture
def connect() -> Iterator[Callable[..., LocalAdapter]]:
    """Starts adapters in this process; by default they open sessions as the command does."""
    with ExitStack() as closed:

        def start(opener: object = None) -> LocalAdapter:
            adapter = LocalAdapter(opener or LaunchOpener())  # type: ignore[arg-type]
            closed.callback(adapter.close)
            return adapter

        yield start


@pytest.fixture
def client(connect: Callable[..., LocalAdapter]) -> DapClient:
    """A client of an adapter in this process."""
    return connect().client
