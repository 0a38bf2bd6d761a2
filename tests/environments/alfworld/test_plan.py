from __future__ import annotations

import pytest

from recode_core.environments.alfworld.plan import expansions
from recode_core.environments.process.plan_policy import ROOT
from recode_core.statements import Code, parse

HEAT = [
    "go to countertop 2",
    "take mug 2 from countertop 2",
    "go to microwave 1",
    "heat mug 2 with microwave 1",
]
TWO = [
    *("go to desk 2", "take cd 2 from desk 2", "go to safe 1", "open safe 1", "move cd 2 to safe 1"),
    *("go to desk 1", "take cd 1 from desk 1", "go to safe 1", "move cd 1 to safe 1"),
]
LAMP = ["go to desk 1", "use desklamp 1", "take laptop 1 from desk 1"]


def _commands(found: dict[str, str], statement: str) -> list[str]:
    """What a placeholder comes to when all is expanded."""
    if statement not in found:
        return [statement.split("'")[1]] if "run(" in statement else []
    return [command for line in found[statement].splitlines() for command in _commands(found, line)]


@pytest.mark.parametrize("plan", [HEAT, TWO, LAMP])
def test_the_tree_of_a_plan_comes_to_the_plan(plan: list[str]) -> None:
    found = {statement: reply.code for statement, reply in expansions(plan).items()}
    assert _commands(found, ROOT) == plan
    for code in found.values():
        parse(code, frozenset({"instruction", "observation"}))


def test_one_object_is_done_in_sub_goals_and_two_are_brought_one_by_one() -> None:
    assert _placeholders(expansions(HEAT)[ROOT].code) == ["take_object", "heat_object"]
    found = expansions(TWO)
    assert _placeholders(found[ROOT].code) == ["bring_object", "bring_object"]
    assert _placeholders(found["bring_object('cd 1', 'safe 1')"].code) == ["take_object", "move_object"]
    assert "take cd 2 from desk 2 and move cd 2 to safe 1" in found["bring_object('cd 2', 'safe 1')"].thought


def _placeholders(code: str) -> list[str]:
    block = parse(code, frozenset()).block
    return [call for piece in block if isinstance(piece, Code) for call in piece.calls]
