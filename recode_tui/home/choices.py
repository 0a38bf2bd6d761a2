"""What a new run can be put together from: environments, agents, policies; and what is missing for some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recode_core.entry_points.calls import calling
from recode_core.environments.environment import Environment
from recode_core.environments.guard import missing_of
from recode_core.environments.registry import environment, names
from recode_core.errors import EnvironmentUnavailable, RecodeError

if TYPE_CHECKING:
    from recode_core.policies.openai.profile import Profile

_PATIENCE = 3.0
"""Seconds that a server on this machine may take to list its models."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose by its name. `missing` says why it can't be had, and how to get it."""

    name: str
    about: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a profile can be asked for: the `models` that its server lists, where that is on this machine and
    runs (else None), and the `first` of them that can chat. `missing` is as in a choice."""

    profile: Profile
    models: tuple[str, ...] | None = None
    missing: str = ""
    first: str = ""

    @property
    def default(self) -> str:
        """The model that is asked where none is named; empty where nobody knows."""
        return self.profile.model or self.first


AGENTS = (
    Choice("recode", "plans by writing code, placeholder by placeholder"),
    Choice("react", "one action a turn, with the whole history"),
    Choice("codeact", "one block of code a turn, with the whole history"),
)
POLICIES = (
    Choice("expert", "the environment's own planner; costs nothing"),
    Choice("human", "you write every expansion"),
)


def policy_choices() -> tuple[Choice, ...]:
    """Every policy, the profiles of models too. Asks local servers whether they run."""
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


def offer_of(policy: str) -> Offer | None:
    """What a profile of that name can be asked for; its server is asked. None where it is no profile's."""
    from recode_core.doctor import model_of
    from recode_core.policies.openai.models import list_models
    from recode_core.policies.openai.profile import profiles

    try:
        profile = profiles().get(policy)
    except RecodeError:  # which the field of the policy says
        return None
    if profile is None:
        return None
    if not profile.has_own_server:
        return Offer(profile, missing=model_of(policy, profile, None).missing)
    listing = list_models(policy, profile, seconds=_PATIENCE)
    asked = model_of(policy, profile, listing)
    return Offer(profile, asked.models, asked.missing, listing.default)


def environment_choices() -> tuple[Choice, ...]:
    """Every environment. Imports them all, which may take seconds."""
    return tuple(_environment_choice(name) for name in names())


def environment_called(name: str) -> Environment:
    """The environment of that name. Raises RecodeError, whatever its import raises."""
    with calling(f"{name} cannot be loaded:", EnvironmentUnavailable):
        return environment(name)


def _environment_choice(name: str) -> Choice:
    try:
        return Choice(name, missing=missing_of(environment_called(name)))
    except RecodeError as error:
        return Choice(name, missing=str(error))
