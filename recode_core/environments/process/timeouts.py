"""How long a world in a process of its own may take for an answer."""

from __future__ import annotations

import math
import os

import msgspec

from recode_core.errors import RecodeError

VARIABLE = "RECODE_WORLD_SECONDS"
"""Stands for every time-out where it is set: a slow machine needs more, a test less."""


class WorldTimeouts(msgspec.Struct, frozen=True):
    """Seconds. `start` is for the library's import, `reset` for a task's loading, `plan` for its solving."""

    start: float = 60.0
    reset: float = 60.0
    step: float = 30.0
    plan: float = 300.0


def world_timeouts() -> WorldTimeouts:
    """What the user wants, or the defaults. Raises RecodeError for what is no number of seconds."""
    given = os.environ.get(VARIABLE)
    if given is None:
        return WorldTimeouts()
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise RecodeError(f"{VARIABLE} is a number of seconds above 0, not {given!r}")
    return WorldTimeouts(seconds, seconds, seconds, seconds)
