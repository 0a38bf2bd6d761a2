"""Environments as other people write them: what they raise, and what they return."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest

from recode_core.environments import guard
from recode_core.environments.environment import Task, TaskTraits
from recode_core.environments.registry import environment
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import Diverged, EnvironmentUnavailable, RecodeError, UnknownTask
from recode_core.policies.scripted import Scripted
from recode_core.statements import EDITION
from recode_core.values import Observation


class Number:
    """A scalar as numpy has them: no float, but it can be made one."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __repr__(self) -> str:  # names of tests are made of it
        return f"Number({self.value!r})"


class Text(str):
    """A str as numpy has them."""


class Level(IntEnum):
    WON = 1


class World(ScriptedWorld):
    """Answers with whatever it is given, or raises it."""

    def __init__(self, answer: object = None) -> None:
        super().__init__()
        self.answer = answer

    def step(self, action: str) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer.with_traceback(None)
        return self.answer

    def reset(self) -> Any:
        return self.step("")

    def close(self) -> None:
        self.step("")


class Environment:
    """Gives what it is given to give, or raises it."""

    def __init__(self, gives: object) -> None:
        self.gives = gives

    def _give(self, given: object = None) -> Any:
        if isinstance(self.gives, BaseException):
            raise self.gives.with_traceback(None)
        return self.gives

    tasks = open = expert = absolute = task_traits = find_task = _give

    def missing(self) -> Any:
        return self._give()


def asked(gives: object) -> Any:
    return Environment(gives)


FAILURES = [ValueError("bad"), SystemExit(0), SystemExit(), GeneratorExit(), MemoryError(), StopIteration()]


@pytest.mark.parametrize("raised", FAILURES, ids=repr)
@pytest.mark.parametrize("method", ["reset", "step", "close"])
def test_whatever_a_world_raises_is_a_failed_world_with_its_place(method: str, raised: BaseException) -> None:
    ask: dict[str, Callable[[], object]] = {
        "reset": lambda: guard.reset(World(raised)),
        "step": lambda: guard.step(World(raised), "go", 0.0),
        "close": lambda: guard.close(World(raised)),
    }
    with pytest.raises(EnvironmentUnavailable) as failed:
        ask[method]()
    said = str(failed.value)
    assert said.startswith(f"the environment failed in {method}: {type(raised).__name__}")
    assert re.search(rf'\(File "{re.escape(__file__)}", line \d+, in step\)', said)
    guard.discard(World(raised))  # says nothing


@pytest.mark.parametrize("raised", FAILURES, ids=repr)
@pytest.mark.parametrize(
    "method", ["tasks", "open", "expert", "absolute", "missing", "task_traits", "find_task"]
)
def test_whatever_an_environment_raises_is_a_failed_environment(method: str, raised: BaseException) -> None:
    ask: dict[str, Callable[[Any], object]] = {
        "tasks": lambda made: list(guard.tasks(made)),
        "task_traits": lambda made: guard.task_traits(made, "one"),
        "find_task": lambda made: guard.find_task(made, "one"),
        "open": lambda made: guard.open_world(made, "one"),
        "expert": lambda made: guard.expert(made, "one"),
        "absolute": lambda made: guard.absolute(made, "one"),
        "missing": guard.missing_of,
    }
    with pytest.raises(EnvironmentUnavailable, match=f"failed in {method}: {type(raised).__name__}"):
        ask[method](Environment(raised))


def test_ctrl_c_passes_on_the_main_thread_and_is_a_failure_on_any_other() -> None:
    with pytest.raises(KeyboardInterrupt):
        guard.step(World(KeyboardInterrupt()), "go", 0.0)
    said: list[str] = []

    def ask() -> None:
        try:
            guard.step(World(KeyboardInterrupt()), "go", 0.0)
        except EnvironmentUnavailable as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert "KeyboardInterrupt" in said[0]


def test_errors_of_ours_pass_and_those_that_a_world_has_no_use_for_are_its_failure() -> None:
    with pytest.raises(UnknownTask, match="no such"):
        guard.open_world(asked(UnknownTask("no such")), "one")
    with pytest.raises(EnvironmentUnavailable, match=r"^gone$"):
        guard.step(World(EnvironmentUnavailable("gone")), "go", 0.0)
    with pytest.raises(Diverged):
        guard.step(World(Diverged(1, "a", "b")), "go", 0.0)
    with pytest.raises(EnvironmentUnavailable, match="failed in step: what is this"):
        guard.step(World(RecodeError("what is this")), "go", 0.0)


def test_an_exception_whose_text_cannot_be_had_or_encoded_is_told_all_the_same() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise SystemExit(1)

    with pytest.raises(EnvironmentUnavailable, match=r"Broken: \(its text cannot be had\)"):
        guard.step(World(Broken()), "go", 0.0)
    with pytest.raises(EnvironmentUnavailable, match=r"ValueError: half \?"):
        guard.step(World(ValueError("half \ud83d")), "go", 0.0)


def any_observation(**fields: object) -> Observation:
    return Observation(**{"text": "ok", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("ok", Observation("ok")),
        (b"caf\xc3\xa9", Observation("café")),
        (Text("ok"), Observation("ok")),
        (any_observation(text=Text("half \ud83d")), Observation("half ?")),
        (any_observation(text=bytearray(b"ok")), Observation("ok")),
        (any_observation(score=1), Observation("ok", 1.0)),
        (any_observation(score=True), Observation("ok", 1.0)),
        (any_observation(score=Decimal("0.5")), Observation("ok", 0.5)),
        (
            any_observation(score=Number(0.25), done=Number(1), success=Number(0)),
            Observation("ok", 0.25, True),
        ),
        (any_observation(done=1, success=Level.WON), Observation("ok", 0.0, True, True)),
    ],
    ids=repr,
)
def test_what_a_world_answers_is_taken_where_its_meaning_is_clear(given: object, wanted: Observation) -> None:
    answer = guard.step(World(given), "go", 0.0)
    assert answer == wanted
    assert [type(getattr(answer, name)) for name in answer.__struct_fields__] == [str, float, bool, bool]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "the observation is None (NoneType), and must be an Observation, a str, or what"),
        (["ok", 0.5, False, {}], "the observation is ['ok', 0.5, False, {}] (list), and must be"),
        (7, "the observation is 7 (int), and must be"),
        (b"\xff", r"the observation is b'\xff' (bytes), and must be a str, or bytes that are UTF-8"),
        (any_observation(text=None), "the text of the observation is None (NoneType), and must be a str"),
        (any_observation(text=("a",)), "the text of the observation is ('a',) (tuple)"),
        (any_observation(score=None), "the score of the observation is None (NoneType)"),
        (any_observation(score="0.5"), "the score of the observation is '0.5' (str)"),
        (
            any_observation(score=float("nan")),
            "the score of the observation is nan (float), and must be a num",
        ),
        (any_observation(score=Number(float("inf"))), "the score of the observation is Number"),
        (any_observation(score=10**400), "(int), and must be a number from -1e+15 to 1e+15"),
        (any_observation(done=None), "done of the observation is None (NoneType), and must be True or False"),
        (
            any_observation(success="no"),
            "success of the observation is 'no' (str), and must be True or False",
        ),
    ],
    ids=repr,
)
def test_what_a_world_answers_unclearly_is_told_with_the_field(given: object, said: str) -> None:
    with pytest.raises(EnvironmentUnavailable) as failed:
        guard.reset(World(given))
    assert said in str(failed.value)
    with pytest.raises(EnvironmentUnavailable) as failed:
        guard.step(World(given), "go", 0.0)
    assert said in str(failed.value)


def test_limit_and_instruction_are_taken_and_told_alike() -> None:
    world: Any = World()
    world.step_limit, world.instruction = Number(20.0), b"do it."
    assert (guard.step_limit(world), guard.instruction(world)) == (20, "do it.")
    for limit in (None, -1, 2.5, float("nan"), "20", 1 << 60):
        world.step_limit = limit
        with pytest.raises(
            EnvironmentUnavailable, match=r"the step limit is .* must be a whole number from 0"
        ):
            guard.step_limit(world)
    world.instruction = None
    with pytest.raises(EnvironmentUnavailable, match="the instruction is None"):
        guard.instruction(world)
    del world.step_limit
    with pytest.raises(EnvironmentUnavailable, match="failed in step_limit: AttributeError"):
        guard.step_limit(world)


def test_tasks_are_taken_one_by_one_and_told_with_their_field() -> None:
    def tasks() -> Iterator[object]:
        yield Text("one")
        yield Task("two", "do\ud83d it", None, b"kind")  # type: ignore[arg-type]
        yield Task(7, "do it")  # type: ignore[arg-type]

    found = guard.tasks(asked(tasks()))
    assert [next(found), next(found)] == [Task("one", ""), Task("two", "do? it", "", "kind")]
    with pytest.raises(EnvironmentUnavailable, match=r"the id of a task is 7 \(int\), and must be a str"):
        next(found)
    for given in (None, "one", 5, [("one", "do it")], [None]):
        with pytest.raises(EnvironmentUnavailable, match=r"failed in tasks: (the result|a task) is"):
            list(guard.tasks(asked(given)))
    with pytest.raises(EnvironmentUnavailable, match="the instruction of the task 'x' is None"):
        list(guard.tasks(asked([Task("x", None)])))  # type: ignore[arg-type]


def test_what_is_told_of_a_task_by_its_id_is_checked() -> None:
    traits = TaskTraits("kind", "split")
    assert guard.task_traits(asked(traits), "one") == traits
    with pytest.raises(EnvironmentUnavailable, match=r"the traits of a task is None .* must be TaskTraits"):
        guard.task_traits(asked(None), "one")
    assert guard.find_task(asked("one"), 1) == Task("one", "")
    with pytest.raises(EnvironmentUnavailable, match=r"failed in find_task: a task is None"):
        guard.find_task(asked(None), 1)


def test_what_is_no_world_and_no_expert_is_told() -> None:
    world, expert = ScriptedWorld(), Scripted([])
    assert guard.open_world(asked(world), "one") is world
    assert (guard.expert(asked(expert), "one"), guard.expert(asked(None), "one")) == (expert, None)
    with pytest.raises(EnvironmentUnavailable, match=r"the world is None .* with reset, step and close"):
        guard.open_world(asked(None), "one")
    with pytest.raises(EnvironmentUnavailable, match=r"the expert is 'me' \(str\)"):
        guard.expert(asked("me"), "one")


def test_a_snapshot_that_fails_is_none_and_possible_actions_are_checked() -> None:
    class Saved(World):
        def snapshot(self) -> object:
            raise SystemExit(1)

        def restore(self, state: object) -> None:
            raise SystemExit(1)

        @property
        def possible(self) -> Any:
            return self.step("")

    assert guard.snapshot(Saved()) is None
    with pytest.raises(EnvironmentUnavailable, match="failed in restore: SystemExit"):
        guard.restore(Saved(), None)
    assert guard.possible(Saved([Text("go"), b"look"])) == ("go", "look")
    for given in (None, "go", [None]):
        with pytest.raises(EnvironmentUnavailable, match="failed in possible: "):
            guard.possible(Saved(given))


@pytest.mark.parametrize(
    ("name", "task", "kind"),
    [
        ("household", "puttwo:7:large", "puttwo"),
        ("household", "fly:7", "fly"),
        ("alfworld", "valid_seen/pick_two_obj_and_place-Book-None-Desk-313/trial", "puttwo"),
        ("alfworld", "somewhere", "somewhere"),
        ("scienceworld", "1-4:0", "change-the-state-of-matter-of"),
        ("webshop", "human:12", "human"),
    ],
)
def test_the_kind_of_a_task_is_what_the_environment_says_or_its_id_begins_with(
    name: str, task: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALFWORLD_DATA", "/nowhere")
    assert guard.kind_of(environment(name), task) == kind


class WithEditions(Environment):
    """An environment whose worlds have changed."""

    def open_edition(self, task_id: str, edition: int) -> Any:
        assert edition < EDITION
        return ScriptedWorld(step_limit=edition)


def test_a_session_of_an_older_edition_gets_the_world_that_it_knows() -> None:
    environment: Any = WithEditions(ScriptedWorld(step_limit=80))
    limits = [guard.open_world(environment, "one", edition).step_limit for edition in (1, 2, EDITION)]
    assert limits == [1, 2, 80]
    assert guard.open_world(environment, "one").step_limit == 80
    world = ScriptedWorld()
    assert guard.open_world(asked(world), "one", 1) is world
