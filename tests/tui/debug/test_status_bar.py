"""The bar on top says where the run stands, on which branch, and what it took."""

from __future__ import annotations

import pytest
from textual.content import Content

from recode_core.policies.policy import Reply, Request
from recode_core.values import Observation, Usage
from recode_tui.debug.panels.bar import Count, Title, bar
from recode_tui.session_sources import Open
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
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


@pytest.mark.parametrize(("cost", "told"), [(0.0123, "$0.0123"), (None, "cost unknown"), (0.0, "no cost")])
async def test_calls_tokens_and_cost_are_counted(
    open_screen: OpenScreen, script_run: ScriptRun, cost: float | None, told: str
) -> None:
    async with open_screen(script_run(policy=Costly(cost))) as ui:
        await ui.press("c")
        assert "1 call " in ui.status
        assert "1,234 tok" in ui.status
        assert told in ui.status
        await ui.press("C")
        assert "0 calls" in ui.status
        assert "1,234 tok" not in ui.status


@pytest.mark.parametrize(
    ("world", "told"),
    [
        (Observation("Won.", 1.0, True, True), "✔ solved"),
        (Observation("Lost.", 0.0, True, False), "□ not solved: the world is done"),
        (Observation("Go on.", 0.5), "□ not solved: the code is over"),
    ],
)
async def test_each_outcome_has_its_words(
    open_screen: OpenScreen, script_run: ScriptRun, world: Observation, told: str
) -> None:
    async with open_screen(script_run("run('go')", {"go": world})) as ui:
        await ui.press("c")
        assert told in ui.status
        assert f"score {world.score:g}" in ui.panel("environment")


async def test_a_run_that_failed_says_so(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run({ROOT: ["assert 0"] * 3})) as ui:
        await ui.press("c")
        assert "at a failure" in ui.status
        await ui.press("c", "c", "c", "c", "c", "c")
        assert "✖ not solved: failed" in ui.status


async def test_the_past_is_marked(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("a = 1\nb = 2")) as ui:
        await ui.press("s", "s")
        assert "◀" not in ui.status
        await ui.press("S")
        assert "◀ before the model" in ui.status


COUNTS = (Count("139 replayed", 5), Count("139 steps", 0), Count("depth 3", 4), Count("12 calls", 1))


@pytest.mark.parametrize("width", [1, 5, 20, 40, 60, 80, 120, 200])
def test_the_bar_never_outgrows_its_width_and_keeps_the_state(width: int) -> None:
    state = "⏸ before an action"
    made = bar(width, Title("", "", "household put:7"), Content(state), COUNTS, branch="edit-1")
    assert made.cell_length <= max(width, len(state) + len("  ▸ edit-1") + 2)
    assert state in made.plain


@pytest.mark.parametrize("width", range(40, 160))
def test_counts_are_whole_or_gone_and_the_title_gives_way_before_them(width: int) -> None:
    title = "heat some egg and put it in the diningtable · expert · alfworld valid_seen/pick_heat_then_place"
    made = bar(width, Title(*title.split(" · ")), Content("✔ solved"), COUNTS).plain
    told = made.partition("✔ solved")[2].strip()
    whole = [count.text for count in COUNTS if count.text in told]
    assert told == "  ".join(whole)
    assert title in made or len(whole) == len(COUNTS) or len(made.partition("  ")[0]) < 40
    assert width < 40 + 9 or "139 steps" in whole


def test_of_a_title_without_room_the_words_and_the_model_are_seen() -> None:
    title = Title("heat some egg and put it in the diningtable", "some-model", "household heat:7:large")
    made = bar(60, title, Content("✔ solved"), COUNTS[1:]).plain
    assert made.startswith("heat some") and "… · some-model  " in made and "heat:7" not in made
    assert bar(24, title, Content("✔ solved"), ()).plain.startswith("heat some egg… ")


def test_a_title_with_room_ends_with_the_environment_and_the_task() -> None:
    title = Title("put a cd in shelf", "expert", "household put:7")
    made = bar(80, title, Content("✔ solved"), ())
    assert made.plain.startswith("ReCode · put a cd in shelf · expert · household put:7")
    assert "ReCode · household put:7" in bar(80, Title("", "", "household put:7"), Content(""), ()).plain


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (40, 24)])
async def test_however_narrow_the_keys_of_command_and_help_are_there(
    open_screen: OpenScreen, expert: Open, size: tuple[int, int]
) -> None:
    async with open_screen(expert, size) as ui:
        assert ui.footer.strip().endswith(": command  ? help")
        assert "0 steps" in ui.status
