"""Keys: from the environment only, and never in anything that is written or shown."""

from __future__ import annotations

import os
import re

from recode_core.errors import PolicyUnavailable
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

    def out_of(self, text: str) -> str:
        """`text` without the key, should a server have repeated it."""
        return text.replace(self._value, "(the key)") if self._value else text


def key_of(name: str, profile: Profile, home: str) -> Key:
    """The key to send, an empty one where none is needed. `home` is the base URL that the key belongs to.

    A session says which endpoint it was recorded with, and anybody can have written it: a key goes to its
    own endpoint, or to this machine, and nowhere else. Raises PolicyUnavailable.
    """
    if not profile.key:
        return Key("")
    if profile.base_url.rstrip("/") != home.rstrip("/") and not profile.is_loopback:
        raise PolicyUnavailable(
            f"the key in {profile.key} goes to {home} only, not to {profile.base_url}: for that endpoint "
            "write a profile of your own, [profiles.NAME] with base_url and key in config.toml"
        )
    value = os.environ.get(profile.key, "").strip()
    if not value and not profile.local and not profile.is_loopback:
        raise PolicyUnavailable(f"{name} needs a key: put it into the environment variable {profile.key}")
    if not re.fullmatch(r"[!-~]*", value):
        value = ""  # no traceback shows it
        raise PolicyUnavailable(
            f"the value of {profile.key} is no key, it has blanks or other characters in it: set it anew"
        )
    return Key(value)
