"""The policy that the settings name: the environment's expert, a person, a model, or another package's."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import msgspec

from recode_core import protocol
from recode_core.entry_points import declared, loaded
from recode_core.entry_points.calls import calling
from recode_core.environments import guard
from recode_core.environments.environment import Environment
from recode_core.errors import PolicyUnavailable, RecodeError
from recode_core.experts import in_turns
from recode_core.policies.human import Human
from recode_core.policies.policy import Policy
from recode_core.policies.prompts import load
from recode_core.session import Settings

GROUP = "recode.policies"
"""The group of entry points by which a package brings policies: name = "module:factory".

The factory is called with the `Settings` and the `Environment`, and gives the `Policy`.
"""


def names() -> tuple[str, ...]:
    """What the policies are called, of those too that can't be had here."""
    return tuple(dict.fromkeys(("expert", "human", *declared(GROUP))))


def of_packages() -> dict[str, str]:
    """The policies of other packages by name, each with where it comes from. None of them is imported."""
    return {name: _origin(point) for name, point in declared(GROUP).items()}


def missing(name: str) -> str:
    """Why a policy of another package cannot be loaded; empty where it can be."""
    point = declared(GROUP).get(name)
    if point is not None:
        try:
            loaded(point, PolicyUnavailable)
        except PolicyUnavailable as error:
            return str(error)
    return ""


def _origin(point: EntryPoint) -> str:
    return f"from {point.dist.name}" if point.dist else f"from {point.value}"


def policy_of(settings: Settings, home: Environment) -> Policy:
    """The policy of a run. Raises RecodeError with those there are, or PolicyUnavailable with what to do."""
    match settings.policy:
        case "human":
            return Human()
        case "expert":
            expert = guard.expert(home, settings.task)
            if expert is None:
                raise PolicyUnavailable(f"{home.name} has no expert: choose another policy")
            return in_turns(expert, settings.agent)
        case _:
            return _declared(settings, home) or _chat(settings)


def with_prompts(settings: Settings) -> Settings:
    """The settings of a new run, with the prompts of its profile where it names none. Raises RecodeError."""
    if settings.prompts is not None or settings.policy in names():
        return settings
    from recode_core.policies.openai.profile import config_path, profiles

    profile = profiles().get(settings.policy)
    if profile is None or not profile.prompts:
        return settings
    folder = config_path().parent / Path(profile.prompts).expanduser()
    return msgspec.structs.replace(settings, prompts=load(folder, settings.environment, settings.agent))


def _chat(settings: Settings) -> Policy:
    """The chat model of a profile. Raises RecodeError with all that there is."""
    from recode_core.policies.openai.chat import chat_of
    from recode_core.policies.openai.profile import config_path, profiles

    instead = protocol.sampling_of(settings)
    chat = chat_of(settings.policy, settings.model, settings.sampling, instead)
    if chat is None:
        *others, last = names()
        raise RecodeError(
            f"no policy is called {settings.policy!r}; there are {', '.join(others)} and {last}, and the "
            f"profiles {', '.join(sorted(profiles()))}; {config_path()} can have more"
        )
    return chat


def _declared(settings: Settings, home: Environment) -> Policy | None:
    point = declared(GROUP).get(settings.policy)
    if point is None:
        return None
    make = loaded(point, PolicyUnavailable)
    with calling(f"{point.name} cannot be used: {point.value} gives", PolicyUnavailable):
        made = make(settings, home) if callable(make) else make
        if not isinstance(made, Policy):
            raise PolicyUnavailable(
                f"{point.name} cannot be used: {point.value} makes a {type(made).__name__}, which is no "
                "policy as recode_core.policies.policy describes them"
            )
    return made
