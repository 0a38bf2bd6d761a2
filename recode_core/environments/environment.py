"""The interface to environments: an `Environment` lists tasks and opens a `World` for each live episode."""

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
    """One task. `id` is the value of `--task`; `kind` groups tasks in reports; `benchmark` is the split with
    the name of its benchmark, such as "ALFWorld valid_seen"."""

    id: str
    instruction: str
    split: str = ""
    kind: str = ""
    benchmark: str = ""


class TaskTraits(msgspec.Struct, frozen=True):
    """Facts that follow from a task's id: its kind, its split, and whether the benchmark calls that split
    seen or unseen (empty if neither). `in_paper` is False for tasks that the ReCode paper
    (arXiv 2510.23564) leaves out."""

    kind: str = ""
    split: str = ""
    seen: Literal["seen", "unseen", ""] = ""
    in_paper: bool = True


class Guide(msgspec.Struct, frozen=True):
    """An environment's part of a prompt, in plain text: its legal actions, and worked examples for ReCode
    (`examples`), ReAct and CodeAct, empty if there are none. `kinds` maps a kind of task to examples that
    replace `examples` for it."""

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
        """Reset to the initial state, which is always the same for a task, and return its observation."""

    def step(self, action: str) -> Observation:
        """Perform an action. An illegal action is answered in the observation, never with an exception.

        Raises EnvironmentUnavailable if the world is lost; a new one can be opened.
        """

    def close(self) -> None:
        """Release everything the world holds. Idempotent."""


@runtime_checkable
class Snapshots(Protocol):
    """Required of the worlds of an environment with `snapshot` restoration."""

    def snapshot(self) -> object:
        """The world's whole state, immutable."""

    def restore(self, state: object) -> None:
        """Restore exactly `state`."""


class HasAdmissibleActions(Protocol):
    """Optional: a world that lists its admissible actions."""

    @property
    def possible(self) -> tuple[str, ...]:
        """The admissible actions. Changes nothing, and may take longer than a step."""


@runtime_checkable
class ResolvesPaths(Protocol):
    """Optional: an environment with task ids that contain a path."""

    def absolute(self, task_id: str) -> str:
        """The id as a session records it, valid in any working directory. May raise UnknownTask."""


@runtime_checkable
class TellsTraits(Protocol):
    """Optional: an environment that derives a task's kind and split from its id."""

    def task_traits(self, task_id: str) -> TaskTraits:
        """The traits of a task. Fast, loads nothing, and accepts any text."""


@runtime_checkable
class FindsTasks(Protocol):
    """Optional: an environment whose published lists identify tasks by something other than `Task.id`."""

    def find_task(self, entry: str | int | list[object]) -> Task:
        """The task of an entry in such a list: an id, an index, or a list. Raises UnknownTask."""


@runtime_checkable
class HasEditions(Protocol):
    """Optional: an environment that also opens worlds of earlier editions, so that old sessions replay."""

    def open_edition(self, task_id: str, edition: int) -> World:
        """Like `open`, for a session of an edition (`recode_core.statements.EDITION`)."""


@runtime_checkable
class ChecksAvailability(Protocol):
    """Optional: an environment that needs packages or data that may not be installed."""

    def missing(self) -> str:
        """The missing requirement and how to install it, empty if there is none. Fast, loads nothing."""


@runtime_checkable
class FormatsObservations(Protocol):
    """Optional: an environment that lays out its observations for display."""

    def laid_out(self, observation: str) -> Page:
        """The layout of an observation, with all of its words. Fast, needs no world, accepts any text."""


@runtime_checkable
class RecognizesNoEffect(Protocol):
    """Optional: an environment whose observations tell that an action did nothing."""

    def had_no_effect(self, observation: str) -> bool:
        """Whether the action with this observation was not understood or changed nothing.

        Fast, independent of any world, and accepts any text.
        """


@runtime_checkable
class Environment(Protocol):
    """A family of tasks."""

    name: str
    restoration: Restoration
    guide: Guide

    def tasks(self, split: str | None = None) -> Iterable[Task]:
        """The tasks of a split, or of all, in a fixed order. Raises UnknownTask for an unknown split."""

    def open(self, task_id: str) -> World:
        """A new world for the task, not yet reset.

        Raises UnknownTask, or EnvironmentUnavailable with the missing requirement and how to install it.
        """

    def expert(self, task_id: str) -> Policy | None:
        """A policy that solves the task; None if the environment has none."""


def has_admissible_actions(world: World) -> TypeGuard[HasAdmissibleActions]:
    """Whether a world lists its admissible actions. Does not compute them."""
    return getattr_static(world, "possible", None) is not None
