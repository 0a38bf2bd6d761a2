"""Observations in the reading window: laid out by their environment, literal, copied as they came."""

from __future__ import annotations

import pytest

from recode_core.environments.household import Household
from recode_core.errors import RecodeError
from recode_tui import session_sources
from recode_tui.widgets.text_view import TextView
from tests.tui.debug.conftest import SAMPLES, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot, shown_of

SIZES = [(120, 40), (80, 24)]


async def read(ui: DebuggerPilot, row: int) -> str:
    """Read an observation of the environment panel; what it is."""
    await ui.press("3", "home", *["down"] * row)
    await ui.hit("enter")
    await ui.until(lambda: ui.has_dialog)
    await ui.taken()
    act = ui.screen.query_one("#environment").selected  # type: ignore[attr-defined]
    return str(act.observation.text)


def line_with(ui: DebuggerPilot, text: str) -> str:
    """The first line of the window that has a text in it."""
    window = shown_of(ui.app.screen.query_one(TextView)).split("\n")
    return next(line for line in window if text in line).strip(" ┃▌▐█▁▂▃▄▅▆▇")


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", SIZES)
async def test_results_of_a_shop_are_a_product_a_line(open_screen: OpenScreen, size: tuple[int, int]) -> None:
    async with open_screen(session_sources.recording(SAMPLES / "webshop-flavour.jsonl"), size=size) as ui:
        text = await read(ui, 1)
        assert line_with(ui, "[B003I567W4]").startswith("[B003I567W4]  $34.44  Blue Diamond Almonds")
        assert line_with(ui, "[Next >]") == "[Back to Search] [Next >]"
        assert ui.app.screen.query_one("#box").border_subtitle == "results"
        await ui.hit("y")
        assert ui.app.clipboard == text


@pytest.mark.slow
async def test_a_product_has_its_options_and_its_buttons_in_lines(open_screen: OpenScreen) -> None:
    async with open_screen(session_sources.recording(SAMPLES / "webshop-flavour.jsonl")) as ui:
        await read(ui, 3)
        assert line_with(ui, "[Buy Now]") == "[Description] [Features] [Reviews] [Buy Now]"
        assert line_with(ui, "[country ranch]").startswith("[country ranch] [multi-seeds] [orig")


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", SIZES)
async def test_the_things_of_a_laboratory_are_nested(open_screen: OpenScreen, size: tuple[int, int]) -> None:
    async with open_screen(
        session_sources.recording(SAMPLES / "scienceworld-thermometer.jsonl"), size=size
    ) as ui:
        await read(ui, 2)
        bowl, apple = (next(x for x in ui.seen.split("\n") if t in x) for t in ("a bowl", "a red apple"))
        assert apple.index("a red") == bowl.index("a bowl") + 2


@pytest.mark.slow
async def test_as_it_came_is_one_key_away_and_back(open_screen: OpenScreen) -> None:
    async with open_screen(session_sources.recording(SAMPLES / "household-puttwo.jsonl")) as ui:
        text = await read(ui, 1)
        assert line_with(ui, "bread 2") == "a bread 2,"
        assert "as it came" in ui.seen
        await ui.hit("r")
        assert line_with(ui, "bread 2") == text
        await ui.hit("y")
        assert ui.app.clipboard == text
        await ui.hit("r")
        assert line_with(ui, "bread 2") == "a bread 2,"
        await ui.hit("slash")
        await ui.write("bread 1.")
        assert "1 of 1" in ui.seen
        await ui.hit("enter", "r")
        assert line_with(ui, "bread 1.") == text
        assert "1 of 1" in ui.seen


async def test_without_a_layout_the_text_is_as_it_came_and_no_key_is_offered(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("run('look')", {"look": "You see a [b]cup 1[/b], and a cup 2."})) as ui:
        await ui.press("c", "3", "end")
        await ui.hit("enter")
        await ui.until(lambda: ui.has_dialog)
        await ui.taken()
        assert line_with(ui, "[b]") == "You see a [b]cup 1[/b], and a cup 2."
        assert "as it came" not in ui.seen


async def test_a_recording_is_read_where_its_environment_can_not_be_loaded(
    open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str) -> Household:
        raise RecodeError("not here")

    monkeypatch.setattr("recode_core.environments.observation_layout.environment", gone)
    async with open_screen(session_sources.recording(SAMPLES / "kitchen-alfworld.jsonl")) as ui:
        text = await read(ui, 1)
        assert line_with(ui, "pot 1.") == text
