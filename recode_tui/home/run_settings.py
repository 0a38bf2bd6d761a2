"""Settings of a new run, read from the text of form fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
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


class NumberField(msgspec.Struct, frozen=True):
    """A form field for a number of at least `least`.

    It can be left empty if its default is empty; `none` says what that means. `about` explains the number.
    """

    name: str
    label: str
    default: str
    about: str
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
    name: str,
    about: str,
    label: str = "",
    least: int = 0,
    is_whole: bool = True,
    default: int | None = None,
) -> NumberField:
    start = getattr(Limits(), name) if default is None else default
    return NumberField(name, label or name, "" if start is None else str(start), about, least, is_whole)


LIMITS = (
    _limit("depth", "Levels of nested placeholders; a placeholder below them fails", least=1),
    _limit("rewrites", "New requests after a refused reply, for each expansion"),
    _limit("repairs", "New requests after a failure, for each placeholder"),
    _limit(
        "episode_repairs",
        "New requests after failures, in the whole run; empty: no limit",
        "all repairs",
        default=defaults().episode_repairs,
    ),
    _limit("steps", "Actions in the environment; empty: the environment's own limit"),
    NumberField(
        "calls",
        "calls",
        "",
        f"Calls of the policy; empty: {defaults().calls}, none for agents that take turns",
        none=f"{defaults().calls}, and no limit for agents that take turns",
    ),
    _limit("tokens", "Tokens of all prompts and replies together; empty: no limit"),
    _limit("cost_usd", "US dollars for all calls together; empty: no limit", "cost $", is_whole=False),
    _limit("seconds", "Seconds that the whole run may take; empty: no limit", is_whole=False),
    _limit(
        "size_mb", "Megabytes that the session's file may have; empty: no limit", "size MB", is_whole=False
    ),
)
SEED = NumberField("seed", "seed", str(SandboxLimits().seed), "The start of random numbers in the code")
NUMBERS = (*LIMITS, SEED)
TEMPERATURE = NumberField(
    "temperature",
    "temperature",
    "",
    "The sampling temperature; empty: the profile's",
    is_whole=False,
    none="the profile's",
)
ABOUT: dict[str, str] = {
    "environment": "The environment, in which the agent acts; enter opens the list",
    "task": "The task: type to search or write an id; down goes to the list",
    "agent": "The way in which the policy is asked; enter opens the list",
    "policy": "The source of the code: expert, human or model; enter opens the list",
    "model": "Another model of this profile; empty: the one that is shown",
    "prompts": "A folder with prompts of your own; empty: the bundled ones",
    **{field.name: field.about for field in (*NUMBERS, TEMPERATURE)},
}
"""One line about each field of a new run, by its id."""


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
