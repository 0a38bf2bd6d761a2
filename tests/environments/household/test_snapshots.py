from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.environments.environment import Snapshots
from recode_core.environments.household.task_id import scene_of
from recode_core.environments.household.world import HouseholdWorld

Open = Callable[..., HouseholdWorld]


def test_a_reset_world_starts_again(open_kitchen: Open) -> None:
    world = open_kitchen()
    first, state = world.reset(), world.snapshot()
    world.step("go to countertop 1")
    world.step("take apple 1 from countertop 1")
    assert (world.reset(), world.snapshot()) == (first, state)


def test_a_world_offers_snapshots_and_refuses_what_is_none(open_kitchen: Open) -> None:
    world = open_kitchen()
    assert isinstance(world, Snapshots)
    with pytest.raises(TypeError, match="'yesterday'"):
        world.restore("yesterday")


SCENE = scene_of("puttwo:3")
_ITEM, _RECEPTACLE = st.sampled_from(list(SCENE.items)), st.sampled_from(list(SCENE.receptacles))
COMMANDS = st.lists(
    st.one_of(
        st.builds("go to {}".format, _RECEPTACLE),
        st.builds("open {}".format, _RECEPTACLE),
        st.builds("close {}".format, _RECEPTACLE),
        st.builds("use {}".format, _ITEM),
        st.builds("take {} from {}".format, _ITEM, _RECEPTACLE),
        st.builds("move {} to {}".format, _ITEM, _RECEPTACLE),
        st.sampled_from(sorted(SCENE.start.inside)).map(lambda pair: "take {} from {}".format(*pair)),
        st.sampled_from(["look", "inventory"]),
    ),
    max_size=30,
)


@given(before=COMMANDS, after=COMMANDS)
def test_a_restored_world_answers_as_it_did(before: list[str], after: list[str]) -> None:
    world = HouseholdWorld(SCENE)
    world.reset()
    for command in before:
        world.step(command)
    state = world.snapshot()
    first = [world.step(command) for command in after]
    world.restore(state)
    assert world.snapshot() == state
    assert [world.step(command) for command in after] == first
