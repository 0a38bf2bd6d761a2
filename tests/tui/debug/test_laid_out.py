"""Observations in the reading window: laid out by their environment, literal, copied as they came."""

from __future__ import annotations

import pytest

from recode_core.environments.household import Household
from recode_core.errors import RecodeError
from recode_tui import opening
from recode_tui.debug.textview import TextView
from tests.tui.debug.conftest import SAMPLES, Scripting, Sit
from tests.tui.debug.seat import Seat, shown_of

SIZES = [(120, 40), (80, 24)]


async def read(seat: Seat, row: int) -> str:
    """Read an observation of the environment panel; what it is."""
    await seat.press("3", "home", *["down"] * row)
    await seat.hit("enter")
    await seat.until(lambda: seat.has_dialog)
    await seat.taken()
    act = seat.screen.query_one("#environment").act  # type: ignore[attr-defined]
    return str(act.observation.text)


def line_with(seat: Seat, text: str) -> str:
    """The first line of the window that has a text in it."""
    window = shown_of(seat.app.screen.query_one(TextView)).split("\n")
    return next(line for line in window if text in line).strip(" ┃▌▐█▁▂▃▄▅▆▇")


@pytest.mark.parametrize("size", SIZES)
async def test_results_of_a_shop_are_a_product_a_line(sit: Sit, size: tuple[int, int]) -> None:
    async with sit(opening.recording(SAMPLES / "webshop-flavour.jsonl"), size=size) as seat:
        text = await read(seat, 1)
        assert line_with(seat, "[B003I567W4]").startswith("[B003I567W4]  $34.44  Blue Diamond Almonds")
        assert line_with(seat, "[Next >]") == "[Back to Search] [Next >]"
        assert seat.app.screen.query_one("#box").border_subtitle == "results"
        await seat.hit("y")
        assert seat.app.clipboard == text


async def test_a_product_has_its_options_and_its_buttons_in_lines(sit: Sit) -> None:
    async with sit(opening.recording(SAMPLES / "webshop-flavour.jsonl")) as seat:
        await read(seat, 3)
        assert line_with(seat, "[Buy Now]") == "[Description] [Features] [Reviews] [Buy Now]"
        assert line_with(seat, "[country ranch]").startswith("[country ranch] [multi-seeds] [orig")


@pytest.mark.parametrize("size", SIZES)
async def test_the_things_of_a_laboratory_are_nested(sit: Sit, size: tuple[int, int]) -> None:
    async with sit(opening.recording(SAMPLES / "scienceworld-thermometer.jsonl"), size=size) as seat:
        await read(seat, 2)
        bowl, apple = (next(x for x in seat.seen.split("\n") if t in x) for t in ("a bowl", "a red apple"))
        assert apple.index("a red") == bowl.index("a bowl") + 2


async def test_as_it_came_is_one_key_away_and_back(sit: Sit) -> None:
    async with sit(opening.recording(SAMPLES / "household-puttwo.jsonl")) as seat:
        text = await read(seat, 1)
        assert line_with(seat, "bread 2") == "a bread 2,"
        assert "as it came" in seat.seen
        await seat.hit("r")
        assert line_with(seat, "bread 2") == text
        await seat.hit("y")
        assert seat.app.clipboard == text
        await seat.hit("r")
        assert line_with(seat, "bread 2") == "a bread 2,"
        await seat.hit("slash")
        await seat.write("bread 1.")
        assert "1 of 1" in seat.seen
        await seat.hit("enter", "r")
        assert line_with(seat, "bread 1.") == text
        assert "1 of 1" in seat.seen


async def test_without_a_layout_the_text_is_as_it_came_and_no_key_is_offered(
    sit: Sit, scripting: Scripting
) -> None:
    async with sit(scripting("run('look')", {"look": "You see a [b]cup 1[/b], and a cup 2."})) as seat:
        await seat.press("c", "3", "end")
        await seat.hit("enter")
        await seat.until(lambda: seat.has_dialog)
        await seat.taken()
        assert line_with(seat, "[b]") == "You see a [b]cup 1[/b], and a cup 2."
        assert "as it came" not in seat.seen


async def test_a_recording_is_read_where_its_environment_can_not_be_loaded(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str) -> Household:
        raise RecodeError("not here")

    monkeypatch.setattr("recode_core.environments.reading.environment", gone)
    async with sit(opening.recording(SAMPLES / "kitchen-alfworld.jsonl")) as seat:
        text = await read(seat, 1)
        assert line_with(seat, "pot 1.") == text
