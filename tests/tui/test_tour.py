"""The tour of the demo waits for what the user does, and says how to get back."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

import pytest
from msgspec.structs import replace

from recode_core import demo
from recode_tui.demo.bar import lines
from recode_tui.demo.steps import KEY, NODE, OFFER, STEPS, VARIABLE
from recode_tui.demo.tour import Tour, TourSituation, TourStep

END = TourSituation("end", "0", outcome="finished")
CALL = TourSituation("model", NODE, culprit=NODE, commands=frozenset({f"origin {VARIABLE}"}))
MENDED = replace(CALL, branch="regenerate-1")
SOLVED = TourSituation("end", "0", "regenerate-1", "solved")

PATH = (
    END,
    replace(END, panel="environment"),
    replace(END, culprit=NODE),
    replace(END, culprit=NODE, commands=frozenset({f"origin {VARIABLE}"})),
    CALL,
    replace(CALL, panel="code", tab="prompt"),
    MENDED,
    SOLVED,
    replace(SOLVED, above="compare"),
    SOLVED,
)
"""A situation for each step: the one in which it is next."""


def test_each_step_is_done_by_what_its_keys_lead_to() -> None:
    tour = Tour(STEPS)
    for number, situation in enumerate(PATH):
        tour.see(situation)
        assert (tour.at, tour.has_strayed) == (number, False)
        assert tour.keys == STEPS[number].keys
    assert tour.is_over and len(PATH) == len(STEPS) <= 12


def test_a_step_waits_as_long_as_it_is_not_done() -> None:
    tour = Tour(STEPS)
    for _ in range(3):
        tour.see(END)
        tour.see(replace(END, panel="variables"))
    assert tour.at == 0 and tour.count == f"1/{len(STEPS)}"


@pytest.mark.parametrize(
    ("done", "elsewhere", "back"),
    [
        (0, TourSituation("statement", "0.3"), "c goes on"),
        (2, replace(END, branch="probe-1"), ":switch main"),
        (4, replace(CALL, stop="statement", node="0.9"), f":goto {NODE}"),
        (5, END, f":goto {NODE}"),
        (6, replace(MENDED, stop="end", outcome="finished"), f":goto {NODE}"),
        (7, END, "T goes to another branch"),
    ],
)
def test_who_strays_is_told_how_to_get_back(done: int, elsewhere: TourSituation, back: str) -> None:
    tour = Tour(STEPS)
    tour.at = done
    tour.see(elsewhere)
    assert tour.at == done and tour.has_strayed
    assert not tour.keys and back in tour.text
    tour.see(PATH[done])
    assert not tour.has_strayed and tour.keys == STEPS[done].keys


def test_a_branch_by_hand_is_as_good_as_one_that_was_asked_for() -> None:
    tour = Tour(STEPS)
    tour.at = 5
    tour.see(replace(CALL, branch="edit-1", stop="statement", node="0.8.0"))
    assert tour.at == 6
    tour.see(replace(SOLVED, branch="edit-1"))
    assert tour.at == 7


def test_steps_that_are_done_already_are_passed_at_once() -> None:
    tour = Tour([step("a", lambda now: True), step("b", lambda now: True), step("end", lambda now: True)])
    tour.see(END)
    assert tour.step.keys == "end" and tour.is_over


@pytest.mark.parametrize(
    ("count", "keys", "text"),
    [
        ("", KEY, OFFER),
        *((f"10/{len(STEPS)}", each.keys, each.text) for each in STEPS),
        *((f"10/{len(STEPS)}", "", each.back) for each in STEPS if each.back),
    ],
)
def test_on_80_columns_two_lines_show_all(count: str, keys: str, text: str) -> None:
    assert len(wrap(lines(count, keys, text).plain, 78)) <= 2


def test_a_step_that_can_be_strayed_from_says_how_to_get_back() -> None:
    nowhere = TourSituation("start", "", "elsewhere")
    assert all(each.back for each in STEPS if not each.is_possible(nowhere))


def test_the_story_is_about_the_mistake_of_the_demo() -> None:
    assert any(f"{VARIABLE} = " in reply.code for reply in demo.MISTAKES.values())


def step(keys: str, is_done: Callable[[TourSituation], bool]) -> TourStep:
    return TourStep(keys, "", is_done)
