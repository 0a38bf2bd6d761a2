"""Environments by name; each is imported when it is first asked for."""

from __future__ import annotations

import functools
import importlib

from recode_core.environments.environment import Environment
from recode_core.errors import RecodeError

_WHERE = {"household": "recode_core.environments.household:Household"}


def names() -> tuple[str, ...]:
    """What the environments are called, of those too that can't be had here."""
    return tuple(_WHERE)


@functools.cache
def environment(name: str) -> Environment:
    """The environment of that name. Raises RecodeError with those there are."""
    if name not in _WHERE:
        raise RecodeError(f"no environment is called {name!r}; there is {', '.join(sorted(_WHERE))}")
    module, _, attribute = _WHERE[name].partition(":")
    found: Environment = getattr(importlib.import_module(module), attribute)()
    return found
