"""Long texts are read, searched, wrapped and copied."""

from __future__ import annotations

import pytest

from recode_tui.debug.dialogs.observation import ObservationScreen
from recode_tui.widgets.text_view import TextView
from tests.tui.themed import DialogApp

TEXT = "You see a [Buy Now] button.\x1b[2J " * 100 + "The soap is here."


async def test_an_observation_is_read_to_its_end_and_left() -> None:
    app = DialogApp(ObservationScreen("record 12 · go to desk 1", TEXT))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "record 12 · go to desk 1" in app.seen
        assert "[Buy Now] button.␛[2J You see" in app.seen
        await pilot.press("end")
        assert "here." in app.seen
        await pilot.press("escape")
        assert app.answers == [None]


@pytest.mark.slow
async def test_a_search_counts_goes_round_and_is_backed_out_of_first() -> None:
    app = DialogApp(ObservationScreen("observation", TEXT))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"buy")
        assert "1 of 100" in app.seen
        await pilot.press("enter", "full_stop", "full_stop", "comma")
        assert "2 of 100" in app.seen
        await pilot.press("slash", *"zz")
        assert "nowhere" in app.seen
        await pilot.press("escape")
        assert "nowhere" not in app.seen and app.answers == []
        await pilot.press("q")
        assert app.answers == [None]


async def test_a_wrap_is_turned_off_and_all_of_the_text_copied() -> None:
    app = DialogApp(ObservationScreen("observation", TEXT))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("w")
        assert app.seen.count("Buy Now") == 2 and "⋯" in app.seen
        await pilot.press("w", "y")
        assert app.clipboard == TEXT
        assert app.seen.count("Buy Now") > 20


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("lines", [2, 200])
async def test_the_window_is_as_high_as_its_text_and_no_higher_than_the_screen(
    size: tuple[int, int], lines: int
) -> None:
    text = "\n".join(f"line {n}" for n in range(lines))
    app = DialogApp(ObservationScreen("look", text))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        box, view = app.screen.query_one("#box"), app.screen.query_one(TextView)
        assert box.outer_size.height == (lines + 4 if lines < 10 else view.outer_size.height + 4)
        assert lines < 10 or view.outer_size.height >= size[1] * 3 // 4
