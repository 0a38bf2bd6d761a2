"""The way in from Python: the examples of its docstrings, and what a program of somebody else's does."""

from __future__ import annotations

import asyncio
import builtins
import doctest
from collections.abc import Iterable
from pathlib import Path

import pytest

import recode_core as recode
from recode_core import api, testing
from recode_core.environments.environment import Guide, Restoration, Task
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable, ReadOnlyError, SessionError
from recode_core.policies.policy import Policy, Request
from recode_core.testing import reply, scripted_policy
from recode_core.values import Observation


class Corridor:
    """An environment of a user's own."""

    name = "corridor"
    restoration: Restoration = "replay"
    guide: Guide = GUIDE

    def tasks(self, split: str | None = None) -> Iterable[Task]:
        return [Task("to:3", "walk to the third door")]

    def open(self, task_id: str) -> ScriptedWorld:
        return ScriptedWorld({"walk": Observation("You are there.", 1.0, True, True)}, instruction="walk")

    def expert(self, task_id: str) -> Policy | None:
        return None


def walk(request: Request) -> str:
    """A policy of a user's own."""
    return reply("run('walk')")


async def walk_async(request: Request) -> str:
    await asyncio.sleep(0)
    return walk(request)


@pytest.mark.parametrize("module", [recode, api, testing], ids=lambda module: module.__name__)
def test_the_examples_of_the_docstrings_do_what_they_say(
    module: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtins, "_", None, raising=False)  # doctest leaves its last value there
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert (found.failed, found.attempted > 0) == (0, True)


def test_nothing_is_written_without_a_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = recode.run("household", "put:7", policy="expert")
    assert (result.solved, result.score, result.path) == (True, 1.0, None)
    assert list(tmp_path.iterdir()) == []


def test_an_environment_and_a_policy_can_be_objects(tmp_path: Path) -> None:
    result = recode.run(Corridor(), "to:3", policy=walk, session=tmp_path / "one.jsonl")
    assert (result.solved, result.path) == (True, tmp_path / "one.jsonl")
    with recode.open(tmp_path / "one.jsonl", read_only=True) as debugger:
        assert (debugger.stop.kind, debugger.back().kind) == ("end", "action")
        with pytest.raises(ReadOnlyError):
            debugger.edit("0", "run('look')")
    with recode.open(tmp_path / "one.jsonl", policy=walk, environment=Corridor()) as debugger:
        debugger.goto("0")
        assert debugger.edit("0", "run('look')\nrun('walk')").kind == "statement"
        assert debugger.resume().kind == "end"
    with pytest.raises(SessionError, match="exists"):
        recode.run(Corridor(), "to:3", policy=walk, session=tmp_path / "one.jsonl")


def test_a_debugger_stops_edits_and_goes_on(tmp_path: Path) -> None:
    with recode.debug("household", "put:7", policy="expert") as debugger:
        debugger.add_breakpoint("placeholder", "put_object")
        stop = debugger.resume()
        assert (stop.kind, stop.place and stop.place.node) == ("model", "0.8")
        debugger.edit("0.8", "run('go to desk 1')")
        assert debugger.resume().kind == "end"
        debugger.files.save(tmp_path / "saved.jsonl")
    with recode.open(tmp_path / "saved.jsonl", read_only=True) as saved:
        assert [record.event for record in saved.timeline.records] == [
            record.event for record in debugger.timeline.records
        ]


def test_async_programs_are_not_blocked_and_their_policies_awaited() -> None:
    async def host() -> tuple[bool, int]:
        ticks, is_over = 0, False

        async def tick() -> None:
            nonlocal ticks
            while not is_over:
                ticks += 1
                await asyncio.sleep(0.001)

        ticking = asyncio.create_task(tick())
        result = await recode.run_async(Corridor(), "to:3", policy=walk_async)
        is_over = True
        await ticking
        return result.solved, ticks

    solved, ticks = asyncio.run(host())
    assert solved and ticks > 1
    assert recode.run(Corridor(), "to:3", policy=walk_async).solved


def test_what_a_policy_or_an_environment_raises_can_be_told_apart() -> None:
    def fail(request: Request) -> str:
        raise KeyError("no such model")

    with pytest.raises(PolicyUnavailable, match="KeyError") as policy:
        recode.run(Corridor(), "to:3", policy=fail)
    assert isinstance(policy.value.__cause__, KeyError)

    class Broken(Corridor):
        def open(self, task_id: str) -> ScriptedWorld:
            return ScriptedWorld([ValueError("out of order")])

    with pytest.raises(EnvironmentUnavailable, match="out of order") as world:
        recode.run(Broken(), "to:3", policy=scripted_policy("run('walk')"))
    assert isinstance(world.value.__cause__, ValueError)
