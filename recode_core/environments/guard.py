"""Calls into an environment's code, which may come from another package.

An exception becomes EnvironmentUnavailable with its file and line. A result, including Gym's tuples, is
converted to an `Observation`, a `Task` or plain text; if it can't be, EnvironmentUnavailable names the field.
Tasks and worlds are accessed only through this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from recode_core.entry_points.calls import calling
from recode_core.entry_points.fields import BadValue, as_count, as_flag, as_number, as_text
from recode_core.environments import gym
from recode_core.environments.environment import (
    ChecksAvailability,
    Environment,
    FindsTasks,
    HasAdmissibleActions,
    HasEditions,
    ResolvesPaths,
    Snapshots,
    Task,
    TaskTraits,
    TellsTraits,
    World,
)
from recode_core.errors import Diverged, EnvironmentUnavailable, RecodeError, Unavailable
from recode_core.policies.policy import Policy
from recode_core.statements import EDITION
from recode_core.values import OBSERVATION_LIMIT, Observation, clean, shortened

_END = object()


def missing_of(environment: Environment) -> str:
    """Why an environment is unavailable, and how to install what it lacks; empty if it is available."""
    with _calling("missing"):
        reason = environment.missing() if isinstance(environment, ChecksAvailability) else ""
        return as_text(reason or "", "what is missing")


def tasks(environment: Environment, split: str | None = None) -> Iterator[Task]:
    """Iterate over the tasks of a split, or of all splits. A str is taken as the id of a task."""
    with _calling("tasks"):
        given: object = environment.tasks(split)
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise BadValue("the result", given, "an iterable of tasks")
        found = iter(given)
    while True:
        with _calling("tasks"):
            given = next(found, _END)
            task = None if given is _END else task_of(given)
        if task is None:
            return
        yield task


def find_task(environment: FindsTasks, entry: str | int | list[object]) -> Task:
    """The task that an entry of a published list names. Raises UnknownTask."""
    with _calling("find_task"):
        return task_of(environment.find_task(entry))


def task_traits(environment: Environment, task_id: str) -> TaskTraits:
    """The traits of a task; empty if the environment does not provide them."""
    with _calling("task_traits"):
        if not isinstance(environment, TellsTraits):
            return TaskTraits()
        given: object = environment.task_traits(task_id)
        if not isinstance(given, TaskTraits):
            raise BadValue("the traits of a task", given, "TaskTraits")
        return given


def absolute(environment: Environment, task_id: str) -> str:
    """A task's id as a session records it."""
    with _calling("absolute"):
        if not isinstance(environment, ResolvesPaths):
            return task_id
        return as_text(environment.absolute(task_id), "the id of the task")


def kind_of(environment: Environment, task_id: str) -> str:
    """The kind of a task: from its traits, or else from the beginning of its id."""
    return task_traits(environment, task_id).kind or kind_in(task_id)


def kind_in(task_id: str) -> str:
    """The word at the beginning of a task's id, such as `put` in `put:7`; empty if there is none."""
    word = re.match(r"[^\W\d_][^\W\d]*", task_id)
    return word[0] if word else ""


def expert(environment: Environment, task_id: str) -> Policy | None:
    """The environment's expert for a task, if it has one."""
    with _calling("expert"):
        made: object = environment.expert(task_id)
        if made is None or isinstance(made, Policy):
            return made
        raise BadValue("the expert", made, "a policy or None")


def open_world(environment: Environment, task_id: str, edition: int = EDITION) -> World:
    """A new world for a task and an edition. Raises UnknownTask, EnvironmentUnavailable."""
    with _calling("open"):
        if edition != EDITION and isinstance(environment, HasEditions):
            world = environment.open_edition(task_id, edition)
        else:
            world = environment.open(task_id)
        if not all(callable(getattr(world, name, None)) for name in ("reset", "step", "close")):
            raise BadValue("the world", world, "an object with reset, step and close")
    return world


def step_limit(world: World) -> int:
    """The maximum number of actions in a world."""
    with _calling("step_limit"):
        return as_count(world.step_limit, "the step limit")


def instruction(world: World) -> str:
    """The instruction of a world's task."""
    with _calling("instruction"):
        return bounded(as_text(world.instruction, "the instruction"))


def reset(world: World) -> Observation:
    """Reset a world and return its first observation."""
    with _calling_world("reset"):
        return observation_of(gym.of_reset(world.reset()))


def step(world: World, action: str, score: float) -> Observation:
    """Perform an action; `score` is the episode's score before it."""
    with _calling_world("step", "; the run can be resumed in a new one"):
        return observation_of(gym.of_step(world.step(action), score))


def possible(world: HasAdmissibleActions) -> tuple[str, ...]:
    """The admissible actions."""
    with _calling_world("possible"):
        actions: Iterable[object] = world.possible
        if isinstance(actions, str | bytes) or not isinstance(actions, Iterable):
            raise BadValue("possible", actions, "a tuple of str")
        return tuple(as_text(action, "a possible action") for action in actions)


def snapshot(world: World) -> object | None:
    """A snapshot of a world; None if it can't be saved, which only makes restoring slower."""
    with suppress(EnvironmentUnavailable), _calling("snapshot"):
        if isinstance(world, Snapshots):
            return world.snapshot()
    return None


def restore(world: Snapshots, state: object) -> None:
    """Restore a snapshot of a world."""
    with _calling_world("restore"):
        world.restore(state)


def close(world: World) -> None:
    """Release what a world holds."""
    with _calling_world("close"):
        world.close()


def discard(world: World) -> None:
    """Release a world that is no longer needed or has failed. Errors are ignored."""
    with suppress(EnvironmentUnavailable):
        close(world)


def observation_of(answer: object) -> Observation:
    """An observation with checked fields; a str or bytes is taken as its text. Raises BadValue."""
    if isinstance(answer, str | bytes | bytearray):
        return Observation(bounded(as_text(answer, "the observation")))
    if not isinstance(answer, Observation):
        raise BadValue("the observation", answer, "an Observation, a str, or what Gym returns")
    return Observation(
        bounded(as_text(answer.text, "the text of the observation")),
        as_number(answer.score, "the score of the observation"),
        as_flag(answer.done, "done of the observation"),
        as_flag(answer.success, "success of the observation"),
    )


def bounded(text: str) -> str:
    """A world's text as it is recorded and passed to code: at most `OBSERVATION_LIMIT` characters."""
    return clean(shortened(text, OBSERVATION_LIMIT))


def task_of(given: object) -> Task:
    """A task with checked fields; a str or bytes is taken as its id. Raises BadValue."""
    if isinstance(given, str | bytes | bytearray):
        return Task(as_text(given, "the id of a task"), "")
    if not isinstance(given, Task):
        raise BadValue("a task", given, "a Task, or a str")
    name = as_text(given.id, "the id of a task")
    return Task(
        name,
        as_text(given.instruction, f"the instruction of the task {name!r}"),
        as_text(given.split or "", f"the split of the task {name!r}"),
        as_text(given.kind or "", f"the kind of the task {name!r}"),
        as_text(given.benchmark or "", f"the benchmark of the task {name!r}"),
    )


def _calling(method: str, after: str = "") -> AbstractContextManager[None]:
    return calling(f"the environment failed in {method}:", EnvironmentUnavailable, after)


@contextmanager
def _calling_world(method: str, after: str = "") -> Iterator[None]:
    """Call an open world. Every error but Unavailable and Diverged is raised as EnvironmentUnavailable."""
    try:
        with _calling(method, after):
            yield
    except (Unavailable, Diverged):
        raise
    except RecodeError as error:
        raise EnvironmentUnavailable(f"the environment failed in {method}: {error}{after}") from error
