from __future__ import annotations

from collections.abc import Callable

import pytest

from recode_core.environments.household.texts import HELP
from recode_core.environments.household.world import HouseholdWorld

Open = Callable[..., HouseholdWorld]

AT_COUNTER = "go to countertop 1"
TAKE_APPLE = "take apple 1 from countertop 1"


def test_the_first_observation_welcomes_lists_the_room_and_states_the_task(open_kitchen: Open) -> None:
    world = open_kitchen()
    assert world.reset().text == (
        "-= Welcome to TextWorld, ALFRED! =-\n\n"
        "You are in the middle of a room. Looking quickly around you, you see a countertop 1, a drawer 1, "
        "a fridge 1, a microwave 1, a sinkbasin 1, a stoveburner 2, and a stoveburner 1.\n\n"
        "Your task is to: put a hot apple in countertop."
    )
    assert world.instruction == "put a hot apple in countertop."


@pytest.mark.parametrize(
    ("before", "command", "text"),
    [
        ([], "look", "You are in the middle of a room. Looking quickly around you, you see nothing."),
        ([], "inventory", "You are not carrying anything."),
        ([], "help", HELP),
        ([], "go to drawer 1", "You arrive at drawer 1. The drawer 1 is closed."),
        (
            [],
            "go to countertop 1",
            "You arrive at countertop 1. On the countertop 1, you see a apple 1, a desklamp 1, a knife 1, "
            "and a spoon 1.",
        ),
        ([], "go to sinkbasin 1", "You arrive at sinkbasin 1. On the sinkbasin 1, you see nothing."),
        (
            ["go to drawer 1"],
            "open drawer 1",
            "You open the drawer 1. The drawer 1 is open. In it, you see nothing.",
        ),
        (["go to drawer 1", "open drawer 1"], "close drawer 1", "You close the drawer 1."),
        (
            ["go to fridge 1", "open fridge 1"],
            "examine fridge 1",
            "The fridge 1 is open. In it, you see a apple 2.",
        ),
        (["go to fridge 1"], "look", "You are facing the fridge 1. Next to it, you see nothing."),
        ([AT_COUNTER], TAKE_APPLE, "You pick up the apple 1 from the countertop 1."),
        ([AT_COUNTER, TAKE_APPLE], "inventory", "You are carrying: a apple 1."),
        ([AT_COUNTER, TAKE_APPLE], "examine apple 1", "There's nothing special about apple 1."),
        (
            [AT_COUNTER, TAKE_APPLE],
            "move apple 1 to countertop 1",
            "You move the apple 1 to the countertop 1.",
        ),
        ([AT_COUNTER], "use desklamp 1", "You turn on the desklamp 1."),
        ([AT_COUNTER, "use desklamp 1"], "use desklamp 1", "You turn on the desklamp 1."),
        (
            [AT_COUNTER, "take knife 1 from countertop 1"],
            "slice apple 1 with knife 1",
            "You sliced the apple 1 with the knife 1.",
        ),
        ([], "\tgo to drawer 1 ", "You arrive at drawer 1. The drawer 1 is closed."),
    ],
)
def test_a_command_is_answered_in_alfworlds_words(
    open_kitchen: Open, before: list[str], command: str, text: str
) -> None:
    assert open_kitchen(*before).step(command).text == text


@pytest.mark.parametrize(
    ("before", "command"),
    [
        ([], "Go to drawer 1"),
        ([], "go to  drawer 1"),
        ([], "go to drawer 9"),
        ([], "go to apple 1"),
        ([], "put apple 1 in/on countertop 1"),
        ([], ""),
        ([], "look\nlook"),
        ([], "open drawer 1"),
        ([], TAKE_APPLE),
        ([], "examine drawer 1"),
        (["go to drawer 1"], "go to drawer 1"),
        (["go to stoveburner 1"], "go to stoveburner 2"),
        (["go to drawer 1", "open drawer 1"], "open drawer 1"),
        (["go to drawer 1"], "close drawer 1"),
        ([AT_COUNTER], "open countertop 1"),
        ([AT_COUNTER], "close countertop 1"),
        ([AT_COUNTER], "examine apple 1"),
        ([AT_COUNTER], "take desklamp 1 from countertop 1"),
        ([AT_COUNTER], "take apple 2 from countertop 1"),
        ([AT_COUNTER], "take apple 1 from nowhere 1"),
        ([AT_COUNTER, TAKE_APPLE], "take spoon 1 from countertop 1"),
        (["go to fridge 1"], "take apple 2 from fridge 1"),
        ([AT_COUNTER, TAKE_APPLE, "go to fridge 1"], "move apple 1 to fridge 1"),
        ([AT_COUNTER, TAKE_APPLE, "go to drawer 1", "open drawer 1"], "move apple 1 to drawer 1"),
        ([AT_COUNTER, TAKE_APPLE], "heat apple 1 with microwave 1"),
        ([AT_COUNTER, TAKE_APPLE, "go to fridge 1"], "heat apple 1 with fridge 1"),
        ([AT_COUNTER, "take spoon 1 from countertop 1", "go to fridge 1"], "cool spoon 1 with fridge 1"),
        (["go to sinkbasin 1"], "clean apple 1 with sinkbasin 1"),
        ([AT_COUNTER], "use apple 1"),
        ([AT_COUNTER], "slice apple 1 with knife 1"),
        ([AT_COUNTER, "take spoon 1 from countertop 1"], "slice apple 1 with spoon 1"),
        ([AT_COUNTER, "take knife 1 from countertop 1"], "slice knife 1 with knife 1"),
        ([AT_COUNTER, "take knife 1 from countertop 1", "go to fridge 1"], "slice apple 1 with knife 1"),
    ],
)
def test_what_is_not_possible_changes_nothing(open_kitchen: Open, before: list[str], command: str) -> None:
    world = open_kitchen(*before)
    state = world.snapshot()
    assert world.step(command).text == "Nothing happens."
    assert world.snapshot() == state


@pytest.mark.parametrize(
    ("treatments", "text"),
    [
        (["heat"], "This is a hot apple 1."),
        (["cool"], "This is a cold apple 1."),
        (["clean"], "This is a clean apple 1."),
        (["heat", "cool"], "This is a cold apple 1."),
        (["cool", "heat"], "This is a hot apple 1."),
        (["clean", "heat"], "This is a hot and clean apple 1."),
        (["cool", "clean"], "This is a cool and clean apple 1."),
        (["slice"], "This is a sliced apple 1."),
        (["slice", "cool"], "This is a cool sliced apple 1."),
        (["slice", "clean"], "This is a clean sliced apple 1."),
        (["slice", "clean", "heat"], "This is a hot and clean sliced apple 1."),
    ],
)
def test_an_item_shows_how_it_was_treated(open_kitchen: Open, treatments: list[str], text: str) -> None:
    how = {
        "slice": [
            "take knife 1 from countertop 1",
            "slice apple 1 with knife 1",
            "move knife 1 to countertop 1",
            TAKE_APPLE,
        ],
        "heat": ["go to microwave 1", "heat apple 1 with microwave 1"],
        "cool": ["go to fridge 1", "cool apple 1 with fridge 1"],
        "clean": ["go to sinkbasin 1", "clean apple 1 with sinkbasin 1"],
    }
    taken = [] if "slice" in treatments else [TAKE_APPLE]
    commands = [command for treatment in treatments for command in how[treatment]]
    assert open_kitchen(AT_COUNTER, *taken, *commands).step("examine apple 1").text == text


def test_a_container_shows_its_content_and_never_its_treatment(open_kitchen: Open) -> None:
    world = open_kitchen(
        "go to stoveburner 1",
        "take mug 1 from stoveburner 1",
        "go to microwave 1",
        "heat mug 1 with microwave 1",
    )
    assert (
        world.step("examine mug 1").text == "This is a normal mug 1. In it, you see a pen 1, and a pencil 1."
    )


def test_receptacles_at_one_place_are_faced_together(open_kitchen: Open) -> None:
    world = open_kitchen("go to stoveburner 2")
    assert (
        world.step("look").text
        == "You are facing the stoveburner 2, and stoveburner 1. Next to it, you see nothing."
    )
    assert world.step("examine stoveburner 1").text == "On the stoveburner 1, you see a mug 1."


def test_look_tells_of_what_changed_its_receptacle_at_a_place(open_kitchen: Open) -> None:
    world = open_kitchen(
        "go to stoveburner 1", "take mug 1 from stoveburner 1", "move mug 1 to stoveburner 2"
    )
    assert world.step("look").text.endswith("Next to it, you see a mug 1.")
    world.step("take mug 1 from stoveburner 2")
    world.step("move mug 1 to stoveburner 1")
    assert world.step("look").text.endswith("Next to it, you see a mug 1.")


def test_what_is_possible_is_what_does_something(open_kitchen: Open) -> None:
    world = open_kitchen("go to fridge 1")
    before = world.snapshot()
    listed = world.possible
    assert "open fridge 1" in listed and "go to drawer 1" in listed
    assert "take apple 2 from fridge 1" not in listed and "go to fridge 1" not in listed
    assert world.snapshot() == before
    world.step("open fridge 1")
    assert "take apple 2 from fridge 1" in world.possible
