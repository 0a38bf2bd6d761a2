"""The numbers of a new run, as they are typed: its limits, the sandbox's seed, a model's temperature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from recode_core.errors import RecodeError
from recode_core.executor.limits import Limits, defaults
from recode_core.interpreter.sessions import SandboxLimits


class BadNumber(RecodeError):
    """What is typed into the `field` is no number that it can have."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Field:
    """A number with what it starts with; only one with an empty default may be left empty, for `none`."""

    name: str
    label: str
    default: str
    least: int = 0
    is_whole: bool = True
    none: str = "no limit"

    def parsed(self, text: str) -> float | int | None:
        """The number, None where it is left empty. Raises BadNumber."""
        text = text.strip()
        if not text and not self.default:
            return None
        try:
            number = int(text) if self.is_whole else float(text)
        except ValueError:
            number = math.nan
        if not self.least <= number < math.inf:
            empty = "" if self.default else f"; leave it empty for {self.none}"
            kind = "a whole number" if self.is_whole else "a number"
            raise BadNumber(self.name, f"{self.label}: {text!r} is not {kind} from {self.least} on{empty}")
        return number


def _limit(
    name: str, label: str = "", least: int = 0, is_whole: bool = True, default: int | None = None
) -> Field:
    start = getattr(Limits(), name) if default is None else default
    return Field(name, label or name, "" if start is None else str(start), least, is_whole)


LIMITS = (
    _limit("depth", least=1),
    _limit("rewrites"),
    _limit("repairs"),
    _limit("episode_repairs", "all repairs", default=defaults().episode_repairs),
    _limit("steps"),
    Field("calls", "calls", "", none=f"{defaults().calls}, and no limit for agents that take turns"),
    _limit("tokens"),
    _limit("cost_usd", "cost $", is_whole=False),
    _limit("seconds", is_whole=False),
    _limit("size_mb", "size MB", is_whole=False),
)
SEED = Field("seed", "seed", str(SandboxLimits().seed))
FIELDS = (*LIMITS, SEED)
TEMPERATURE = Field("temperature", "temperature", "", is_whole=False, none="the profile's")


def limits_of(typed: Mapping[str, str], agent: str) -> Limits:
    """The limits that were typed, for an agent: calls that are not typed are its own. Raises BadNumber."""
    limits = msgspec.convert({field.name: field.parsed(typed[field.name]) for field in LIMITS}, Limits)
    if limits.calls is None:
        limits = msgspec.structs.replace(limits, calls=defaults(agent).calls)
    return limits


def sandbox_of(typed: Mapping[str, str]) -> SandboxLimits:
    """The sandbox with the seed that was typed. Raises BadNumber."""
    return msgspec.convert({"seed": SEED.parsed(typed["seed"])}, SandboxLimits)
