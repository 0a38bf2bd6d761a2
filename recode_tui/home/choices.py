"""Environments, agents and policies that a new run can have, and what some of them lack."""

from __future__ import annotations

import msgspec

from recode_core.entry_points.calls import calling
from recode_core.environments.environment import Environment
from recode_core.environments.guard import missing_of
from recode_core.environments.registry import environment, names
from recode_core.errors import EnvironmentUnavailable, RecodeError


class Choice(msgspec.Struct, frozen=True):
    """An option of a new run. `missing` says what it lacks and how to get it; empty if it is available."""

    name: str
    about: str = ""
    missing: str = ""


AGENTS = (
    Choice("recode", "plans by writing code, placeholder by placeholder"),
    Choice("react", "one action a turn, with the whole history"),
    Choice("codeact", "one block of code a turn, with the whole history"),
)
POLICIES = (
    Choice("expert", "the environment's own planner; no cost"),
    Choice("human", "you write every expansion"),
)


def policy_choices() -> tuple[Choice, ...]:
    """Every policy, including profiles of models. Asks local servers whether they run."""
    from recode_core.doctor import Model, models
    from recode_core.policy_registry import declared_policies, unavailable_reason

    def choice(model: Model) -> Choice:
        name = model.model or ", ".join(model.models or ())
        return Choice(model.profile, name, model.missing)

    others = tuple(
        Choice(name, origin, unavailable_reason(name)) for name, origin in declared_policies().items()
    )
    try:
        return (*POLICIES, *others, *map(choice, models()))
    except RecodeError as error:
        return (*POLICIES, *others, Choice("profiles", missing=str(error)))


def environment_choices() -> tuple[Choice, ...]:
    """Every environment. Imports them all, which may take seconds."""
    return tuple(environment_choice(name) for name in names())


def load_environment(name: str) -> Environment:
    """The environment of that name. Raises RecodeError for every error of its import."""
    with calling(f"{name} cannot be loaded:", EnvironmentUnavailable):
        return environment(name)


def environment_choice(name: str) -> Choice:
    """An environment, which is imported."""
    try:
        return Choice(name, missing=missing_of(load_environment(name)))
    except RecodeError as error:
        return Choice(name, missing=str(error))
