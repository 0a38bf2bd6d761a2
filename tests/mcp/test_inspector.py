"""`recode mcp` with a client of others: the command of the protocol's Inspector.

It is a package for Node.js; `npm install` in tests/mcp/node gets it, or `RECODE_MCP_NODE` names the folder
that has its node_modules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from tests.mcp.agent import MAIN, ROOT
from tests.support.waiting import PATIENCE

HERE = Path(__file__).parent
COMMAND = Path(os.environ.get("RECODE_MCP_NODE", HERE / "node")) / "node_modules" / ".bin" / "mcp-inspector"

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
    pytest.mark.skipif(
        not COMMAND.exists(),
        reason="@modelcontextprotocol/inspector is not installed: npm install in tests/mcp/node",
    ),
]


def inspect(sessions: Path, *arguments: str) -> dict[str, Any]:
    """What the Inspector prints for a method."""
    server = {
        "type": "stdio",
        "command": sys.executable,
        "args": ["-c", MAIN, "mcp", "--sessions-dir", str(sessions)],
        "env": {"PYTHONPATH": str(ROOT)},
    }
    config = sessions / "config.json"
    config.write_text(json.dumps({"mcpServers": {"recode": server}}))
    command = [str(COMMAND), "--cli", "--config", str(config), "--server", "recode", *arguments]
    environment = os.environ | {"MCP_INSPECTOR_SECRET_STORE": "memory"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def test_the_inspector_lists_and_calls_tools_and_reads_resources(tmp_path: Path) -> None:
    tools = inspect(tmp_path, "--method", "tools/list")["tools"]
    assert "open" in {tool["name"] for tool in tools}
    call = ("--method", "tools/call", "--tool-name", "open", "--tool-arg", "session=household-mended")
    result = inspect(tmp_path, *call)
    assert result["isError"] is False
    assert result["content"][0]["text"].startswith("session s1 · read-only · ")
    listed = inspect(tmp_path, "--method", "resources/list")["resources"]
    uri = "recode://sessions/household-mended"
    assert uri in {resource["uri"] for resource in listed}
    [content] = inspect(tmp_path, "--method", "resources/read", "--uri", uri)["contents"]
    assert "solved · score 1" in content["text"]
