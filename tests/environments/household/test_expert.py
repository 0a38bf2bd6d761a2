from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pydantic_monty
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recode_core.environments.household import Household
from recode_core.environments.household.expert import HouseholdExpert
from recode_core.environments.household.task_id import KINDS
from recode_core.environments.household.world import HouseholdWorld
from recode_core.policies.policy import Request
from recode_core.policies.reply import parse_reply
from recode_core.values import Variable
from tests.support.markers import first_quick

ALFWORLD = Path(__file__).parents[4] / "shared" / "data" / "alfworld"
SCENES = sorted(str(path) for path in ALFWORLD.glob("json_2.1.1/*/*/*/"))
SHOWN = 2_000


class Solved(Exception):
    """The world says that the task is done."""


class Room:
    """A world that keeps its actions and can let one of them come to nothing."""

    def __init__(self, task_id: str, idle_at: int | None = None) -> None:
        self.world: HouseholdWorld = Household().open(task_id)
        self.idle_at = idle_at
        self.actions: list[str] = []
        self.first = self.world.reset().text

    def run(self, action: str) -> str:
        assert len(self.actions) < self.world.step_limit
        self.actions.append(action)
        if len(self.actions) - 1 == self.idle_at:
            return "Nothing happens."
        observation = self.world.step(action)
        if observation.done:
            raise Solved
        return observation.text


class Namespace(Protocol):
    def variables(self) -> dict[str, Variable]: ...

    def feed(self, code: str) -> None: ...


class Plain:
    """A namespace in this process: quick, and the expert's code is our own."""

    def __init__(self, room: Room) -> None:
        self.names: dict[str, object] = {
            "run": room.run,
            "instruction": room.world.instruction,
            "observation": room.first,
        }

    def variables(self) -> dict[str, Variable]:
        return {name: _variable(name, value) for name, value in self.names.items()}

    def feed(self, code: str) -> None:
        exec(code, self.names)


class Sandboxed:
    """A namespace in the interpreter that runs generated code."""

    def __init__(self, room: Room, session: pydantic_monty.MontySession) -> None:
        self.room = room
        self.session = session
        self.feed(f"instruction = {room.world.instruction!r}\nobservation = {room.first!r}")

    def variables(self) -> dict[str, Variable]:
        return {name: _variable(name, value) for name, value in self.session.feed_run("locals()").items()}

    def feed(self, code: str) -> None:
        state = self.session.feed_start(f"{code}\nNone")
        while isinstance(state, pydantic_monty.FunctionSnapshot):
            assert state.function_name == "run"
            state = state.resume({"return_value": self.room.run(str(state.args[0]))})
        assert isinstance(state, pydantic_monty.MontyComplete)


def _variable(name: str, value: object) -> Variable:
    shown = repr(value)
    length = len(shown) if len(shown) > SHOWN else None
    return Variable(name, type(value).__name__, shown[:SHOWN], length)


def write(statement: str, variables: dict[str, Variable], repair: str = "") -> str:
    names = dict.fromkeys(node.id for node in ast.walk(ast.parse(statement)) if isinstance(node, ast.Name))
    shown = tuple(variables[name] for name in names if name in variables)
    reply = HouseholdExpert().expand(Request(statement, shown, (), repair), lambda piece: None)
    return parse_reply(reply.text).code


def make_run(
    space: Namespace, statement: str = "solve(instruction, observation)", repairs: int = 0
) -> Iterator[str]:
    """Expand and run depth first until the task is solved; gives each statement that is expanded."""
    for attempt in range(repairs + 1):
        yield statement
        try:
            code = write(statement, space.variables(), "it failed" if attempt else "")
            for node in ast.parse(code).body:
                if _is_placeholder(node, space.variables()):
                    yield from make_run(space, ast.unparse(node), repairs)
                else:
                    space.feed(ast.unparse(node))
            return
        except (AssertionError, IndexError, pydantic_monty.MontyRuntimeError):
            if attempt == repairs:
                raise


def _is_placeholder(node: ast.stmt, variables: dict[str, Variable]) -> bool:
    match node:
        case (
            ast.Expr(value=ast.Call(func=ast.Name(id=name)))
            | ast.Assign(value=ast.Call(func=ast.Name(id=name)))
        ):
            return name != "run" and name not in variables and not hasattr(builtins, name)
    return False


def solve(space: Namespace, repairs: int = 0) -> list[str]:
    """The statements that were expanded until the world said done."""
    expanded = []
    with pytest.raises(Solved):
        for statement in make_run(space, repairs=repairs):
            expanded.append(statement)
    return expanded


@pytest.mark.slow_variants
@pytest.mark.parametrize("size", first_quick(["medium", "small", "large"]))
@pytest.mark.parametrize("kind", KINDS)
def test_every_generated_task_is_solved_within_the_steps_allowed(kind: str, size: str) -> None:
    for seed in range(100):
        room = Room(f"{kind}:{seed}:{size}")
        solve(Plain(room))
        assert len(room.actions) <= room.world.step_limit


@pytest.mark.skipif(not SCENES, reason="../shared/data/alfworld, the real scenes, is absent")
def test_every_real_scene_is_solved() -> None:
    for scene in SCENES:
        assert solve(Plain(Room(f"scene:{scene}")))


@pytest.mark.parametrize("kind", KINDS)
def test_the_interpreter_runs_what_the_expert_writes(kind: str) -> None:
    in_process, in_sandbox = Room(f"{kind}:3"), Room(f"{kind}:3")
    expanded = solve(Plain(in_process))
    with pydantic_monty.Monty(max_processes=1) as pool, pool.checkout() as session:
        assert solve(Sandboxed(in_sandbox, session)) == expanded
    assert in_sandbox.actions == in_process.actions


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 1_000),
    size=st.sampled_from(["small", "medium"]),
    idle_at=st.integers(0, 25),
)
def test_an_action_that_comes_to_nothing_is_repaired(kind: str, seed: int, size: str, idle_at: int) -> None:
    assert solve(Plain(Room(f"{kind}:{seed}:{size}", idle_at)), repairs=2)


def test_the_tree_has_several_levels_of_granularity() -> None:
    expanded = solve(Plain(Room("puttwo:1")))
    assert [statement.partition("(")[0] for statement in expanded] == [
        "solve",
        *["bring", "obj_ID = find_and_take", "put_object", "visit"] * 2,
    ]
