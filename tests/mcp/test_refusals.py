"""What the server refuses, and what it says then; what calls cost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

import anyio

from recode_core.session import read
from tests.mcp.agent import agent, found
from tests.policies.openai.endpoint import hangs, says, serving, write_profile
from tests.support.waiting import PATIENCE

SAMPLES = Path(__file__).parent.parent.parent / "sessions"
REPLY = "<think>\nlook\n</think>\n<execute>\nrun('look')\nagain()\n</execute>"
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "cost": 0.25}


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for profiles and the key of the profile `mine`."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("RECODE_TEST_KEY", "sk-test-0123456789abcdef")
    (tmp_path / "config").mkdir()
    return tmp_path / "config"


async def test_without_write_recordings_are_only_looked_at(tmp_path: Path) -> None:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    mine = sessions / "mine.jsonl"
    shutil.copy(SAMPLES / "household-mended.jsonl", mine)
    before = mine.read_bytes()
    async with agent(sessions) as looking:
        for started in (
            {"environment": "household", "task": "put:7"},
            {"session": "mine", "continue": True},
            {"session": "household-mended", "continue": True},
        ):
            assert "start this server with recode mcp --write" in await looking.refused("open", **started)
        assert "mine " in await looking.call("open")
        assert "s1 · read-only" in await looking.call("open", session="mine")
        moved = await looking.call("run", session="s1", commands="back\nswitch main\ngoto 0.8\nwhere")
        assert "at: [main]" in moved and "0.8" in moved
        for command in (
            "edit 0.8 <<END\nrun('look')\nEND",
            f"save {tmp_path}/copy.jsonl",
            f"export {tmp_path}/tree.json",
            "rerun",
            "regenerate 0.8",
        ):
            refused = await looking.refused("run", session="s1", commands=command)
            assert "refused: line 1: this session is read-only; recode was started without --write" in refused
    assert mine.read_bytes() == before
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["mine.jsonl"]


async def test_a_recording_stays_one_although_sessions_may_be_continued(tmp_path: Path) -> None:
    async with agent(tmp_path, "--write") as looking:
        await looking.call("open", session="household-mended")
        for command in ("regenerate 0.8", "rerun", f"save {tmp_path}/copy.jsonl"):
            refused = await looking.refused("run", session="s1", commands=command)
            assert "this session is read-only; to continue it, open it with continue=true" in refused
        assert not list(tmp_path.iterdir())
        await looking.call("open", session="household-mended", **{"continue": True})
        await looking.call("run", session="s2", commands="switch main\nretry 0.8")
    assert [path.name for path in tmp_path.glob("*.jsonl")] == ["household-mended.jsonl"]


async def test_a_call_that_is_wrong_says_what_is_right(tmp_path: Path) -> None:
    async with agent(tmp_path, "--write") as debugging:
        assert "no session 's1' is open (open: none; open one first)" in await debugging.refused(
            "status", session="s1"
        )
        assert "both environment and task" in await debugging.refused("open", environment="household")
        assert "sesion" in await debugging.refused("open", sesion="household-mended")
        assert "recode sessions" in await debugging.refused("open", session="nothing-of-that-name")
        await debugging.call("open", environment="household", task="put:7")
        refused = await debugging.refused("run", session="s1", commands="step\nfrobnicate\nstep")
        assert "refused: line 2: unknown command 'frobnicate'" in refused
        assert refused.count("> step") == 1
        assert "at: [main] record" in refused
        assert "expected" in await debugging.refused("run", session="s1", commands="edit 0")
        assert "not terminated by a line END" in await debugging.refused(
            "run", session="s1", commands="edit 0 <<END\nrun('look')"
        )
        assert "read(what='tree')" in await debugging.refused("read", session="s1", what="code", node="0.77")
        assert "unknown variable 'spoon'" in await debugging.refused("history", session="s1", name="spoon")
        assert "what" in await debugging.refused("read", session="s1", what="everything")
        assert "is closed" in await debugging.call("run", session="s1", commands="quit")
        assert "no session 's1'" in await debugging.refused("run", session="s1", commands="step")
        with pytest.raises(Exception, match="unknown tool 'buy'"):
            await debugging.call("buy")
        with pytest.raises(Exception, match="unknown command 'frobnicate'"):
            await debugging.read("recode://docs/commands/frobnicate")


async def test_a_policy_that_may_cost_money_needs_a_budget(tmp_path: Path, profile: Path) -> None:
    with serving() as endpoint:
        write_profile(profile, endpoint.url)
        endpoint.responses = [says(REPLY, usage=USAGE)]
        run = {"environment": "household", "task": "put:7", "policy": "mine"}
        async with agent(tmp_path / "sessions", "--write") as poor:
            refused = await poor.refused("open", **run)
            assert "this server has no budget: the user can start it with recode mcp --budget-cost" in refused
            await poor.call("open", **run | {"policy": "expert"})
        assert endpoint.asked == []
        async with agent(tmp_path / "sessions", "--write", "--budget-calls", "2") as paying:
            opened = await paying.call("open", **run)
            assert "0 policy calls · 0 tokens · no cost · budget left: 2 calls" in opened
            stepped = await paying.call("run", session="s1", commands="step\nstep")
            assert "cost of this call: 1 policy call · 15 tokens · $0.2500 · budget left: 1 call" in stepped
            refused = await paying.refused("run", session="s1", commands="continue")
            assert "refused: line 1: the server's budget of 2 calls is reached" in refused
            assert "cost of this call: 1 policy call · 15 tokens · $0.2500" in refused
            assert "before the model" in refused
            again = await paying.refused("run", session="s1", commands="continue")
            assert "cost of this call: 0 policy calls · 0 tokens · no cost" in again
            seen = await paying.call("run", session="s1", commands="back\nvars")
            assert "refused" not in seen
        assert len(endpoint.asked) == 2


async def test_the_budget_is_that_of_all_sessions_and_reruns(tmp_path: Path, profile: Path) -> None:
    with serving() as endpoint:
        write_profile(profile, endpoint.url)
        endpoint.responses = [says(REPLY, usage=USAGE)]
        run = {"environment": "household", "task": "put:7", "policy": "mine"}
        async with agent(tmp_path / "sessions", "--write", "--budget-cost", "0.5") as paying:
            await paying.call("open", **run)
            await paying.call("run", session="s1", commands="step\nstep")
            await paying.call("open", **run)
            spent = await paying.call("run", session="s2", commands="step\nstep")
            assert "the server's budget of 0.5 US dollars is reached" in spent
            refused = await paying.refused("run", session="s1", commands="rerun\nstep\nstep")
            assert "refused: line 3: the server's budget of 0.5 US dollars is reached" in refused
            path = found(r"^session s2 · can be continued · (.*)$", await paying.call("status", session="s2"))
            await paying.call("close", session="s2")
            assert "s3 · can be" in await paying.call("open", session=path, **{"continue": True})
            await paying.refused("run", session="s3", commands="continue")
        assert len(endpoint.asked) == 2


async def test_a_call_that_the_client_cancels_is_aborted(tmp_path: Path, profile: Path) -> None:
    with serving() as endpoint:
        write_profile(profile, endpoint.url)
        endpoint.responses = [hangs("<think>\n")]
        run = {"environment": "household", "task": "put:7", "policy": "mine"}
        async with agent(tmp_path / "sessions", "--write", "--budget-calls", "9", mode="legacy") as paying:
            opened = await paying.call("open", **run)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(lambda: paying.try_call("run", session="s1", commands="step\nstep"))
                await anyio.to_thread.run_sync(lambda: endpoint.waiting.acquire(timeout=PATIENCE))
                tasks.cancel_scope.cancel()
            assert await anyio.to_thread.run_sync(lambda: endpoint.left.acquire(timeout=PATIENCE))
            assert "before the model" in await paying.call("status", session="s1")
            path = Path(found(r"^session s1 · can be continued · (.*)$", opened))
    assert read(path).records
