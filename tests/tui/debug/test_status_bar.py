"""The bar on top says where the run stands, on which branch, and what it took."""

from __future__ import annotations

import pytest
from textual.content import Content

from recode_core.policies.policy import Reply, Request
from recode_core.values import Observation, Usage
from recode_tui.debug.panels.status import bar
from tests.tui.debug.conftest import ROOT, Scripting, Sit
from tests.tui.debug.doubles import reply


class Costly:
    """A policy that takes tokens, for a price or for one that nobody knows."""

    model = "costly"

    def __init__(self, cost_usd: float | None) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self._usage = Usage(1000, completion_tokens=234, cost_usd=cost_usd)

    def expand(self, request: Request, stream: object) -> Reply:
        return Reply(reply("a = 1"), self._usage)

    def abort(self) -> None:
        """A reply is there at once."""


@pytest.mark.parametrize(("cost", "told"), [(0.0123, "$0.0123"), (None, "cost unknown"), (0.0, "1,234 tok")])
async def test_calls_tokens_and_cost_are_counted(
    sit: Sit, scripting: Scripting, cost: float | None, told: str
) -> None:
    async with sit(scripting(policy=Costly(cost))) as seat:
        await seat.press("c")
        assert "1 call " in seat.status
        assert "1,234 tok" in seat.status
        assert told in seat.status
        await seat.press("C")
        assert "0 calls" in seat.status
        assert "1,234 tok" not in seat.status


@pytest.mark.parametrize(
    ("world", "told"),
    [
        (Observation("Won.", 1.0, True, True), "✔ solved"),
        (Observation("Lost.", 0.0, True, False), "■ over, not solved"),
        (Observation("Go on.", 0.5), "■ the code is over, not solved"),
    ],
)
async def test_each_outcome_has_its_words(
    sit: Sit, scripting: Scripting, world: Observation, told: str
) -> None:
    async with sit(scripting("run('go')", {"go": world})) as seat:
        await seat.press("c")
        assert told in seat.status
        assert f"score {world.score:g}" in seat.panel("environment")


async def test_a_run_that_failed_says_so(sit: Sit, scripting: Scripting) -> None:
    async with sit(scripting({ROOT: ["assert 0"] * 3})) as seat:
        await seat.press("c")
        assert "at a failure" in seat.status
        await seat.press("c", "c", "c", "c", "c", "c")
        assert "✖ failed" in seat.status


async def test_the_past_is_marked(sit: Sit, scripting: Scripting) -> None:
    async with sit(scripting("a = 1\nb = 2")) as seat:
        await seat.press("s", "s")
        assert "◀" not in seat.status
        await seat.press("S")
        assert "◀ before the model" in seat.status


@pytest.mark.parametrize("width", [1, 5, 20, 40, 60, 80, 120, 200])
def test_the_bar_never_outgrows_its_width_and_keeps_the_state(width: int) -> None:
    state = "⏸ before an action"
    made = bar(width, Content("ReCode · household put:7"), Content(state), Content("3 steps  2 calls"))
    assert made.cell_length <= max(width, len(state) + 2)
    assert state in made.plain
