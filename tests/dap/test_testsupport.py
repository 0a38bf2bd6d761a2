"""`recode dap` with a client of others: the support of Visual Studio Code for testing adapters.

It is a package for Node.js; `npm install` in tests/dap/node gets it, or `RECODE_DAP_NODE` names the folder
that has its node_modules.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from recode_core.session import read
from tests.dap import tap
from tests.dap.schema import check
from tests.support.waiting import PATIENCE

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("RECODE_DAP_NODE", HERE / "node")) / "node_modules"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
@pytest.mark.skipif(
    not (MODULES / "@vscode/debugadapter-testsupport").is_dir(),
    reason="@vscode/debugadapter-testsupport is not installed: npm install in tests/dap/node",
)
def test_the_whole_story_with_the_test_support_of_visual_studio_code(tmp_path: Path) -> None:
    session, prefix = tmp_path / "story.jsonl", tmp_path / "messages"
    command = ["node", str(HERE / "node" / "story.js"), sys.executable, str(HERE / "tap.py"), str(session)]
    environment = os.environ | {"NODE_PATH": str(MODULES), "RECODE_TAP": str(prefix)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    sent = Counter(map(check, tap.messages(Path(f"{prefix}.requests"))))
    received = Counter(map(check, tap.messages(Path(f"{prefix}.replies"))))
    assert sent["ContinueRequest"] == 3
    assert received["StoppedEvent"] == 7
    assert received["ErrorResponse"] == 1
    assert read(session).timeline().end.outcome == "solved"
