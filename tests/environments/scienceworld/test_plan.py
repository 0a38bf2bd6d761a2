from __future__ import annotations

from collections.abc import Sequence

import pytest

from recode_core.environments.process.plan_policy import ROOT
from recode_core.environments.scienceworld.engine import _teleported, _waited
from recode_core.environments.scienceworld.plan import PlanStep, expansions
from recode_core.statements import parse

GROW = [
    *("go to kitchen", "look around", "pick up seed jar", "go to greenhouse", "look around"),
    *("move seed to flower pot 3", "0", "focus on seed in flower pot 3"),
    *(["activate sink", "pour jug into flower pot 3", "deactivate sink", *["wait1"] * 5, "look around"] * 3),
    *("examine plant", "focus on plant in flower pot 3"),
]
BOIL = ["go to kitchen", *["examine pot", "use thermometer on pot"] * 9, "wait1"]
TWICE = [
    "go to hall",
    "pick up a",
    "go to attic",
    "drop a",
    "go to hall",
    "pick up a",
    "go to attic",
    "drop a",
]


def _steps(commands: Sequence[str]) -> list[PlanStep]:
    return [PlanStep(command, is_known=True) for command in commands]


def _actions(code: str, found: dict[str, str]) -> list[str]:
    """What code comes to when every placeholder in it is expanded and everything is run."""
    actions: list[str] = []
    for statement, text in found.items():
        lines = [text if line == statement else line for line in code.splitlines()]
        code = "\n".join(lines)
    if not found.keys().isdisjoint(code.splitlines()):
        return _actions(code, found)

    def run(action: str) -> str:
        actions.append(action)
        return "done"

    exec(code, {"run": run})
    return actions


@pytest.mark.parametrize("way", [GROW, BOIL, TWICE, ["wait1"]])
def test_the_tree_of_a_way_comes_to_the_way(way: list[str]) -> None:
    found = {statement: reply.code for statement, reply in expansions(_steps(way)).items()}
    assert _actions(found[ROOT], found) == way
    for code in found.values():
        parse(code, frozenset({"instruction", "observation"}))


def test_a_way_is_cut_by_place_then_by_focus_and_what_is_repeated_is_a_loop() -> None:
    found = expansions(_steps(GROW))
    here = "work_in_greenhouse('focus on plant in flower pot 3')"
    assert found[ROOT].code.splitlines() == ["work_in_kitchen('pick up seed jar')", here]
    first, rounds, last = found[here].code.splitlines()
    assert first == "go_on_with('focus on seed in flower pot 3')"
    assert found[rounds].code.startswith("for _ in range(3):\n    run('activate sink')")
    assert "    for _ in range(5):\n        run('wait1')" in found[rounds].code
    assert found[last].code.endswith("assert 'No known action' not in result, result")


def test_two_visits_for_the_same_have_two_names() -> None:
    statements = expansions(_steps(TWICE))[ROOT].code.splitlines()
    assert len(set(statements)) == 4
    assert statements[2:] == ["work_in_hall('pick up a', 2)", "work_in_attic('drop a', 2)"]


def test_what_was_not_understood_in_rehearsal_is_not_insisted_on() -> None:
    assert "assert" not in expansions([PlanStep("do it", is_known=False)])["work_in_here('do it')"].code


def test_walks_and_waits_are_shortened() -> None:
    walk = ["open door to hallway", "go to hallway", "open door to kitchen", "go to kitchen", "look around"]
    assert _teleported(walk) == ["teleport to kitchen", "look around"]
    assert _waited(["wait1"] * 2) == ["wait1"] * 2
    assert _waited(["wait1"] * 9) == ["wait", *["wait1"] * 3, "examine agent"]  # 18 moments either way
