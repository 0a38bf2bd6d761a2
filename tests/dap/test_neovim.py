"""`recode dap` with a real editor: Neovim with nvim-dap and the settings of the documentation.

`RECODE_NVIM_DAP` names a checkout of nvim-dap (its tag 0.6.0 runs in Neovim 0.7). The editor runs without a
screen: it sets a breakpoint in a file of the mirror, saves an edit, steps back and goes on until the task is
solved.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from recode_core.session import read
from tests.dap import tap
from tests.dap.schema import check
from tests.docs.blocks import blocks
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
@pytest.mark.skipif("RECODE_NVIM_DAP" not in os.environ, reason="RECODE_NVIM_DAP does not name nvim-dap")
def test_the_whole_story_in_neovim(tmp_path: Path) -> None:
    command = tmp_path / "bin" / "recode"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'tap.py'))}\n")
    command.chmod(0o755)
    settings = tmp_path / "settings.lua"
    page = blocks(ROOT / "docs" / "dap.md")
    settings.write_text(next(block.code for block in page if block.mark == "neovim-settings"))
    session = tmp_path / "run.jsonl"
    environment = os.environ | {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RECODE_SETTINGS": str(settings),
        "RECODE_SESSION": str(session),
        "RECODE_TAP": str(tmp_path / "messages"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    done = subprocess.run(
        ["nvim", "--headless", "--clean", "-u", str(HERE / "neovim" / "story.lua")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "holds: episode.solved" in done.stderr
    sent = Counter(map(check, tap.messages(tmp_path / "messages.requests")))
    received = Counter(map(check, tap.messages(tmp_path / "messages.replies")))
    assert sent["SetBreakpointsRequest"] >= 1
    assert received["StoppedEvent"] >= 7
    assert received["ErrorResponse"] == 0
    assert read(session).timeline().end.outcome == "solved"
