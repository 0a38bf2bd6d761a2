"""Checkpoints: sparse, spread over the whole session, under their budget, on every branch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recode_core.debugger.debugger import Debugger
from recode_core.debugger.restore import RestoreStats
from recode_core.environments.scripted import GUIDE
from recode_core.executor.checkpoints import Checkpoints
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from tests.debugger.debugger_harness import DebuggerHarness, release
from tests.debugger.doubles import CountedPolicy, DebuggerSetup, EchoWorld, household


@pytest.fixture
def harness() -> Iterator[DebuggerHarness]:
    harness = DebuggerHarness.open(household())
    yield harness
    harness.close()


def _kept(checkpoints: Checkpoints, last: int) -> list[int]:
    nearest = (checkpoints.nearest(n) for n in range(last + 1))
    return sorted({found.n for found in nearest if found is not None})


def test_under_a_small_budget_they_stay_spread_over_the_whole_session(harness: DebuggerHarness) -> None:
    harness.debugger.until("0.3")
    run = harness.debugger.parts.live_run().executor.run
    one = Checkpoints()
    one.store(0, run)
    few = Checkpoints(budget=10 * one.size)
    for n in range(0, 1000, 10):
        few.store(n, run)
        assert few.size <= few.budget
    kept = _kept(few, 1000)
    gaps = [after - before for before, after in zip([0, *kept], kept, strict=False)]
    assert len(kept) == len(few) == 10
    assert kept[-1] == 990
    assert max(gaps) <= 210


def test_a_budget_for_none_keeps_none(harness: DebuggerHarness) -> None:
    harness.debugger.until("0.3")
    none = Checkpoints(budget=1)
    none.store(7, harness.debugger.parts.live_run().executor.run)
    assert (len(none), none.size, none.nearest(7)) == (0, 0, None)


def test_a_branch_that_leaves_early_has_checkpoints_of_its_own(harness: DebuggerHarness) -> None:
    debugger, checkpoints = harness.debugger, harness.debugger.parts.restorer.checkpoints
    debugger.resume()
    first = len(debugger.log)
    debugger.edit("0.1", "obj = 'no such thing'")
    for _ in range(40):
        debugger.step()
    assert any(n >= first for n in _kept(checkpoints, len(debugger.log)))


def brought(debugger: Debugger, n: int) -> RestoreStats:
    """How the world was restored to record `n`."""
    release(debugger.parts.restorer.restore(debugger.timeline.up_to(n)))
    return debugger.parts.restorer.stats


def test_a_restore_goes_on_from_the_nearest_and_asks_the_world_only_what_came_after(
    harness: DebuggerHarness,
) -> None:
    debugger = harness.debugger
    debugger.resume()
    steps = debugger.parts.live_run().executor.run.spent.steps
    last = debugger.timeline.stops[-2].n
    near = brought(debugger, last)
    assert near.recalled > 0
    assert near.replayed <= harness.home.every
    debugger.parts.restorer.checkpoints.clear()
    assert brought(debugger, last) == RestoreStats(replayed=steps - 1)
    assert near.recalled + near.replayed == steps - 1


@pytest.mark.parametrize("limit", ["steps", "seconds"])
def test_a_checkpoint_at_a_limit_knows_the_statement_that_waits_there(limit: str) -> None:
    codes = {"solve(instruction, observation)": str(ParsedReply("a reason", "x = run('a')\ny = run('b')"))}
    home = DebuggerSetup("replay", GUIDE, CountedPolicy(Scripted(codes)), lambda: EchoWorld(home))
    harness = DebuggerHarness.open(home)
    try:
        debugger, checkpoints = harness.debugger, harness.debugger.parts.restorer.checkpoints
        debugger.until("0.1")
        debugger.limit(limit, 1)
        assert debugger.resume().kind == "limit"
        checkpoints.clear()
        checkpoints.store(at_limit := debugger.parts.live_run().head, debugger.parts.live_run().executor.run)
        debugger.limit(limit, None)
        assert debugger.resume().kind == "end"
        harness.repeated(at_limit)
    finally:
        harness.close()
