"""A whole conversation with `recode dap` as an editor has it, every message valid."""

from __future__ import annotations

import subprocess
from pathlib import Path

from recode_core.session import read
from tests.dap.client import DapClient
from tests.dap.conftest import TASK
from tests.support.waiting import PATIENCE

WRONG = "run('go to desk 1')\nrun(f'move {obj_ID} to desk 1')"
RIGHT = "run(f'go to {place}')\nrun(f'move {obj_ID} to {place}')"


def test_a_run_is_broken_edited_in_the_past_stepped_back_and_solved(
    adapter_process: tuple[DapClient, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    client, process = adapter_process
    path = tmp_path / "story.jsonl"
    capabilities = client.initialize()
    assert capabilities["supportsStepBack"]
    client.ask("launch", **TASK, policy="expert", session=str(path), stopOnEntry=False)
    client.wait_for("initialized")
    found = client.ask("setFunctionBreakpoints", breakpoints=[{"name": "put_object"}])
    assert found == {"breakpoints": [{"verified": True, "id": 1}]}
    client.ask("setExceptionBreakpoints", filters=["failure", "limit"])

    # Break: the policy is about to be asked how to put the object down.
    stopped = client.configured()
    assert (stopped["reason"], stopped["hitBreakpointIds"]) == ("function breakpoint", [1])
    frame, root = client.frames()
    text = client.source(frame["source"])
    assert (
        text.split("\n")[frame["line"] - 1][frame["column"] - 1 : frame["endColumn"] - 1]
        == "put_object(obj_ID, place)"
    )
    assert client.source(root["source"]) == "solve(instruction, observation)"
    assert client.scope("Variables")["obj_ID"] == "'cd 2'"
    assert client.scope("Environment")["last action"] == "take cd 2 from sidetable 1"
    episode = client.scope("Episode")
    assert (episode["steps"], episode["calls"], episode["score"]) == ("3", "2", "0")

    # The expansion is written by hand, and wrongly: the desk is no shelf.
    client.command(f"edit 0.8 <<END\n{WRONG}\nEND")
    client.wait_for("stopped")
    assert client.move("continue")["reason"] == "end"
    assert client.scope("Episode")["outcome"].startswith("not solved")

    # It is edited in the past, and the run goes back to it, on a branch.
    client.command(f"edit 0.8 <<END\n{RIGHT}\nEND")
    back = client.wait_for("stopped")
    assert [thread["name"] for thread in client.ask("threads")["threads"]] == ["edit-1"]
    assert back["threadId"] == client.thread
    inner = client.frames()[0]
    assert client.source(inner["source"]) == RIGHT
    assert inner["line"] == 1
    before = client.move("stepBack")["description"]
    assert "0.8" in before
    assert client.move("continue")["reason"] == "end"
    assert client.scope("Episode")["outcome"] == "solved"

    client.ask("disconnect")
    assert client.at_end()
    assert process.wait(PATIENCE) == 0
    session = read(path)
    assert session.damage is None or session.damage == ""
    assert session.timeline().end.outcome == "solved"
    assert list(session.log().branches) == ["main", "edit-1"]
    assert client.messages["StoppedEvent"] == 6
    assert client.messages["ErrorResponse"] == 0
