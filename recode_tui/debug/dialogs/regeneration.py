"""The parameters of a request for another expansion, and their parsers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from recode_core.debugger.rollouts import RolloutSteps


class Regeneration(msgspec.Struct, frozen=True):
    """One new expansion, or several `candidates`, each executed for `rollout` steps.

    An empty or None hint, model or temperature leaves the value to the policy.
    """

    node: str
    hint: str = ""
    model: str = ""
    temperature: float | None = None
    candidates: int = 1
    rollout: RolloutSteps = 0


def read_temperature(text: str) -> float | None:
    """Parse a temperature; an empty text is None. Raises ValueError."""
    if not text:
        return None
    try:
        temperature = float(text)
    except ValueError:
        temperature = math.nan
    if not 0 <= temperature < math.inf:
        raise ValueError(f"{text!r} is not a number from 0 on")
    return temperature


def read_candidates(text: str) -> int:
    """Parse a positive integer. Raises ValueError."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def read_rollout(text: str) -> RolloutSteps:
    """Parse a number of actions, or "end". Raises ValueError."""
    if text == "end":
        return "end"
    if not text.isdecimal():
        raise ValueError(f"{text!r} is neither a whole number nor end")
    return int(text)
