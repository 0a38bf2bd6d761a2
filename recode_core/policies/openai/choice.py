"""The policy of a run, by the name of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from recode_core.decoding import in_plain_words
from recode_core.errors import RecodeError
from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.config import profiles
from recode_core.policies.openai.keys import key_of
from recode_core.policies.openai.profile import is_recorded
from recode_core.policies.openai.servers import with_model


def chat_of(
    name: str,
    model: str,
    sampling: Mapping[str, str | float | int],
    instead: Mapping[str, str | float] = MappingProxyType({}),
) -> Chat | None:
    """A chat model as the profile of that name has it, or None where there is no such profile.

    `model` and `sampling` are what the run says of its own: wishes, or all that a recorded run was asked
    with; only the key, which may be missing then, and the patience are today's. A new run has what is
    `instead` in place of the profile's own sampling. Raises RecodeError.
    """
    home = profiles().get(name)
    if home is None:
        return None
    if not is_recorded(sampling):
        home = msgspec.structs.replace(home, **instead)
    try:
        profile = home.asked_as(model, sampling)
    except ValueError as error:
        raise RecodeError(f"the policy {name} can't be asked so: {in_plain_words(error)}") from None
    profile = with_model(name, profile, home.base_url)
    wish = sampling.get("temperature")
    if wish is not None and profile.reasons(profile.model):
        raise RecodeError(f"{profile.model} reasons and takes no temperature: leave out --temperature")
    if not is_recorded(sampling):
        key_of(name, profile, home.base_url)
    return Chat(profile, name, home.base_url)
