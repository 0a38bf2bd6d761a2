"""Time-outs for the answers of a world in a child process."""

from __future__ import annotations

import math
import os

import msgspec

from recode_core.errors import RecodeError

VARIABLE = "RECODE_WORLD_SECONDS"
"""Environment variable that replaces every time-out: a slow machine needs more seconds, a test fewer."""


class WorldTimeouts(msgspec.Struct, frozen=True):
    """Time-outs in seconds: `start` imports the library, `reset` loads a task, `plan` solves it."""

    start: float = 60.0
    reset: float = 60.0
    step: float = 30.0
    plan: float = 300.0


def world_timeouts() -> WorldTimeouts:
    """The user's time-out, or the defaults. Raises RecodeError unless it is a finite number above 0."""
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
