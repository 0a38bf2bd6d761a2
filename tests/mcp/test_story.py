"""A scripted agent that finds and mends a planted mistake, through the tools alone."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from recode_core.session import read
from tests.mcp.agent import agent, found


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_an_agent_finds_and_mends_a_mistake_through_the_tools(tmp_path: Path, mode: str) -> None:
    async with agent(tmp_path, "--write", mode=mode) as debugging:
        opened = await debugging.call("open", environment="household", task="heat:13", policy="demo")
        session = found(r"^session (s\d+) ", opened)
        run = await debugging.call("run", session=session, commands="continue")
        assert "at: [main]" in run and "not solved" in run

        seen = await debugging.call("read", session=session, what="observations")
        useless = found(r"^record \d+ · (\S+) · .*\n  Nothing happens\.", seen)
        code = await debugging.call("read", session=session, what="code", node=useless)
        mistaken = found(r"^code of (\S+), from the policy", code)
        assert "stoveburner" in code
        history = await debugging.call("history", session=session, name="result")
        assert "· result: str = 'Nothing happens.'" in history
        when = await debugging.call("run", session=session, commands="when 'Nothing happens' in result")
        stop = found(r"^  record (\d+) ", when)
        await debugging.call("run", session=session, commands=f"goto {stop}")
        origin = await debugging.call("history", session=session, name="result")
        assert f"the policy's reply for {mistaken}" in origin

        mended = await debugging.call(
            "run", session=session, commands=f"# ask again\nregenerate {mistaken}\ncontinue"
        )
        assert "solved, score 1" in mended
        assert found(r"^cost of this call: (\d+) policy call", mended) != "0"
        branch = found(r"^at: \[([^]]+)\]", mended)

        compared = await debugging.call("compare", session=session, left="main", right=branch)
        assert "stoveburner" in compared and "microwave" in compared
        report = await debugging.call("report", session=session)
        assert f"result of {branch}: solved · score 1" in report
        closed = await debugging.call("close", session=session)
        assert "cost of this call: 0 policy calls · 0 tokens · no cost" in closed
    [file] = tmp_path.glob("*.jsonl")
    assert read(file).timeline().end.outcome == "solved"
