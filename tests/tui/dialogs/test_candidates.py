"""Candidates: heard side by side, compared, and one chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recode_core.debugger.rollouts import Rollout, RolloutOutcome
from recode_tui.debug.dialogs.candidates import CandidatesScreen

if TYPE_CHECKING:
    from tests.tui.dialogs.conftest import Opener

PRESENT = "go('drawer 1')\nlook()"


def rollout(number: int, outcome: RolloutOutcome, code: str, score: float = 0.0, detail: str = "") -> Rollout:
    return Rollout(
        number=number,
        branch=f"candidate-{number}",
        node="0.1",
        outcome=outcome,
        detail=detail,
        thought="",
        code=code,
        score=score,
        steps=3,
        calls=1,
        tokens=100,
        cost_usd=None if number == 3 else 0.0012,
        seconds=2.25,
    )


ROLLOUTS = [
    rollout(1, "failed", "go('drawer 2')\nlook()", 0.5),
    rollout(2, "solved", "go('drawer 1')\nopen_it()\nlook()", 1.0),
    rollout(3, "refused", "", detail="line 1: `def` is\nnot allowed"),
]


class Stops:
    """Counts how often it was asked to end them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def candidates(stops: Stops | None = None) -> CandidatesScreen:
    return CandidatesScreen("0.1", "find([obj])", PRESENT, 3, stops or Stops())


async def test_candidates_are_heard_side_by_side_as_they_reply(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen, (120, 40)) as (app, pilot):
        screen.append_stream(2, "[b]second[/b]\x1b[2J")
        screen.append_stream(1, "fir")
        screen.append_stream(1, "st")
        await pilot.pause(0.2)
        row = next(line for line in app.seen().split("\n") if "first" in line)
        assert row.index("first") < row.index("[b]second[/b]␛[2J")
        assert "1  ◐ replying, 5 characters" in app.seen()
        assert "asking for 3, 2 have begun to reply" in app.seen()


async def test_each_has_its_place_before_it_replies_and_those_never_tried_lose_theirs(opened: Opener) -> None:
    screen = CandidatesScreen("0.1", "find([obj])", PRESENT, 3, Stops(), first=4)
    async with opened(screen, (120, 40)) as (app, pilot):
        screen.append_stream(5, "the second")
        await pilot.pause(0.2)
        assert "4  · waiting" in app.seen() and "6  · waiting" in app.seen()
        assert "asking for 3, 1 has begun to reply" in app.seen()
        screen.finished([rollout(5, "paused", "look()")])
        await pilot.pause(0.2)
        assert screen.columns.numbers == [5] and "waiting" not in app.seen()


async def test_the_reply_to_another_request_begins_on_a_line_of_its_own(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen, (120, 40)) as (app, pilot):
        screen.append_stream(1, "a refused ", asked=7)
        screen.append_stream(1, "reply", asked=7)
        screen.append_stream(1, "a better one", asked=9)
        await pilot.pause(0.2)
        assert "│a refused reply " in app.seen() and "│a better one " in app.seen()


async def test_the_time_goes_on_by_itself(opened: Opener) -> None:
    async with opened(candidates()) as (app, pilot):
        await pilot.pause(0.1)
        before = app.seen()
        await pilot.pause(0.4)
        assert app.seen() != before


async def test_what_came_of_each_stands_in_a_table_with_the_best_under_the_cursor(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen, (120, 40)) as (app, pilot):
        screen.finished(ROLLOUTS)
        await pilot.pause(0.2)
        assert "✖ failed         0.5      3      1   $0.0012" in app.seen()
        assert "✔ solved           1" in app.seen() and "unknown" in app.seen()
        assert "none: line 1: `def` is not allowed" in app.seen()
        assert "- go('drawer 1')" in app.seen() and "+ go('drawer 2')" in app.seen()
        assert "+ open_it()" in app.seen()
        await pilot.press("enter")
        await pilot.pause()

    assert app.answers == [2]


async def test_one_is_seen_at_a_time_where_there_is_no_room(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen, (80, 24)) as (app, pilot):
        screen.append_stream(1, "alpha")
        screen.append_stream(2, "omega")
        await pilot.pause(0.2)
        assert "alpha" in app.seen() and "omega" not in app.seen()
        await pilot.press("down")
        await pilot.pause()
        assert "alpha" not in app.seen() and "omega" in app.seen()


async def test_the_reply_and_the_difference_take_turns(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen, (120, 40)) as (app, pilot):
        screen.append_stream(1, "the first reply")
        screen.finished(ROLLOUTS)
        await pilot.pause(0.2)
        assert "the first reply" not in app.seen()
        await pilot.press("d")
        await pilot.pause()
        assert "the first reply" in app.seen() and "+ go('drawer 2')" not in app.seen()
        await pilot.press("d")
        await pilot.pause()
        assert "+ go('drawer 2')" in app.seen()


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("keys", "answers"),
    [(["1"], [1]), (["up", "enter"], [1]), (["3"], []), (["9"], []), (["escape"], [None])],
)
async def test_a_candidate_is_chosen_by_its_number_or_its_row(
    opened: Opener, keys: list[str], answers: list[object]
) -> None:
    screen = candidates()
    async with opened(screen) as (app, pilot):
        screen.finished(ROLLOUTS)
        await pilot.pause(0.2)
        await pilot.press(*keys)
        await pilot.pause()
        assert app.answers == answers
        if keys == ["3"]:
            assert "3 has no code to adopt: line 1: `def` is not allowed" in app.seen()


async def test_numbers_of_several_digits_can_be_typed(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen) as (app, pilot):
        screen.finished([rollout(n, "failed", "look()") for n in (1, 10, 11)])
        await pilot.pause(0.2)
        await pilot.press("1", "1")
        await pilot.pause()

    assert app.answers == [11]


async def test_nothing_can_be_chosen_before_they_are_over(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen) as (app, pilot):
        screen.append_stream(1, "first")
        await pilot.pause(0.2)
        await pilot.press("1", "enter")
        await pilot.pause()
        assert app.answers == []


@pytest.mark.parametrize("key", ["p", "ctrl+c"])
async def test_those_under_way_can_be_ended_once_they_have_begun(opened: Opener, key: str) -> None:
    stops = Stops()
    screen = candidates(stops)
    async with opened(screen) as (_, pilot):
        await pilot.press(key)
        assert stops.count == 1
        screen.finished(ROLLOUTS[:1])
        await pilot.pause(0.1)
        await pilot.press(key)
        assert stops.count == 1


async def test_escape_ends_nothing(opened: Opener) -> None:
    stops = Stops()
    async with opened(candidates(stops)) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause()

    assert app.answers == [None] and stops.count == 0


async def test_what_happens_after_the_dialog_was_left_disturbs_nobody(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause(0.1)
        screen.append_stream(1, "late")
        screen.finished(ROLLOUTS)
        screen.failed("too late")
        await pilot.pause(0.1)

    assert app.answers == [None]


async def test_a_failure_is_said_with_what_was_heard(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen) as (app, pilot):
        screen.append_stream(1, "first")
        screen.failed("this environment can't be brought back")
        await pilot.pause(0.2)
        assert "this environment can't be brought back" in app.seen() and "first" in app.seen()


async def test_a_row_is_chosen_with_the_mouse(opened: Opener) -> None:
    screen = candidates()
    async with opened(screen) as (app, pilot):
        screen.finished(ROLLOUTS)
        await pilot.pause(0.2)
        row = next(y for y, line in enumerate(app.seen().split("\n")) if "✖ failed" in line)
        await pilot.click(offset=(10, row))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()

    assert app.answers == [1]
