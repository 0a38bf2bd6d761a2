from __future__ import annotations

from collections.abc import Callable

import pytest

from recode_core.environments.household.scene import RoomGoal
from recode_core.environments.household.world import HouseholdWorld

Open = Callable[..., HouseholdWorld]

AT_COUNTER = "go to countertop 1"
TAKE_APPLE = "take apple 1 from countertop 1"


@pytest.mark.parametrize(
    ("goal", "commands"),
    [
        (
            RoomGoal("put", "spoon", "drawer"),
            [
                AT_COUNTER,
                "take spoon 1 from countertop 1",
                "go to drawer 1",
                "open drawer 1",
                "move spoon 1 to drawer 1",
            ],
        ),
        (
            RoomGoal("clean", "spoon", "sinkbasin"),
            [
                AT_COUNTER,
                "take spoon 1 from countertop 1",
                "go to sinkbasin 1",
                "move spoon 1 to sinkbasin 1",
                "take spoon 1 from sinkbasin 1",
                "clean spoon 1 with sinkbasin 1",
                "move spoon 1 to sinkbasin 1",
            ],
        ),
        (
            RoomGoal("heat", "apple", "countertop"),
            [
                AT_COUNTER,
                TAKE_APPLE,
                "go to microwave 1",
                "heat apple 1 with microwave 1",
                AT_COUNTER,
                "move apple 1 to countertop 1",
            ],
        ),
        (
            RoomGoal("cool", "apple", "sinkbasin"),
            [
                AT_COUNTER,
                TAKE_APPLE,
                "go to fridge 1",
                "cool apple 1 with fridge 1",
                "go to sinkbasin 1",
                "move apple 1 to sinkbasin 1",
            ],
        ),
        (
            RoomGoal("examine", "spoon", "desklamp"),
            [AT_COUNTER, "take spoon 1 from countertop 1", "use desklamp 1"],
        ),
        (
            RoomGoal("puttwo", "apple", "countertop"),
            [
                "go to fridge 1",
                "open fridge 1",
                "take apple 2 from fridge 1",
                AT_COUNTER,
                "move apple 2 to countertop 1",
            ],
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, RoomGoal) else "",
)
def test_a_goal_holds_after_its_last_command_only(
    open_kitchen: Open, goal: RoomGoal, commands: list[str]
) -> None:
    world = open_kitchen(goal=goal)
    observations = [world.step(command) for command in commands]
    assert [(o.score, o.done, o.success) for o in observations[:-1]] == [(0.0, False, False)] * (
        len(commands) - 1
    )
    assert (observations[-1].score, observations[-1].done, observations[-1].success) == (1.0, True, True)


def test_two_items_in_two_receptacles_of_the_target_kind_are_not_two_in_one(open_kitchen: Open) -> None:
    world = open_kitchen(
        AT_COUNTER,
        TAKE_APPLE,
        "go to stoveburner 1",
        "move apple 1 to stoveburner 1",
        "go to fridge 1",
        "open fridge 1",
        "take apple 2 from fridge 1",
        "go to stoveburner 2",
        goal=RoomGoal("puttwo", "apple", "stoveburner"),
    )
    assert not world.step("move apple 2 to stoveburner 2").success
    world.step("take apple 2 from stoveburner 2")
    assert world.step("move apple 2 to stoveburner 1").success
