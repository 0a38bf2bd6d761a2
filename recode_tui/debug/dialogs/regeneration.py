"""What is filled in to request another expansion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from recode_core.debugger.rollouts import RolloutSteps


class Regeneration(msgspec.Struct, frozen=True):
    """One new expansion, or several `candidates`, each followed as far as `rollout` says.

    Empty and None leave hint, model and temperature to the policy.
    """

    node: str
    hint: str = ""
    model: str = ""
    temperature: float | None = None
    candidates: int = 1
    rollout: RolloutSteps = 0


def read_temperature(text: str) -> float | None:
    """None where nothing is written. Raises ValueError."""
    if not text:
        return None
    try:
        temperature = float(text)
    except ValueError:
        temperature = math.nan
    if not 0 <= temperature < math.inf:
        raise ValueError(f"{text!r} is no number from 0 on")
    return temperature


def read_candidates(text: str) -> int:
    """A number from 1 on. Raises ValueError."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{text!r} is no whole number from 1 on")
    return int(text)


def read_rollout(text: str) -> RolloutSteps:
    """So many actions, or to the end. Raises ValueError."""
    if text == "end":
        return "end"
    if not text.isdecimal():
        raise ValueError(f"{text!r} is neither a whole number nor end")
    return int(text)
