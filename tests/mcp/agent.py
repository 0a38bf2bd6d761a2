"""A client of `recode mcp`: that of the official SDK, over the standard streams of a real process."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import mcp_types as types
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parent.parent.parent
MAIN = "from recode_tui.cli import main; main()"


@dataclass
class Agent:
    """Calls tools; `said` is the conversation, as it can be read."""

    client: Client
    said: list[str] = field(default_factory=list)

    async def call(self, tool: str, **arguments: object) -> str:
        """The text of a result. The call must not be refused."""
        text, is_refused = await self.try_call(tool, **arguments)
        assert not is_refused, text
        return text

    async def refused(self, tool: str, **arguments: object) -> str:
        """The text of a result. The call must be refused."""
        text, is_refused = await self.try_call(tool, **arguments)
        assert is_refused, text
        return text

    async def try_call(self, tool: str, **arguments: object) -> tuple[str, bool]:
        """The text of a result, and whether the call was refused."""
        result = await self.client.call_tool(tool, arguments)
        assert isinstance(result, types.CallToolResult)
        [content] = result.content
        assert isinstance(content, types.TextContent)
        self.said.append(f"> {tool} {arguments}\n{content.text}")
        return content.text, result.is_error

    async def read(self, uri: str) -> str:
        """The text of a resource."""
        result = await self.client.read_resource(uri)
        assert isinstance(result, types.ReadResourceResult)
        [content] = result.contents
        assert isinstance(content, types.TextResourceContents)
        return content.text


def found(pattern: str, text: str) -> str:
    """The group of a pattern in a text."""
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, f"{pattern} is not in:\n{text}"
    return match[1]


@asynccontextmanager
async def agent(sessions: Path, *options: str, mode: str = "auto") -> AsyncIterator[Agent]:
    """An agent of a server with these options. `mode` is how the client begins: "auto" or "legacy"."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", MAIN, "mcp", "--sessions-dir", str(sessions), *options],
        env=dict(os.environ),
        cwd=ROOT,
    )
    async with Client(server, mode=mode, read_timeout_seconds=PATIENCE) as client:
        yield Agent(client)
