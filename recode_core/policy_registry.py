"""Policies by name: the environment's expert, a human, a model of a profile, or one of another package."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import msgspec

from recode_core import config, demo, protocol
from recode_core.entry_points import declared, loaded
from recode_core.entry_points.calls import calling
from recode_core.environments import guard
from recode_core.environments.environment import Environment
from recode_core.errors import PolicyUnavailable, RecodeError
from recode_core.expert_policies import turn_based
from recode_core.policies.human import Human
from recode_core.policies.policy import Policy
from recode_core.policies.prompts import load
from recode_core.session import Settings
from recode_core.suggest import available, unknown_name

GROUP = "recode.policies"
"""The entry point group for policies of other packages: name = "module:factory".

The factory is called with the `Settings` and the `Environment` and returns the `Policy`.
"""


def names() -> tuple[str, ...]:
    """Names of all policies, installed or not, without the profiles."""
    return tuple(dict.fromkeys(("expert", "human", *declared(GROUP))))


def declared_policies() -> dict[str, str]:
    """The policies of other packages by name, with their origin. Nothing is imported."""
    return {name: _origin(point) for name, point in declared(GROUP).items()}


def unavailable_reason(name: str) -> str:
    """Why a policy of another package cannot be loaded; empty if it can."""
    point = declared(GROUP).get(name)
    if point is not None:
        try:
            loaded(point, PolicyUnavailable)
        except PolicyUnavailable as error:
            return str(error)
    return ""


def _origin(point: EntryPoint) -> str:
    return f"from {point.dist.name}" if point.dist else f"from {point.value}"


def make_policy(settings: Settings, environment: Environment) -> Policy:
    """Create the policy of a run. Raises RecodeError for an unknown name, PolicyUnavailable if it cannot be
    used.
    """
    match settings.policy:
        case "human":
            return Human()
        case "expert":
            expert = guard.expert(environment, settings.task)
            if expert is None:
                raise PolicyUnavailable(f"{environment.name} has no expert: use another policy")
            return turn_based(expert, settings.agent)
        case demo.NAME:
            return demo.demo_policy(settings, environment, guard.expert(environment, settings.task))
        case _:
            return _declared(settings, environment) or _chat(settings)


def with_prompts(settings: Settings) -> Settings:
    """Add the prompts of the profile to the settings of a new run that has none. Raises RecodeError."""
    if settings.prompts is not None or settings.policy in names():
        return settings
    from recode_core.policies.openai.profile import profiles

    profile = profiles().get(settings.policy)
    if profile is None or not profile.prompts:
        return settings
    folder = config.config_path().parent / Path(profile.prompts).expanduser()
    return msgspec.structs.replace(settings, prompts=load(folder, settings.environment, settings.agent))


def _chat(settings: Settings) -> Policy:
    """The chat model of a profile. Raises RecodeError for an unknown name."""
    from recode_core.policies.openai.chat import chat_of
    from recode_core.policies.openai.profile import profiles

    instead = protocol.sampling_of(settings)
    chat = chat_of(settings.policy, settings.model, settings.sampling, instead)
    if chat is None:
        known = sorted(profiles())
        more = f"; profiles: {', '.join(known)}; add profiles in {config.config_path()}"
        raise unknown_name(
            RecodeError, "policy", settings.policy, (*names(), *known), available(names(), more)
        )
    return chat


def _declared(settings: Settings, environment: Environment) -> Policy | None:
    point = declared(GROUP).get(settings.policy)
    if point is None:
        return None
    make = loaded(point, PolicyUnavailable)
    with calling(f"{point.name} cannot be used: {point.value} gives", PolicyUnavailable):
        made = make(settings, environment) if callable(make) else make
        if not isinstance(made, Policy):
            raise PolicyUnavailable(
                f"{point.name} cannot be used: {point.value} returned a {type(made).__name__}, which does "
                "not implement recode_core.policies.policy.Policy"
            )
    return made
