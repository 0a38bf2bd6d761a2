"""Models that a profile offers, and the choice of one with its temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from recode_core.errors import RecodeError
from recode_tui.home.run_settings import TEMPERATURE, InvalidField

if TYPE_CHECKING:
    from recode_core.policies.openai.profile import Profile

_SERVER_TIMEOUT = 3.0  # seconds for a local server to list its models
_NEIGHBOURS = 3  # models shown on each side of the chosen one


class ModelChoice(msgspec.Struct, frozen=True):
    """The model and sampling of a run; empty values are those of the profile."""

    name: str = ""
    sampling: dict[str, str | float | int] = msgspec.field(default_factory=dict)


class ModelOffer(msgspec.Struct, frozen=True):
    """The models of a profile.

    `models` are those that its local server lists, empty if it does not run or is not local; `first` is the
    first of them that can chat. `missing` says what the profile lacks and how to get it.
    """

    profile: Profile
    models: tuple[str, ...] = ()
    missing: str = ""
    first: str = ""

    @property
    def default(self) -> str:
        """The model used if none is named; empty if unknown."""
        return self.profile.model or self.first

    @property
    def about(self) -> str:
        """The models in one text."""
        return self.profile.model or ", ".join(self.models)

    def step(self, model: str, by: int) -> str:
        """The model that many places after a model in the list, which wraps around."""
        at = self.models.index(model) + by if model in self.models else min(0, by)
        return self.models[at % len(self.models)]

    def neighbours(self, model: str) -> tuple[str, ...]:
        """The models around a model in the list, or the first ones if it is not listed."""
        at = self.models.index(model) if model in self.models else 0
        return self.models[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1]


def read_model(offer: ModelOffer | None, name: str, temperature: str) -> ModelChoice:
    """The choice of a model and a temperature as typed. Raises InvalidField."""
    value = TEMPERATURE.parse(temperature)
    if value is None:
        return ModelChoice(name)
    if offer is not None and offer.profile.is_reasoning_model(model := name or offer.default):
        message = f"{model} is a reasoning model and takes no temperature: leave it empty"
        raise InvalidField(TEMPERATURE.name, message)
    return ModelChoice(name, {"temperature": float(value)})


def find_offer(policy: str) -> ModelOffer | None:
    """The models of a policy, None if it is not a profile. Asks its local server."""
    from recode_core.doctor import model_of
    from recode_core.policies.openai.models import list_models
    from recode_core.policies.openai.profile import profiles

    try:
        profile = profiles().get(policy)
    except RecodeError:  # shown beside the policy
        return None
    if profile is None:
        return None
    if not profile.has_own_server:
        return ModelOffer(profile, missing=model_of(policy, profile, None).missing)
    listing = list_models(policy, profile, seconds=_SERVER_TIMEOUT)
    model = model_of(policy, profile, listing)
    return ModelOffer(profile, model.models or (), model.missing, listing.default)
