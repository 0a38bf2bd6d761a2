"""The seam to environments: an `Environment` knows its tasks and opens `World`s, one a live episode."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import getattr_static
from typing import Literal, Protocol, TypeGuard, runtime_checkable

import msgspec

from recode_core.environments.layout import Page
from recode_core.policies.policy import Policy
from recode_core.values import Observation

Restoration = Literal["snapshot", "replay", "none"]
"""How a world is restored: from a snapshot, by a reset and replay of the recorded actions, or not at all."""


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """One task. `id` is what `--task` takes; `kind` groups tasks in reports; `benchmark` says whose split
    `split` is, such as "ALFWorld valid_seen"."""

    id: str
    instruction: str
    split: str = ""
    kind: str = ""
    benchmark: str = ""


class TaskTraits(msgspec.Struct, frozen=True):
    """What the id of a task tells: its kind, its split, and whether the benchmark calls that split seen or
    unseen (empty where it does neither). `in_paper` is False for tasks that the ReCode paper
    (arXiv 2510.23564) leaves out."""

    kind: str = ""
    split: str = ""
    seen: Literal["seen", "unseen", ""] = ""
    in_paper: bool = True


class Guide(msgspec.Struct, frozen=True):
    """What a prompt says of an environment: its legal actions, and worked examples for each agent that it
    has some for; all plain text. `kinds` has examples for ReCode by the kind of a task, which take the place
    of `examples` there."""

    actions: str
    examples: str
    react: str = ""
    codeact: str = ""
    kinds: dict[str, str] = {}


class World(Protocol):
    """One live episode of one task."""

    instruction: str
    step_limit: int

    def reset(self) -> Observation:
        """Put the world into its first state; the same task gives the same state."""

    def step(self, action: str) -> Observation:
        """Act. An action that is not legal is answered in text, never raised.

        Raises EnvironmentUnavailable when the world is gone; a new one can be opened.
        """

    def close(self) -> None:
        """Release everything the world holds. Idempotent."""


@runtime_checkable
class Snapshots(Protocol):
    """Required of the worlds of an environment with `snapshot` restoration."""

    def snapshot(self) -> object:
        """The world's whole state, immutable."""

    def restore(self, state: object) -> None:
        """Go back to exactly `state`."""


class TellsPossible(Protocol):
    """Optional: a world that lists its admissible actions."""

    @property
    def possible(self) -> tuple[str, ...]:
        """The admissible actions. Changes nothing, and may take longer than a step."""


@runtime_checkable
class ResolvesPaths(Protocol):
    """What an environment also offers where a task's id can name a file."""

    def absolute(self, task_id: str) -> str:
        """The id as a session keeps it, which means the same from any folder."""


@runtime_checkable
class TellsTraits(Protocol):
    """What an environment also offers that knows a task's kind and split by its id."""

    def task_traits(self, task_id: str) -> TaskTraits:
        """The traits of a task; quick, loads nothing, and takes any text."""


@runtime_checkable
class FindsTasks(Protocol):
    """What an environment also offers whose published lists name tasks otherwise than by `Task.id`."""

    def find_task(self, entry: str | int | list[object]) -> Task:
        """The task that an entry of such a list names: an id, an index, or a list. Raises UnknownTask."""


@runtime_checkable
class HasEditions(Protocol):
    """What an environment also offers whose worlds have changed, so that recordings of old ones repeat."""

    def open_edition(self, task_id: str, edition: int) -> World:
        """As `open`, the world that sessions of an edition (`recode_core.statements.EDITION`) know."""


@runtime_checkable
class ChecksAvailability(Protocol):
    """What an environment also offers that needs packages or data which not everybody has."""

    def missing(self) -> str:
        """What can't be found here and how to get it, empty where nothing is amiss; quick, loads nothing."""


@runtime_checkable
class FormatsObservations(Protocol):
    """What an environment also offers that knows how its observations are read best."""

    def laid_out(self, observation: str) -> Page:
        """All words of an observation, in rows; quick, asks nobody, and takes any text."""


@runtime_checkable
class Environment(Protocol):
    """A family of tasks."""

    name: str
    restoration: Restoration
    guide: Guide

    def tasks(self, split: str | None = None) -> Iterable[Task]:
        """The tasks of a split, or of all splits, in a fixed order."""

    def open(self, task_id: str) -> World:
        """A new world for the task, not yet reset.

        Raises UnknownTask, or EnvironmentUnavailable with what is missing and how to get it.
        """

    def expert(self, task_id: str) -> Policy | None:
        """A policy that solves the environment's tasks, where it has one."""


def tells_possible(world: World) -> TypeGuard[TellsPossible]:
    """Whether a world lists its admissible actions. Does not compute them."""
    return getattr_static(world, "possible", None) is not None
