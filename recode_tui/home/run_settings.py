"""Settings of a new run, read from the text of form fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from recode_core.errors import RecodeError
from recode_core.executor.limits import Limits, defaults
from recode_core.interpreter.sessions import SandboxLimits
from recode_core.policies.prompts import Prompts, load


class InvalidField(RecodeError):
    """The text of a form field is invalid; `field` is its id."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class NumberField:
    """A form field for a number of at least `least`.

    It can be left empty if its default is empty; `none` says what that means.
    """

    name: str
    label: str
    default: str
    least: int = 0
    is_whole: bool = True
    none: str = "no limit"

    def parse(self, text: str) -> float | int | None:
        """The number, None if the field is empty. Raises InvalidField."""
        text = text.strip()
        if not text and not self.default:
            return None
        try:
            number = int(text) if self.is_whole else float(text)
        except ValueError:
            number = math.nan
        if not self.least <= number < math.inf:
            kind = "a whole number" if self.is_whole else "a number"
            empty = "" if self.default else f"; leave it empty for {self.none}"
            raise InvalidField(
                self.name, f"{self.label}: {text!r} is not {kind} of at least {self.least}{empty}"
            )
        return number


def _limit(
    name: str, label: str = "", least: int = 0, is_whole: bool = True, default: int | None = None
) -> NumberField:
    start = getattr(Limits(), name) if default is None else default
    return NumberField(name, label or name, "" if start is None else str(start), least, is_whole)


LIMITS = (
    _limit("depth", least=1),
    _limit("rewrites"),
    _limit("repairs"),
    _limit("episode_repairs", "all repairs", default=defaults().episode_repairs),
    _limit("steps"),
    NumberField("calls", "calls", "", none=f"{defaults().calls}, and no limit for agents that take turns"),
    _limit("tokens"),
    _limit("cost_usd", "cost $", is_whole=False),
    _limit("seconds", is_whole=False),
    _limit("size_mb", "size MB", is_whole=False),
)
SEED = NumberField("seed", "seed", str(SandboxLimits().seed))
NUMBERS = (*LIMITS, SEED)
TEMPERATURE = NumberField("temperature", "temperature", "", is_whole=False, none="the profile's")


def read_limits(typed: Mapping[str, str], agent: str) -> Limits:
    """The limits of a run; an empty limit of calls is the agent's default. Raises InvalidField."""
    limits = msgspec.convert({field.name: field.parse(typed[field.name]) for field in LIMITS}, Limits)
    if limits.calls is None:
        limits = msgspec.structs.replace(limits, calls=defaults(agent).calls)
    return limits


def read_sandbox(typed: Mapping[str, str]) -> SandboxLimits:
    """The sandbox limits of a run, with its seed. Raises InvalidField."""
    return msgspec.convert({"seed": SEED.parse(typed["seed"])}, SandboxLimits)


def read_prompts(typed: str, environment: str, agent: str) -> Prompts:
    """The prompts in a folder. Raises InvalidField."""
    try:
        return load(Path(typed).expanduser(), environment, agent)
    except RecodeError as error:
        raise InvalidField("prompts", str(error)) from None
