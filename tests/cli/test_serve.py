"""What `recode serve` and `recode --read-only` refuse before anything is served."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Recode = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize(
    "command",
    ["run", "debug", "batch", "demo", "import", "export", "serve", "tasks", "doctor"],
)
def test_read_only_goes_only_with_commands_that_look(recode: Recode, command: str, tmp_path: Path) -> None:
    done = recode("--read-only", command)
    assert done.returncode == 2
    assert "before replay, show or sessions" in done.stderr
    assert not list(tmp_path.rglob("*"))


def test_read_only_shows_a_session_and_does_not_check_it(recode: Recode, session: Path) -> None:
    assert "solved" in recode("--read-only", "show", session).stdout
    refused = recode("--read-only", "replay", "--check", session)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "recode cannot run anything: it was started with --read-only" in refused.stderr
    assert recode("replay", "--check", session).returncode == 0  # it holds for that command alone


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.7.7"])
def test_an_address_that_others_reach_needs_a_flag(recode: Recode, host: str) -> None:
    done = recode("serve", "--port", "0", "--host", host)
    assert (done.returncode, done.stdout) == (2, "")
    assert "add --allow-remote" in done.stderr


def test_a_port_that_is_taken_is_said(recode: Recode) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = recode("serve", "--port", taken.getsockname()[1])
    assert (done.returncode, done.stdout) == (2, "")
    assert "--port 0 takes a free port" in done.stderr


def test_without_its_extra_it_says_how_to_get_it(recode: Recode, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("recode_tui.web", "textual_serve"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    done = recode("serve")
    assert done.returncode == 3
    assert "-m pip install 'recode[web]'" in done.stderr


def test_a_session_that_is_not_there_is_said_before_anything_is_served(recode: Recode) -> None:
    done = recode("serve", "no-such-session")
    assert (done.returncode, done.stdout) == (2, "")
