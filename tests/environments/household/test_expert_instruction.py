from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.environments.household.expert.instruction import Instruction, read_instruction
from recode_core.environments.household.goals import WORDINGS
from recode_core.environments.household.rooms import FURNITURE, HELD_BY

OBJECTS = st.sampled_from(sorted({item for items in HELD_BY.values() for item in items}))
TARGETS = st.sampled_from(sorted({kind for furniture in FURNITURE.values() for kind in furniture}))


@given(obj=OBJECTS, target=TARGETS)
def test_every_wording_of_every_goal_is_understood(obj: str, target: str) -> None:
    for kind, wordings in WORDINGS.items():
        place = "desklamp" if kind == "examine" else target
        for wording in wordings:
            assert read_instruction(wording.format(item=obj, target=place)) == Instruction(kind, obj, place)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Your task is to: put a candle in toilet.", Instruction("put", "candle", "toilet")),
        ("put an egg on the countertop", Instruction("put", "egg", "countertop")),
        ("Put a salt shaker in the drawer.", Instruction("put", "saltshaker", "drawer")),
        ("put a cool bread in countertop.", Instruction("cool", "bread", "countertop")),
        ("heat the mug and put it in coffeemachine.", Instruction("heat", "mug", "coffeemachine")),
        ("examine the cd with the floorlamp.", Instruction("examine", "cd", "floorlamp")),
        ("find two cd and put them in safe.", Instruction("puttwo", "cd", "safe")),
    ],
)
def test_what_tasks_and_people_write_is_understood(text: str, meant: Instruction) -> None:
    assert read_instruction(text) == meant


@pytest.mark.parametrize("text", ["", "dance.", "put", "look at the view.", "find the key"])
def test_another_task_is_not_guessed_at(text: str) -> None:
    assert read_instruction(text) is None
