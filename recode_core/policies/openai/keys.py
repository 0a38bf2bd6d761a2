"""Keys: from the environment only, and never in anything that is written or shown."""

from __future__ import annotations

import os
import re

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.mask import Mask
from recode_core.policies.openai.profile import Profile


class Key:
    """A key, which no `repr` shows. One that is empty is false."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """The key itself, for the header of a request."""
        return self._value


def mask_of(profile: Profile, key: Key) -> Mask:
    """What takes the key, and the profile's secret headers, out of what a server sends."""
    return Mask((key.reveal(), *profile.secret_headers.values()))


def key_of(name: str, profile: Profile, home: str) -> Key:
    """The key to send, an empty one where none is needed. `home` is the base URL that the key belongs to.

    A session says which endpoint it was recorded with, and anybody can have written it: a key goes to its
    own endpoint, or to this machine, and nowhere else; so do headers. Raises PolicyUnavailable.
    """
    if profile.base_url.rstrip("/") != home.rstrip("/") and not profile.is_loopback:
        _check_stays(profile, home)
    if not profile.key:
        return Key("")
    value = os.environ.get(profile.key, "").strip()
    if not value and not profile.local and not profile.is_loopback:
        raise PolicyUnavailable(f"{name} needs a key: put it into the environment variable {profile.key}")
    if not re.fullmatch(r"[!-~]*", value):
        value = ""  # no traceback shows it
        raise PolicyUnavailable(
            f"the value of {profile.key} is no key, it has blanks or other characters in it: set it anew"
        )
    return Key(value)


def _check_stays(profile: Profile, home: str) -> None:
    """Raise PolicyUnavailable where a secret would go to another endpoint than its own."""
    secret = f"the key in {profile.key} goes" if profile.key else ""
    if headers := ", ".join(profile.secret_headers):
        secret = secret or f"what the profile sends as {headers} goes"
    if secret:
        raise PolicyUnavailable(
            f"{secret} to {home} only, not to {profile.base_url}: for that endpoint "
            "write a profile of your own, [profiles.NAME] with base_url and key in config.toml"
        )
