"""What a run may use, and what it has used."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from recode_core.agents.registry import takes_turns
from recode_core.errors import RecodeError
from recode_core.events import ActionFinished, CallFailed, ExpansionReplied, LimitReached
from recode_core.log import Record
from recode_core.values import Amount, Count, Usage, summed


class Limits(msgspec.Struct, frozen=True):
    """Limits that a user can set; None is no limit.

    `depth` counts nested expansions, `rewrites` refused replies of one expansion, `repairs` failures
    of one placeholder, `episode_repairs` those of all placeholders together, `steps` actions, `seconds`
    wall time of the whole run, `size_mb` megabytes (10**6 bytes) of the session's file.
    """

    depth: Annotated[int, msgspec.Meta(ge=1, le=1 << 53)] = 10
    rewrites: Count = 5
    repairs: Count = 2
    steps: Count | None = None
    calls: Count | None = None
    tokens: Count | None = None
    cost_usd: Amount | None = None
    seconds: Amount | None = None
    size_mb: Amount | None = 100.0
    episode_repairs: Count | None = None


def defaults(agent: str = "recode") -> Limits:
    """The limits of a new run of that agent, unless a user sets others.

    They bound what a mistake costs: an episode of ReCode takes at most 60 calls. One of an agent that takes
    turns takes as many as the environment grants steps. Sessions of earlier versions have no such limits.
    """
    return Limits(calls=None if takes_turns(agent) else 60, episode_repairs=10)


@dataclass(slots=True)
class Spent:
    """What a run has used so far. `cost_usd` is None once a price was unknown; `turns` are those of an
    agent that takes them, `repairs` the failures after which the policy was asked again."""

    steps: int = 0
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    score: float = 0.0
    turns: int = 0
    repairs: int = 0

    def add_call(self, usage: Usage) -> None:
        """Count one policy call."""
        self.calls += 1
        self.add(usage)

    def add(self, usage: Usage) -> None:
        """Count what a call took, whether it brought a reply or not."""
        self.tokens += usage.prompt_tokens + usage.completion_tokens
        self.cost_usd = summed(self.cost_usd, usage.cost_usd)


def spent_in(records: Iterable[Record]) -> Spent:
    """The actions and policy calls in some records of a run, with what calls took that brought no reply."""
    spent = Spent()
    for record in records:
        match record.event:
            case ExpansionReplied(by="policy", usage=usage):
                spent.add_call(usage)
            case CallFailed(usage=usage):
                spent.add(usage)
            case ActionFinished():
                spent.steps += 1
    return spent


ENVIRONMENT_STEPS = "environment steps"
"""The name of the limit that is the environment's own."""


LIMITS = (*Limits.__struct_fields__, ENVIRONMENT_STEPS)
"""The names of all limits."""

COUNTED = ("depth", "rewrites", "repairs", "episode_repairs", "steps", "calls", "tokens", ENVIRONMENT_STEPS)
"""The limits that are whole numbers."""

_NEEDED = ("depth", "rewrites", "repairs")


def checked(name: str, value: float | None) -> float | None:
    """The value of a limit, a whole number where it counts something; None is no limit.

    Raises RecodeError for a limit or a value that there can't be.
    """
    if name not in LIMITS:
        raise RecodeError(f"unknown limit {name!r} (available: {', '.join(LIMITS)})")
    if value is None and name not in _NEEDED:
        return None
    least = 1 if name == "depth" else 0
    is_whole = name in COUNTED
    if value is None or not math.isfinite(value) or value < least or (is_whole and value != int(value)):
        kind, given = "whole number" if is_whole else "number", "none" if value is None else f"{value:g}"
        raise RecodeError(f"the limit of {name} is a {kind} from {least}, not {given}")
    return int(value) if is_whole else value


Before = Literal["statement", "call", "repair", "action"]


def reached(
    limits: Limits, spent: Spent, seconds: float, step_limit: int, before: Before, size: int = 0
) -> LimitReached | None:
    """The first limit that stands in the way of what comes next; time and size, of everything.

    Turns are as many as the environment grants steps: an agent that acts in none of them ends, too.
    """
    counted: list[tuple[str, float, float | None]] = []
    if before == "action":
        counted = [("steps", spent.steps, limits.steps), (ENVIRONMENT_STEPS, spent.steps, step_limit)]
    elif before in ("call", "repair"):
        most = limits.episode_repairs if before == "repair" else None
        counted = [
            ("episode_repairs", spent.repairs, most),
            ("calls", spent.calls, limits.calls),
            ("tokens", spent.tokens, limits.tokens),
            ("cost_usd", spent.cost_usd or 0.0, limits.cost_usd),
            (ENVIRONMENT_STEPS, spent.turns, step_limit),
        ]
    counted += [
        ("seconds", round(seconds, 3), limits.seconds),
        ("size_mb", round(size / 1e6, 3), limits.size_mb),
    ]
    for name, value, limit in counted:
        if limit is not None and value >= limit:
            return LimitReached(name, value, limit)
    return None
