"""The real command in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_tui.cli import main
from tests.support.waiting import PATIENCE

Recode = Callable[..., "subprocess.CompletedProcess[str]"]

COMMAND = [sys.executable, "-c", "from recode_tui.cli import main; main()"]


@pytest.fixture
def recode_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recode:
    """Runs `recode` to its end in a process of its own; sessions go into the test's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)

    return run


@pytest.fixture
def recode(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Recode:
    """Runs `recode` to its end in this process, which is quicker; sessions go into the test's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["recode", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        return subprocess.CompletedProcess(sys.argv, int(left.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def session(recode: Recode, tmp_path: Path) -> Path:
    """A session of a solved task."""
    path = tmp_path / "solved.jsonl"
    assert recode("run", "--env", "household", "--task", "put:7", "--session", path).returncode == 0
    return path
