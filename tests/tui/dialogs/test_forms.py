"""Asking again, and raising a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.debugger.commands import Regenerate, parse
from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.events import LimitReached
from recode_tui.debug.dialogs.limit import LimitScreen
from recode_tui.debug.dialogs.regenerate import RegenerateScreen
from recode_tui.debug.dialogs.regeneration import Regeneration
from recode_tui.debug.flows import regenerate_command
from tests.tui.keys import press

if TYPE_CHECKING:
    from tests.tui.dialogs.conftest import Opener

ESTIMATE = CostEstimate(4, 4816, 0.0123, "4 x 1 calls")


def regenerate(asked: list[Regeneration] | None = None) -> RegenerateScreen:
    return RegenerateScreen("0.1", "find_and_take([obj])", "gpt-4o-mini", (asked or []).append)


async def test_enter_simply_asks_again(opened: Opener) -> None:
    async with opened(regenerate()) as (app, pilot):
        assert "find_and_take([obj])" in app.seen() and "gpt-4o-mini" in app.seen()
        await pilot.press("enter")
        await pilot.pause()

    assert app.answers == [Regeneration("0.1")]
    assert regenerate_command(Regeneration("0.1")).format().text == "regenerate 0.1"


async def test_all_that_is_filled_in_is_asked_for(opened: Opener) -> None:
    async with opened(regenerate()) as (app, pilot):
        await press(pilot, *"it's closed", "tab", *"big", "down", *"0.5", "tab", "backspace", "3")
        await pilot.pause()
        await press(pilot, "tab", "backspace", *"end", "enter")
        await pilot.pause()

    wanted = Regeneration("0.1", "it's closed", "big", 0.5, 3, "end")
    assert app.answers == [wanted]
    line = "regenerate 0.1 hint 'it'\"'\"'s closed' model big temperature 0.5 candidates 3 rollout end"
    assert regenerate_command(wanted).format().text == line


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["tab", "tab", *"-1"], "'-1' is not a number from 0 on"),
        (["tab", "tab", *"nan"], "'nan' is not a number from 0 on"),
        (["tab", "tab", "tab", "backspace", "0"], "'0' is not a whole number from 1 on"),
        (["tab", "tab", "tab", "2", "tab", *"x"], "neither a whole number nor end"),
    ],
)
async def test_a_bad_value_is_said_beside_its_field_and_not_asked(
    opened: Opener, keys: list[str], said: str
) -> None:
    async with opened(regenerate()) as (app, pilot):
        for key in keys:
            await pilot.press(key)
        await pilot.press("enter")
        await pilot.pause()
        assert said in app.seen()
        assert app.answers == []
        await pilot.press("escape")
        await pilot.pause()

    assert app.answers == [None]


@pytest.mark.slow
async def test_the_price_arrives_later_and_only_that_of_what_is_filled_in(opened: Opener) -> None:
    asked: list[Regeneration] = []
    screen = RegenerateScreen("0.1", "find()", "", asked.append)
    async with opened(screen) as (app, pilot):
        await pilot.pause(0.3)
        assert "…" in app.seen() and asked == [Regeneration("0.1")]
        screen.show_estimate(asked[0], ESTIMATE)
        await pilot.pause()
        assert "about $0.0123 · 4 calls · 4,816 tokens" in app.seen()
        await pilot.press("tab", "tab", "tab", "end", "0")
        await pilot.pause(0.3)
        assert asked[1:] == [Regeneration("0.1", candidates=10)]
        screen.show_estimate(asked[0], ESTIMATE)
        await pilot.pause()
        assert "4,816 tokens" not in app.seen()
        screen.show_estimate(asked[1], "the model has not been asked for '0.1' yet")
        await pilot.pause()
        assert "the model has not been asked for '0.1' yet" in app.seen()


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("temperature", "typed", "is_said"), [(0.0, "", True), (0.7, "", False), (0.0, "1", False)]
)
async def test_that_candidates_will_be_alike_is_said_before_they_are_paid(
    opened: Opener, temperature: float, typed: str, is_said: bool
) -> None:
    asked: list[Regeneration] = []
    screen = RegenerateScreen("0.1", "find()", "", asked.append, temperature)
    async with opened(screen) as (app, pilot):
        await pilot.press("tab", "tab", *typed, "tab", "backspace", "2")
        await pilot.pause(0.4)
        screen.show_estimate(asked[-1], ESTIMATE)
        await pilot.pause()
        assert ("At temperature 0 a model says much the same" in app.seen()) == is_said


async def test_a_price_that_arrives_after_the_dialog_was_left_disturbs_nobody(opened: Opener) -> None:
    asked: list[Regeneration] = []
    screen = RegenerateScreen("0.1", "find()", "", asked.append)
    async with opened(screen) as (app, pilot):
        await pilot.pause(0.3)
        await pilot.press("escape")
        await pilot.pause(0.1)
        screen.show_estimate(asked[0], ESTIMATE)

    assert app.answers == [None]


TEXTS = st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"])).map(str.strip)


@given(TEXTS, TEXTS, st.none() | st.floats(0, 10), st.integers(1, 99), st.just("end") | st.integers(0, 99))
def test_the_command_has_what_was_filled_in(
    hint: str, model: str, temperature: float | None, candidates: int, rollout: int
) -> None:
    command = regenerate_command(Regeneration("0.3#1.0", hint, model, temperature, candidates, rollout))
    several = (candidates, rollout) if candidates > 1 else (None, 0)
    assert command == Regenerate("0.3#1.0", hint, model, temperature, *several)
    assert parse(command.format().text) == command


@pytest.mark.parametrize(
    ("reached", "answer"),
    [
        (LimitReached("calls", 20, 20), 40),
        (LimitReached("steps", 0, 0), 1),
        (LimitReached("tokens", 100_250, 100_000), 200_500),
        (LimitReached("cost_usd", 0.0123, 0.01), 0.0246),
    ],
)
async def test_enter_raises_a_limit_to_twice_as_much(
    opened: Opener, reached: LimitReached, answer: float
) -> None:
    async with opened(LimitScreen(reached)) as (app, pilot):
        assert reached.name in app.seen()
        await pilot.press("enter")
        await pilot.pause()

    assert app.answers == [answer]


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("typed", "answers", "said"),
    [
        ("50", [50], ""),
        ("none", ["none"], ""),
        ("20", [], "it must be more than 20, not 20"),
        ("2.5", [], "'2.5' is not a whole number"),
        ("lots", [], "'lots' is not a whole number"),
    ],
)
async def test_a_limit_is_written(opened: Opener, typed: str, answers: list[object], said: str) -> None:
    async with opened(LimitScreen(LimitReached("calls", 20, 20))) as (app, pilot):
        await pilot.press("backspace", "backspace", *typed)
        await pilot.pause()
        assert said in app.seen()
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == answers


async def test_escape_leaves_a_limit_as_it_is(opened: Opener) -> None:
    async with opened(LimitScreen(LimitReached("seconds", 61.5, 60))) as (app, pilot):
        assert "61.5 of 60" in app.seen()
        await pilot.press("escape")
        await pilot.pause()

    assert app.answers == [None]
