from __future__ import annotations

import pytest

from recode_core.environments.scripted import NOTHING, ScriptedWorld
from recode_core.errors import Diverged, EnvironmentUnavailable
from recode_core.events import ActionFinished, ActionReached, Event, Place, WorldReset
from recode_core.values import Observation, Span
from tests.support.recorded_world import RecordedWorld

PLACE = Place("0", (), Span(1, 0, 1, 1))
EVENTS: list[Event] = [
    WorldReset("do it.", Observation("first")),
    ActionReached(PLACE, "a", PLACE.span),
    ActionFinished(Observation("one")),
    ActionReached(PLACE, "b", PLACE.span),
    ActionFinished(Observation("two", score=1.0, done=True)),
]


def test_a_list_is_answered_in_order_and_then_nothing_happens() -> None:
    world = ScriptedWorld(["one", Observation("two", score=0.5)])
    answers = [world.step(action) for action in "abc"]
    assert answers == [Observation("one"), Observation("two", score=0.5), Observation(NOTHING)]
    assert world.actions == ["a", "b", "c"]


def test_a_mapping_is_answered_by_action() -> None:
    world = ScriptedWorld({"b": "two"}, first="begin")
    assert [world.reset().text, world.step("b").text, world.step("a").text] == ["begin", "two", NOTHING]


def test_an_exception_among_the_answers_is_raised_once() -> None:
    world = ScriptedWorld([EnvironmentUnavailable("gone"), "back"])
    with pytest.raises(EnvironmentUnavailable, match="gone"):
        world.step("a")
    assert (world.step("a").text, world.actions) == ("back", ["a"])


def test_a_recorded_world_answers_as_it_once_did() -> None:
    world = RecordedWorld(EVENTS)
    assert (world.instruction, world.reset().text) == ("do it.", "first")
    assert [world.step("a").text, world.step("b")] == ["one", Observation("two", score=1.0, done=True)]


def test_a_recorded_world_refuses_another_action_and_stays_where_it_was() -> None:
    world = RecordedWorld(EVENTS)
    world.step("a")
    with pytest.raises(Diverged) as caught:
        world.step("c")
    assert (caught.value.at, caught.value.recorded, caught.value.actual) == (3, "b", "c")
    assert world.step("b").text == "two"


def test_a_recorded_world_at_its_end_has_nothing_to_answer() -> None:
    world = RecordedWorld(EVENTS[:2])
    with pytest.raises(EnvironmentUnavailable, match="'a'"):
        world.step("a")
    with pytest.raises(EnvironmentUnavailable, match="first observation"):
        RecordedWorld([])


def test_a_recorded_world_can_be_saved_restored_and_reset() -> None:
    world = RecordedWorld(EVENTS)
    world.step("a")
    state = world.snapshot()
    world.step("b")
    world.restore(state)
    assert world.step("b").text == "two"
    world.reset()
    assert world.step("a").text == "one"
    with pytest.raises(TypeError, match="'elsewhere'"):
        world.restore("elsewhere")
